"""The same payloads over signed HTTP, for an app that has a request URL instead of a Socket Mode connection."""

import asyncio
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode

from .socket_mode import ACK_SECONDS, Unanswered
from .state import Json

RETRY_AFTER = (0.0, 1.0, 5.0)
"""Seconds before the first, second and third retry (Slack takes its time: at once, a minute, five minutes)."""


class HttpMode:
    """Takes the place of SocketMode for delivery: `ask`, `event` and `close` as there."""

    def __init__(self, request_url: str, signing_secret: str, ack_seconds: float = ACK_SECONDS) -> None:
        self.request_url = request_url
        self.ack_seconds = ack_seconds
        self._secret = signing_secret.encode()
        self._tasks: set[asyncio.Task[None]] = set()

    def signature(self, timestamp: str, body: str) -> str:
        """Version 0 of Slack's request signing: HMAC-SHA256 over `v0:timestamp:body`."""
        return "v0=" + hmac.new(self._secret, f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()

    def _post(self, kind: str, payload: Json, retry: int) -> Json:
        if kind == "events_api":
            body, content = json.dumps(payload, ensure_ascii=False), "application/json"
        else:
            fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload, ensure_ascii=False)}
            flat = {name: str(value).lower() if isinstance(value, bool) else value for name, value in fields.items()}
            body = urlencode(flat)
            content = "application/x-www-form-urlencoded"
        now = str(int(time.time()))
        headers = {"Content-Type": content, "X-Slack-Request-Timestamp": now}
        headers["X-Slack-Signature"] = self.signature(now, body)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        request = urllib.request.Request(self.request_url, body.encode(), headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=self.ack_seconds) as response:
            return _answer(response.read().decode(), response.headers.get_content_type())

    async def ask(self, kind: str, payload: Json, retry: int = 0) -> Json:
        """What the app answered with. Raises Unanswered."""
        try:
            return await asyncio.to_thread(self._post, kind, payload, retry)
        except (OSError, urllib.error.URLError, ValueError) as error:
            raise Unanswered(str(error)) from error

    def event(self, payload: Json) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, payload: Json) -> None:
        for retry, pause in enumerate((0.0, *RETRY_AFTER)):
            await asyncio.sleep(pause)
            try:
                await self.ask("events_api", payload, retry)
                return
            except Unanswered:
                continue

    def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()


def _answer(body: str, kind: str) -> Json:
    """The body as an acknowledgement's payload: JSON as it is, plain text as a message."""
    if not body.strip():
        return {}
    if kind == "application/json":
        data = json.loads(body)
        return data if isinstance(data, dict) else {}
    return {"text": body}
