"""Clicks under a reply: "Did you mean" and its neighbours. A double click is one row."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.rows import insert_new, read
from storage.tables import clicks, utcnow


@dataclass(frozen=True, slots=True)
class Click:
    id: int
    team_id: str
    turn_id: int
    user: str
    kind: str
    """did_you_mean, none_of_these or talk_to_person."""
    value: str
    """The intent that was chosen, if any."""
    at: datetime


class Clicks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, team: str, turn_id: int, user: str, kind: str, value: str = "") -> bool:
        """Keep a click; False when this person had clicked the same before."""
        values = {"team_id": team, "turn_id": turn_id, "user": user, "kind": kind, "value": value, "at": utcnow()}
        return insert_new(self._session, clicks, values)

    def take_back(self, turn_id: int, user: str, kind: str, value: str = "") -> None:
        """What was clicked could not be done: the next click counts as the first."""
        c = clicks.c
        mine = (c.turn_id == turn_id) & (c.user == user) & (c.kind == kind) & (c.value == value)
        self._session.execute(delete(clicks).where(mine))

    def of_turn(self, turn_id: int) -> list[Click]:
        query = select(clicks).where(clicks.c.turn_id == turn_id).order_by(clicks.c.id)
        return [read(Click, row) for row in self._session.execute(query).mappings()]
