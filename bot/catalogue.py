"""The intents the desk knows, read from SQL and kept for a few seconds."""

import threading
import time
from collections.abc import Iterable

from bot.naming import made_of
from bot.text import OPTION_LIMIT, option_name
from model.naming import Names
from model.types import OOS, Intent
from storage.database import Database
from storage.intent_events import IntentEvents
from storage.intents import IntentRow, Intents


class Catalogue:
    """Intents by name, former names too. A name nobody described still has a readable title."""

    def __init__(self, db: Database, team: str, ttl: float = 5.0) -> None:
        self._db, self._team, self._ttl = db, team, ttl
        self._lock = threading.Lock()
        self._known: dict[str, Intent] = {}
        self._names = Names()
        self._aside: frozenset[str] = frozenset()
        self._read = float("-inf")

    def all(self) -> list[Intent]:
        return list(self._all().values())

    def get(self, name: str) -> Intent:
        known, now = self._all(), self._names.of(name)
        return known.get(now) or Intent(now, now.replace("_", " ").strip().capitalize() or now)

    def has(self, name: str) -> bool:
        return name in self._all()

    def whole(self, value: str) -> str:
        """The name that an option of a menu stands for; what stands for none comes back as it is."""
        if len(value) < OPTION_LIMIT:
            return value
        return next((name for name in self._all() if option_name(name) == value), value)

    def names(self) -> Names:
        """What labels are called now, and which are out of use."""
        self._all()
        return self._names

    def aside(self) -> frozenset[str]:
        """Labels that are no need, out of use or not; see `no_need`."""
        self._all()
        return self._aside

    def small_talk(self) -> frozenset[str]:
        """Names of the intents that ask for nothing."""
        return frozenset(intent.name for intent in self._all().values() if intent.small_talk)

    def title(self, label: str) -> str:
        """For agents: an intent's title, or that it is out of scope."""
        return "Out of scope" if label == OOS else self.get(label).title

    def forget(self) -> None:
        self._read = float("-inf")

    def _all(self) -> dict[str, Intent]:
        with self._lock:
            if time.monotonic() - self._read > self._ttl:
                with self._db.reading() as session:
                    rows = Intents(session, self._team).all(archived=True)
                    changes = IntentEvents(session, self._team).changes()
                self._names, self._aside = made_of(changes, rows), no_need(rows)
                self._known = {
                    row.name: Intent(
                        row.name, row.title, row.description, row.answer, row.compose, row.small_talk, row.handoff
                    )
                    for row in rows
                    if not row.archived
                }
                self._read = time.monotonic()
            return self._known


def no_need(rows: Iterable[IntentRow]) -> frozenset[str]:
    """Intents that are no need: small talk, persons, and what is out of scope."""
    return frozenset({OOS, *(row.name for row in rows if row.small_talk or row.handoff)})
