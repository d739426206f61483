"""A small real chat server on loopback that behaves as it is told: it streams, hangs, fails, floods and lies."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TRUE = "You can return an item within 30 days of delivery."


@dataclass
class ChatServer:
    """Use it as a context. `mode` is read for each request; `reply` is what it says."""

    reply: str = TRUE
    mode: str = "stream"
    seen: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of the requests, oldest first."""
    keys: list[str] = field(default_factory=list)
    script: list[str] = field(default_factory=list)
    """Modes of the next requests; then `mode`."""
    release: threading.Event = field(default_factory=threading.Event)
    """Set at the end, so that nothing hangs on."""
    broken_off: threading.Event = field(default_factory=threading.Event)
    """Set when a client hung up while it was being written to."""

    def __enter__(self) -> "ChatServer":
        chat = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                chat._answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, asked: BaseHTTPRequestHandler) -> None:
        body = json.loads(asked.rfile.read(int(asked.headers["Content-Length"])))
        self.seen.append({**body, "path": asked.path})
        self.keys.append(asked.headers.get("Authorization", ""))
        asked.close_connection = True
        mode = self.script.pop(0) if self.script else self.mode
        try:
            self._serve(asked, mode, body)
        except OSError:
            self.broken_off.set()

    def _serve(self, asked: BaseHTTPRequestHandler, mode: str, body: dict[str, Any]) -> None:
        if mode == "hang":
            self.release.wait(30)
        elif mode.isdigit():
            self._send(asked, int(mode), b'{"error": {"message": "Mia asked for secrets"}}')
        elif mode == "redirect":
            asked.send_response(307)
            asked.send_header("Location", self.url + "/elsewhere/chat/completions")
            asked.send_header("Content-Length", "0")
            asked.end_headers()
        elif mode == "reset":
            asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            asked.connection.close()
        elif mode == "no json":
            self._send(asked, 200, b"<html>Welcome to our gateway</html>", "application/json")
        elif mode == "page":
            self._send(asked, 200, b"<html>Welcome to our gateway</html>", "text/html")
        elif mode == "wrong shape":
            self._send(asked, 200, b'{"choices": "none today"}')
        elif mode == "no streaming" and body.get("stream"):
            self._send(asked, 400, b'{"error": {"message": "stream is not supported"}}')
        elif mode in ("whole", "no streaming"):
            said = {"role": "assistant", "content": self.reply}
            self._send(asked, 200, json.dumps({"choices": [{"message": said, "finish_reason": "stop"}]}).encode())
        else:
            self._stream(asked, mode)

    def _stream(self, asked: BaseHTTPRequestHandler, mode: str) -> None:
        asked.send_response(200)
        asked.send_header("Content-Type", "text/event-stream; charset=utf-8")
        asked.end_headers()
        for event in self._events(mode):
            asked.wfile.write(event.encode())
            asked.wfile.flush()

    def _events(self, mode: str) -> Iterator[str]:
        yield ": hello\n\n" + chunk({"role": "assistant"})
        words = re.findall(r"\S+\s*", self.reply)
        if mode == "error inside":
            yield from (chunk({"content": words[0]}), 'data: {"error": {"message": "out of memory"}}\n\n')
            return
        if mode == "garbage":
            yield from (chunk({"content": words[0]}), "data: {not json\n\n")
            return
        if mode in ("trickle", "comments"):
            for _ in range(600):
                yield "\n" if mode == "comments" else chunk({"content": ""})
                if self.release.wait(0.05):
                    return
        for number, word in enumerate(words):
            yield chunk({"content": word})
            if mode == "cut" and number == len(words) // 2:
                return
        if mode == "stalls":
            self.release.wait(30)
        while mode == "endless" and not self.release.is_set():
            yield chunk({"content": "and so on "})
        yield chunk({}, "stop") + "data: [DONE]\n\n"

    def _send(self, asked: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "application/json") -> None:
        asked.send_response(status)
        asked.send_header("Content-Type", kind)
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)


def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
    """One event of a stream, as vLLM and llama.cpp write it."""
    document = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return f"data: {json.dumps(document)}\n\n"
