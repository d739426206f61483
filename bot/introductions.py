"""At first contact, once: that it is a bot, and what happens with messages."""

import threading

from bot import wording
from bot.kit import Kit
from storage.keyvalues import KeyValues


class Introductions:
    """Two messages of one customer at the same moment introduce the bot once; a post that failed does not count."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._lock = threading.Lock()
        self._underway: set[str] = set()

    def for_(self, user: str) -> str:
        """The notice, or empty for somebody who has had it."""
        with self._lock:
            if user in self._underway:
                return ""
            with self._kit.db.reading() as session:
                if KeyValues(session, self._kit.team).get(f"introduced:{user}"):
                    return ""
            self._underway.add(user)
            return wording.INTRODUCTION

    def done(self, user: str, notice: str) -> None:
        """The message that carried the notice is out."""
        if not notice:
            return
        with self._kit.db.writing() as session:
            KeyValues(session, self._kit.team).set(f"introduced:{user}", True)
        with self._lock:
            self._underway.discard(user)
