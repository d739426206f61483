"""At first contact, once: that it is a bot, and what happens with messages."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot import wording
from bot.kit import Kit
from storage.keyvalues import KeyValues
from storage.turns import Turn


class Introductions:
    """Two messages of one customer at the same moment introduce the bot once; a post that failed does not count."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._lock = threading.Lock()
        self._underway: set[str] = set()

    @contextmanager
    def to(self, user: str, turn_id: int) -> Iterator[str]:
        """Gives the notice for the reply that is posted meanwhile; empty for somebody who has had it."""
        if not self._claim(user):
            yield ""
            return
        try:
            yield wording.INTRODUCTION
            with self._kit.db.writing() as session:
                KeyValues(session, self._kit.team).set(_key(user), {"turn": turn_id})
        finally:
            with self._lock:
                self._underway.discard(user)

    def _claim(self, user: str) -> bool:
        with self._lock:
            if user in self._underway:
                return False
            with self._kit.db.reading() as session:
                if KeyValues(session, self._kit.team).get(_key(user)):
                    return False
            self._underway.add(user)
            return True


def beneath(kit: Kit, turn: Turn) -> str:
    """The notice, where the reply to this turn is the one that carries it: another one in its place does so too."""
    with kit.db.reading() as session:
        kept = KeyValues(session, kit.team).get(_key(turn.user))
    return wording.INTRODUCTION if kept == {"turn": turn.id} else ""


def _key(user: str) -> str:
    return f"introduced:{user}"
