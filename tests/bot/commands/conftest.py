"""A deployment of its own for each test: the local workspace in an empty folder."""

from pathlib import Path

import pytest

from bot import settings
from bot.settings import Settings
from storage.database import Database


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return settings.load()


@pytest.fixture
def database(here: Settings) -> Database:
    made = Database(here.url)
    made.migrate()
    return made
