"""What this deployment knows, for the command line: articles and intents of its database, or the starter shop's."""

from collections.abc import Callable
from typing import TypeVar

from bot import naming
from bot.explaining import TrainingRow, by_fingerprint, read_rows
from bot.settings import Settings
from bot.team import team_of
from model import starter
from model.naming import Names
from model.types import Article, Intent
from storage.database import Database
from storage.intents import Intents
from storage.session import Session

T = TypeVar("T")


def articles(settings: Settings) -> list[Article]:
    """The knowledge base."""
    return _read(settings, naming.articles) if _is_set_up(settings) else starter.articles()


def intents(settings: Settings) -> dict[str, Intent]:
    """The intents by name, with their approved answers."""

    def read(session: Session, team: str) -> list[Intent]:
        return [
            Intent(row.name, row.title, row.description, row.answer, row.compose, row.small_talk, row.handoff)
            for row in Intents(session, team).all()
        ]

    known = _read(settings, read) if _is_set_up(settings) else starter.intents()
    return {intent.name: intent for intent in known}


def names(settings: Settings) -> Names:
    """What labels are called now; nothing was renamed where there is no database."""
    return _read(settings, naming.names_of) if _is_set_up(settings) else Names()


def training_rows(settings: Settings) -> dict[str, TrainingRow]:
    """What models may have learned from, by fingerprint, with its words."""
    if not _is_set_up(settings):
        rows = [TrainingRow(f"starter row {i}", row.text) for i, row in enumerate(starter.utterances(), 1)]
        return by_fingerprint(rows)
    return by_fingerprint(_read(settings, read_rows))


def _is_set_up(settings: Settings) -> bool:
    """Whether there is a database; asking never makes a SQLite file."""
    return bool(settings.database_url) or (settings.home / "understudy.db").exists()


def _read(settings: Settings, read: Callable[[Session, str], T]) -> T:
    database = Database(settings.url)
    try:
        database.check_revision()
        with database.reading() as session:
            return read(session, team_of(settings, session))
    finally:
        database.close()
