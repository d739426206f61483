"""A bot that is killed between taking a message and answering it: after the start the customer has one reply."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.workspace.hands import Hands
from bot.workspace.server import Server
from tests.e2e.conftest import MANIFEST

ROOT = Path(__file__).parents[2]


@pytest.fixture
def fresh_cases() -> None:
    """The package's fixture of this name needs the shared house; here there is none."""


@contextmanager
def bot(server: Server, home: Path, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """A bot's process that is connected; killed at the end."""
    given = {
        "SLACK_BOT_TOKEN": server.bot_token,
        "SLACK_APP_TOKEN": server.app_token,
        "SLACK_API_URL": server.api_url,
        "DATA_DIR": str(home),
    }
    command = [sys.executable, "-m", "tests.e2e.fake_bot"]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | given | more, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert line(process) == "READY"
            yield process
        finally:
            process.kill()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_kill_9_between_claim_and_reply_loses_nothing(tmp_path: Path) -> None:
    with Server(port=0, manifest=MANIFEST) as server, Hands(server, "U0MIA") as mia:
        with bot(server, tmp_path, HANG="1") as first:
            ts = mia.say(mia.dm, "slow parcel")
            assert line(first) == "HANGS"
            later = mia.say(mia.dm, "refund?", ts)
        with bot(server, tmp_path):
            reply = mia.wait_reply(mia.dm, ts, timeout=20)
            assert "on its way" in reply["text"]
            mia.wait_message(lambda one: one.get("thread_ts") == ts and "Five working days" in one["text"], 20)
        assert later
        assert len(mia.messages(mia.dm, ts)) == 4, "two messages, a reply to each, in their order"
