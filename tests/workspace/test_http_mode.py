"""The same app behind a request URL: Bolt checks the signatures by itself."""

import socketserver
import threading
import wsgiref.simple_server
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.workspace.hands import Hands, HandsError
from bot.workspace.http_mode import HttpMode
from bot.workspace.server import Server

from .test_conversation import command_and_shortcut, order, shop


class Threads(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def web() -> Iterator[Threads]:
    """A web server without an app yet, so that the workspace can be told its address first."""
    with Threads(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_the_conversation_over_http(web: Threads) -> None:
    url = f"http://127.0.0.1:{web.server_port}/slack/events"
    with Server(request_url=url, signing_secret="s3cret") as ws:
        client = WebClient(token=ws.bot_token, base_url=ws.api_url)
        app = shop(client, App(client=client, signing_secret="s3cret"))
        web.set_app(SlackRequestHandler(app))
        with Hands(ws, "U0MIA") as mia, Hands(ws, "U0TOM") as tom:
            order(mia)
            command_and_shortcut(tom, mia)


def test_a_wrong_secret_is_no_answer(web: Threads) -> None:
    url = f"http://127.0.0.1:{web.server_port}/slack/events"
    with Server(request_url=url, signing_secret="wrong") as ws:
        client = WebClient(token=ws.bot_token, base_url=ws.api_url)
        web.set_app(SlackRequestHandler(shop(client, App(client=client, signing_secret="s3cret"))))
        with Hands(ws, "U0MIA") as mia, pytest.raises(HandsError, match="operation_timeout"):
            mia.command("/ask x")


def test_signature_is_slacks() -> None:
    headers = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": HttpMode("", "s").signature("1", "body")}
    assert SignatureVerifier("s", clock=type("Clock", (), {"now": lambda self: 1})()).is_valid_request("body", headers)
