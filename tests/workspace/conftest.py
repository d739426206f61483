"""A workspace, a real Bolt app on it, and people's hands."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.workspace.hands import Hands
from bot.workspace.server import Server

from .browsing import MANIFEST, chrome, open_page
from .small_app import small_app


@pytest.fixture
def ws(request: pytest.FixtureRequest) -> Iterator[Server]:
    """For the tests of the page with the bot's manifest, whose commands and shortcuts it shows."""
    paged = request.node.get_closest_marker("browser") is not None
    with Server(manifest=MANIFEST if paged else None) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chrome() as one:
        yield one


@pytest.fixture
def page(
    browser: Browser, ws: Server, client: WebClient, connected: Callable[[App], SocketModeHandler]
) -> Iterator[Page]:
    """The page with the small app connected; no script error may have happened at the end."""
    connected(small_app(client))
    one = open_page(browser, ws.url)
    yield one
    assert one.problems == []  # type: ignore[attr-defined]
    one.context.close()


@pytest.fixture
def client(ws: Server) -> WebClient:
    return WebClient(token=ws.bot_token, base_url=ws.api_url)


@pytest.fixture
def hands(ws: Server) -> Iterator[Callable[[str], Hands]]:
    """hands("U0MIA") -> that person's hands, put away at the end."""
    with ExitStack() as stack:
        yield lambda user: stack.enter_context(Hands(ws, user))


def bolt(client: WebClient) -> App:
    return App(client=client)


@pytest.fixture
def connected(ws: Server) -> Iterator[Callable[[App], SocketModeHandler]]:
    """connected(app) opens its Socket Mode connection; closed at the end, in the background (the client takes 3 s)."""
    handlers: list[SocketModeHandler] = []

    def open_one(app: App) -> SocketModeHandler:
        handler = SocketModeHandler(app, ws.app_token)
        handlers.append(handler)
        handler.connect()
        return handler

    yield open_one
    for handler in handlers:
        handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
        threading.Thread(target=handler.close, daemon=True).start()


@pytest.fixture
def mia(ws: Server) -> Iterator[Hands]:
    with Hands(ws, "U0MIA") as person:
        yield person


class Recorder:
    """A bot that acknowledges everything and keeps it."""

    def __init__(self, ws: Server, client: WebClient) -> None:
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self.answer: dict[str, Any] | None = None
        """Sent with each acknowledgement that may carry a payload."""
        self._socket = SocketModeClient(app_token=ws.app_token, web_client=client)
        self._socket.socket_mode_request_listeners.append(self._hear)
        self._socket.connect()

    def _hear(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        payload = self.answer if request.accepts_response_payload else None
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=payload))
        self.heard.put(request.payload)

    def next(self) -> dict[str, Any]:
        return self.heard.get(timeout=5)

    def close(self) -> None:
        self._socket.auto_reconnect_enabled = self._socket.default_auto_reconnect_enabled = False
        threading.Thread(target=self._socket.close, daemon=True).start()


@pytest.fixture
def recorder(ws: Server, client: WebClient) -> Iterator[Recorder]:
    found = Recorder(ws, client)
    yield found
    found.close()
