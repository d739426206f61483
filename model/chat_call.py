"""One call of a chat server over HTTP, in a thread of its own, so that no hanging socket can hold up who waits.

The standard library's client on purpose: it follows no redirect and asks no proxy, so a customer's words reach the
address that the owner named and no other. A socket's own time limit counts from byte to byte, and a server that sends
a byte a second would never meet it; here the reader's clock decides.
"""

import http.client
import json
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from model.chat_reply import MalformedReply, deltas, message

LONGEST_LINE = 65_536
MOST_BYTES = 1_000_000
"""Of one answer; an endless one ends here."""


class CallFailed(Exception):
    """The call brought no reply, or only a part of it. The message holds neither the customer's words nor the key."""

    def __init__(self, why: str, *, again: bool = True, status: int = 0) -> None:
        super().__init__(why)
        self.again = again
        """Whether another try may do better."""
        self.status = status
        """Of HTTP; 0 where none came."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where chat completions are made."""

    url: str
    """Up to and without `/chat/completions`: `http://127.0.0.1:8000/v1`."""
    model: str
    key: str = field(default="", repr=False)

    @property
    def parts(self) -> SplitResult:
        return urlsplit(f"{self.url.rstrip('/')}/chat/completions")


class Call:
    """A call under way. Iterate over `texts`, and `close` it in any case."""

    def __init__(self, address: Address, payload: Mapping[str, Any], *, seconds: float) -> None:
        """Begin the call.

        Args:
            seconds: after which the call is over, whatever has come.
        """
        self._address, self._seconds = address, seconds
        self._body = json.dumps({"model": address.model, **payload}).encode()
        self._end = time.monotonic() + seconds
        self._pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        self._socket: socket.socket | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="chat-call", daemon=True)
        self._thread.start()

    def texts(self, first_seconds: float) -> Iterator[str]:
        """The pieces of the reply as they come; the first within `first_seconds` from now.

        Raises:
            CallFailed: it failed, or took too long.
        """
        limit = min(self._end, time.monotonic() + first_seconds)
        while True:
            try:
                piece = self._pieces.get(timeout=max(0.0, limit - time.monotonic()))
            except queue.Empty:
                raise CallFailed("it took too long", again=False) from None
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            if piece:
                limit = self._end
                yield piece

    def close(self) -> None:
        """End the call, and with it what the server may still be writing."""
        self._closed.set()
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it is closed already

    @property
    def alive(self) -> bool:
        """Whether its thread still runs: a closed call's may, while a name is looked up."""
        return self._thread.is_alive()

    def _work(self) -> None:
        try:
            self._exchange()
            self._pieces.put(None)
        except CallFailed as failure:
            self._pieces.put(failure)
        except MalformedReply as error:
            self._pieces.put(CallFailed(f"no chat completion: {error}"))
        except Exception as error:
            self._pieces.put(CallFailed(f"{type(error).__name__}: {_plainly(error)}"))

    def _exchange(self) -> None:
        connection = _connection(self._address.parts, self._seconds)
        try:
            connection.connect()
            self._socket = connection.sock
            if self._closed.is_set():
                return
            connection.request("POST", self._address.parts.path, self._body, self._headers())
            with connection.getresponse() as response:
                self._read(response)
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        known = {"Content-Type": "application/json", "Accept": "text/event-stream, application/json"}
        return known | ({"Authorization": f"Bearer {self._address.key}"} if self._address.key else {})

    def _read(self, response: http.client.HTTPResponse) -> None:
        if 300 <= response.status < 400:
            raise CallFailed(f"HTTP {response.status}: redirects are not followed", again=False, status=response.status)
        if response.status != 200:
            again = response.status in (408, 429) or response.status >= 500
            raise CallFailed(f"HTTP {response.status}", again=again, status=response.status)
        if "json" in (response.headers.get_content_type() or ""):
            body = response.read(MOST_BYTES + 1)
            if len(body) > MOST_BYTES:
                raise CallFailed("an endless answer", again=False)
            self._pieces.put(message(body))
            return
        for piece in deltas(_lines(response)):
            self._pieces.put(piece)


def _lines(response: http.client.HTTPResponse) -> Iterator[bytes]:
    read = 0
    while line := response.readline(LONGEST_LINE):
        read += len(line)
        if read > MOST_BYTES:
            raise CallFailed("an endless answer", again=False)
        yield line


def _connection(parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=seconds, context=context)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)


def _plainly(error: Exception) -> str:
    """What the system says, in one line; a server's own words may repeat what it was sent, so they are left out."""
    if isinstance(error, OSError):
        return (error.strerror or "no connection")[:120]
    return "the connection broke"
