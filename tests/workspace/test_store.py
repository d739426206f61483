"""What outlives a restart, and the command line."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.workspace.faults import Faults
from bot.workspace.hands import Hands
from bot.workspace.methods import METHODS
from bot.workspace.server import PortTaken, Server, listen


def test_messages_outlive_a_restart(tmp_path: Path) -> None:
    with Server(data=tmp_path) as ws, Hands(ws, "U0MIA") as mia:
        ts = mia.say("C0HELP", "remember me")
        file_ts = mia.upload("D0MIA", "a.png", b"\x89PNG")
        WebClient(token=ws.bot_token, base_url=ws.api_url).reactions_add(channel="C0HELP", timestamp=ts, name="eyes")
        tokens = ws.bot_token, ws.app_token
    with Server(data=tmp_path) as ws, Hands(ws, "U0MIA") as mia:
        assert (ws.bot_token, ws.app_token) == tokens
        kept = mia.messages("C0HELP")
        assert [(one["ts"], one["text"], len(one["reactions"])) for one in kept] == [(ts, "remember me", 1)]
        file = mia.messages("D0MIA")[0]["files"][0]
        assert file_ts == mia.messages("D0MIA")[0]["ts"]
        assert urllib.request.urlopen(ws.url + file["url_page"], timeout=5).read() == b"\x89PNG"
        assert mia.say("C0HELP", "later") > ts


def test_saved_soon_after_a_change(tmp_path: Path) -> None:
    with Server(data=tmp_path) as ws, Hands(ws, "U0MIA") as mia:
        mia.say("C0HELP", "soon")
        until = time.monotonic() + 5
        while not (tmp_path / "workspace.json").exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert "soon" in (tmp_path / "workspace.json").read_text()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "workspace.json").write_text('{"last": 1')
    with pytest.raises(ValueError, match=r"expected the workspace's own JSON in .*workspace\.json"):
        Server(data=tmp_path)
    (tmp_path / "workspace.json").write_text("{}")
    with pytest.raises(ValueError, match="move the file away"):
        Server(data=tmp_path)


def test_the_next_free_port() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with listen(port) as found:
            assert port < found.getsockname()[1] <= port + 20


def test_no_port_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.workspace.server.TRIES", -1)
    with pytest.raises(PortTaken, match="expected a free port"):
        listen(8765)


def test_the_command(tmp_path: Path) -> None:
    ready = tmp_path / "run" / "ready.json"
    command = [sys.executable, "-m", "bot", "workspace", "--port", "0", "--ready-file", str(ready)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    try:
        until = time.monotonic() + 20
        while not ready.exists() and time.monotonic() < until:
            time.sleep(0.05)
        found = json.loads(ready.read_text())
        assert WebClient(token=found["bot_token"], base_url=found["api_url"]).auth_test()["team_id"] == "T0LOCAL"
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=10)
        assert found["url"] in out
        assert f"SLACK_APP_TOKEN={found['app_token']}" in out
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait(5)


def test_the_document_counts_the_methods() -> None:
    document = (Path(__file__).parents[2] / "docs" / "local-workspace.md").read_text(encoding="utf-8")
    assert f"the {len(METHODS)} methods" in document
    assert all(f"`{name}`" in document for name in Faults().as_json())
