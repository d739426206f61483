"""Turns that were no request: out of statistics, review and training. Append-only: to take it back is another row."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from storage.rows import new_id, read
from storage.session import Session
from storage.tables import dismissals, turns, utcnow


@dataclass(frozen=True, slots=True)
class Dismissal:
    id: int
    turn_id: int
    dismissed: bool
    """False where it was taken back."""
    state: str
    """What the case's state was before."""
    holder: str
    by: str
    at: datetime


class Dismissals:
    def __init__(self, session: Session, team: str) -> None:
        self._session, self._team = session, team

    def add(self, turn_id: int, by: str, *, dismissed: bool = True, state: str = "", holder: str = "") -> None:
        """Append that a turn is no request, or that it is one after all."""
        values = {
            "team_id": self._team,
            "turn_id": turn_id,
            "dismissed": dismissed,
            "state": state,
            "holder": holder,
            "by": by,
            "at": utcnow(),
        }
        new_id(self._session, dismissals, values)

    def standing(self, turn_id: int) -> Dismissal | None:
        """What was said last, if it says that the turn is no request."""
        query = select(dismissals).where(dismissals.c.turn_id == turn_id, dismissals.c.team_id == self._team)
        row = self._session.execute(query.order_by(dismissals.c.id.desc()).limit(1)).mappings().first()
        return read(Dismissal, row) if row and row["dismissed"] else None


def dismissed() -> ColumnElement[bool]:
    """Whether a row of `turns` stands as no request."""
    last = dismissals.alias()
    newest = select(func.max(last.c.id)).where(last.c.turn_id == turns.c.id).correlate(turns).scalar_subquery()
    return exists().where(dismissals.c.id == newest, dismissals.c.dismissed).correlate(turns)
