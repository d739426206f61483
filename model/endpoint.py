"""Writes replies at an OpenAI-compatible endpoint instead of in this process. Loads no torch.

The other `Writer` beside `generator.py`, behind the same check: nothing that an endpoint says is trusted. It may hang,
fail, flood or lie; then `stream` raises `GeneratorUnavailable` in time, and the caller has its approved text.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from model.breaker import Breaker, RetryBudget
from model.chat_call import Address, Call, CallFailed
from model.chat_reply import visible
from model.prompt import Draft, messages
from model.responder import GeneratorUnavailable
from model.sentence_stream import complete

REFUSES_OPTIONS = (400, 404, 405, 415, 422, 501)
"""What servers answer that do not stream, or do not know a field."""
LONGEST = 4000
"""Characters of one reply; what comes after is not read."""
AT_ONCE = 4
"""Calls under way; further replies do without."""
RETRY_AFTER = 0.2
"""Seconds before a second try."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, and how often."""

    first_seconds: float = 5.0
    """Until the first words."""
    seconds: float = 12.0
    """For the whole reply, second tries included."""
    retries_per_minute: int = 6
    failures: int = 3
    """In a row, after which the endpoint is left alone."""
    pause: float = 30.0
    """Seconds for which it is then left alone."""
    sentences: int = 4
    tokens: int = 160


class EndpointWriter:
    """One endpoint. Thread-safe; replies are written side by side."""

    def __init__(self, address: Address, patience: Patience | None = None, breaker: Breaker | None = None) -> None:
        self.address = address
        self.patience = patience or Patience()
        self.breaker = breaker or Breaker(self.patience.failures, self.patience.pause)
        self.version = f"endpoint:{address.model}"
        self.tokens_written = 0
        """Pieces that came; most servers send one a token."""
        self.seconds_writing = 0.0
        self._budget = RetryBudget(self.patience.retries_per_minute)
        self._plain = False
        """Whether the server refuses streaming or sampling options."""
        self._under_way: list[Call] = []
        self._lock = threading.Lock()

    def stream(self, draft: Draft) -> Iterator[str]:
        """The reply's sentences, each as soon as it is complete.

        Raises:
            GeneratorUnavailable: it failed, took too long, is left alone for a while, or is busy.
        """
        if self._busy():
            raise GeneratorUnavailable(f"{AT_ONCE} replies are being written at the endpoint")
        if not self.breaker.allow():
            raise GeneratorUnavailable("the endpoint failed several times in a row and is left alone for a while")
        outcome = self.breaker.failed
        begun = time.monotonic()
        try:
            for sentence in complete(self._texts(draft, begun + self.patience.seconds), self.patience.sentences):
                outcome = self.breaker.succeeded  # its words came; that the caller may stop here is no failure of it
                yield sentence
            outcome = self.breaker.succeeded
        except CallFailed as failure:
            outcome = self.breaker.failed
            raise GeneratorUnavailable(f"the endpoint gave no reply: {failure}") from None
        finally:
            self.seconds_writing += time.monotonic() - begun
            outcome()

    def write(self, draft: Draft) -> str:
        """The whole reply at once."""
        return " ".join(self.stream(draft))

    def _texts(self, draft: Draft, end: float) -> Iterator[tuple[str, bool]]:
        """What is written so far, after each piece; tries again where that may help and nothing was given out yet."""
        text = ""
        while True:
            try:
                for piece in self._pieces(draft, end):
                    text += piece
                    if len(text) > LONGEST:
                        return
                    yield visible(text), False
                yield visible(text).rstrip(), True
                return
            except CallFailed as failure:
                if text or not self._may_retry(failure, end):
                    raise
            time.sleep(RETRY_AFTER)

    def _may_retry(self, failure: CallFailed, end: float) -> bool:
        if failure.status in REFUSES_OPTIONS:
            # Once in the other form; if that is refused too, it was not the form.
            self._plain = not self._plain
            return self._plain and self._budget.take()
        in_time = time.monotonic() + RETRY_AFTER < end
        return failure.again and in_time and self._budget.take()

    def _pieces(self, draft: Draft, end: float) -> Iterator[str]:
        left = end - time.monotonic()
        plain = self._plain
        call = self._begin(self._payload(draft, plain=plain), left)
        try:
            for piece in call.texts(left if plain else self.patience.first_seconds):
                self.tokens_written += 1
                yield piece
        finally:
            call.close()

    def _begin(self, payload: dict[str, Any], seconds: float) -> Call:
        call = Call(self.address, payload, seconds=seconds)
        with self._lock:
            self._under_way.append(call)
        return call

    def _busy(self) -> bool:
        with self._lock:
            self._under_way = [call for call in self._under_way if call.alive]
            return len(self._under_way) >= AT_ONCE

    def _payload(self, draft: Draft, *, plain: bool) -> dict[str, Any]:
        """What is sent: in the plain form only what every server knows."""
        said = {"messages": messages(draft)}
        if plain:
            return {**said, "stream": False}
        return {**said, "stream": True, "temperature": 0, "max_tokens": self.patience.tokens}
