"""A newcomer's terminal stays for people; the local log is a file."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.settings import Settings


@pytest.fixture(autouse=True)
def _root_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_local_log_is_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data_dir=tmp_path)
    logs.configure(settings)
    logging.getLogger("bot.desk").info("turn 7 is done")
    logging.getLogger("bot.desk").error("turn 8 failed")
    assert "turn 7 is done" in (settings.home / "run" / "bot.log").read_text()
    assert "turn 7" not in capfd.readouterr().err


def test_real_log_is_the_terminal(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, slack_bot_token="xoxb-1234567890-abc", slack_app_token="xapp-1-abcdefgh")
    logs.configure(settings)
    assert [type(handler) for handler in logging.getLogger().handlers] == [logging.StreamHandler]
    assert logging.getLogger("slack_bolt").level == logging.WARNING
