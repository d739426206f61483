"""A workspace, a real Bolt app on it, and people's hands."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.workspace.hands import Hands
from bot.workspace.server import Server


@pytest.fixture
def ws() -> Iterator[Server]:
    with Server() as server:
        yield server


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
