"""Events already processed, so that a delivery that comes again does nothing."""

from datetime import datetime

from sqlalchemy import delete

from storage.rows import changed, insert_new
from storage.session import Session
from storage.tables import processed_events, utcnow


class Events:
    def __init__(self, session: Session) -> None:
        self._session = session

    def first(self, team: str, event_id: str) -> bool:
        """True for the first who asks for this event, False ever after."""
        return insert_new(self._session, processed_events, {"team_id": team, "event_id": event_id, "at": utcnow()})

    def forget(self, team: str, event_id: str) -> None:
        """It was not processed after all."""
        c = processed_events.c
        self._session.execute(delete(processed_events).where(c.team_id == team, c.event_id == event_id))

    def prune(self, before: datetime) -> int:
        """Forget old events; returns how many."""
        return changed(self._session, delete(processed_events).where(processed_events.c.at < before))
