"""Clicks under a reply: "Did you mean" and its neighbours. A double click is one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.rows import insert_new, read
from storage.session import Session
from storage.tables import clicks, utcnow

CHOSEN, TOPIC = "did_you_mean", "topic"
"""Kinds of the clicks that say what a customer means: under a question, and in place of one."""
MEANT = (CHOSEN, TOPIC)
REFUSED = ("none_of_these", "talk_to_person")
"""What was said under a reply helped nobody."""
AT_A_LOSS = ("CLARIFY", "OFFER")
"""Routes of the turns under which a click may still say what was meant."""


@dataclass(frozen=True, slots=True)
class Click:
    id: int
    team_id: str
    turn_id: int
    user: str
    kind: str
    """did_you_mean, topic, none_of_these, talk_to_person and so on."""
    value: str
    """The intent that was chosen, if any."""
    at: datetime


_OF_TURN = select(clicks).where(clicks.c.turn_id == bindparam("turn")).order_by(clicks.c.id)


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

    def meant(self, turn_id: int, kinds: Sequence[str] = MEANT) -> str:
        """The intent that a turn's customer chose at a click; empty where none was."""
        return next((click.value for click in self.of_turn(turn_id) if click.kind in kinds), "")

    def of_turn(self, turn_id: int) -> list[Click]:
        return [read(Click, row) for row in self._session.execute(_OF_TURN, {"turn": turn_id}).mappings()]
