"""The command that takes the README's pictures."""

import threading
from pathlib import Path

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bench import screenshots
from bot.workspace.server import Server
from tests.workspace.browsing import MANIFEST, chromium
from tests.workspace.small_app import small_app


def test_it_says_so_when_no_workspace_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert screenshots.main([str(tmp_path), "--url", "http://127.0.0.1:9/"]) == 2
    assert "start one with `make run`" in capsys.readouterr().err


@pytest.mark.browser
def test_it_takes_the_pictures(tmp_path: Path) -> None:
    if chromium() is None:
        pytest.skip("LOUDLY: no Chromium found, so no picture was taken (apt-get install chromium)")
    with Server(manifest=MANIFEST) as server:
        app = small_app(WebClient(token=server.bot_token, base_url=server.api_url))
        handler = SocketModeHandler(app, server.app_token)
        handler.connect()
        assert screenshots.main([str(tmp_path), "--url", server.url]) == 0
        handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
        threading.Thread(target=handler.close, daemon=True).start()
    taken = {path.stem: path.stat().st_size for path in tmp_path.iterdir()}
    shown = {"workspace", "workspace-dark", "workspace-narrow", "workspace-narrow-dark", "correct", "search", "homes"}
    assert set(taken) == shown, "this app explains nothing"
    assert min(taken.values()) > 10_000
