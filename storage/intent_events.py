"""What was done with the intents of one team: who added, renamed, merged, archived or restored which, and when.

Append-only. Nothing that carries a label is rewritten: who reads a label asks model.naming what it is called now.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from storage.rows import new_id, read
from storage.session import Session
from storage.tables import intent_events, utcnow

Kind = Literal["add", "rename", "merge", "archive", "restore"]


@dataclass(frozen=True, slots=True)
class IntentEvent:
    id: int
    kind: Kind
    name: str
    into: str
    """The new name, or the intent it was merged into; empty for the other kinds."""
    by: str
    """A Slack user, or `command line`."""
    at: datetime


class IntentEvents:
    def __init__(self, session: Session, team: str) -> None:
        self._session, self._team = session, team

    def add(self, kind: Kind, name: str, by: str, into: str = "") -> None:
        """Append an event."""
        values = {"team_id": self._team, "kind": kind, "name": name, "into": into, "by": by, "at": utcnow()}
        new_id(self._session, intent_events, values)

    def all(self) -> list[IntentEvent]:
        """The whole log, oldest first."""
        query = select(intent_events).where(intent_events.c.team_id == self._team).order_by(intent_events.c.id)
        return [read(IntentEvent, row) for row in self._session.execute(query).mappings()]

    def changes(self) -> list[tuple[str, str]]:
        """(old, new) of each rename and merge, oldest first."""
        return [(event.name, event.into) for event in self.all() if event.kind in ("rename", "merge")]
