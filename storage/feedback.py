"""Feedback: what a customer thought of a reply. One row a person and turn; a later one replaces it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, update

from storage.rows import insert_new, read
from storage.session import Session
from storage.tables import feedback, turns, utcnow


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    id: int
    team_id: str
    turn_id: int
    user: str
    value: Literal["good", "bad"]
    reason: str
    comment: str
    at: datetime


class Feedback:
    def __init__(self, session: Session) -> None:
        self._session = session

    def give(
        self, team: str, turn_id: int, user: str, value: Literal["good", "bad"], reason: str = "", comment: str = ""
    ) -> FeedbackRow:
        """Keep this person's judgement of this turn; the latest wins.

        The same judgement without a reason keeps the reason that stands: the click that opens the question "why?" may
        be written after a quick answer to it.
        """
        mine = (feedback.c.turn_id == turn_id) & (feedback.c.user == user)
        values: dict[str, Any] = {"value": value, "reason": reason, "comment": comment, "at": utcnow()}
        if not insert_new(self._session, feedback, {"team_id": team, "turn_id": turn_id, "user": user, **values}):
            changes = update(feedback).where(mine)
            if not (reason or comment):
                changes = changes.where(feedback.c.value != value)
            self._session.execute(changes.values(**values))
        return read(FeedbackRow, self._session.execute(select(feedback).where(mine)).mappings().one())

    def of_turn(self, turn_id: int) -> list[FeedbackRow]:
        query = select(feedback).where(feedback.c.turn_id == turn_id).order_by(feedback.c.id)
        return [read(FeedbackRow, row) for row in self._session.execute(query).mappings()]

    def of_case(self, conversation_id: int) -> list[FeedbackRow]:
        """The judgements of all the replies of a conversation, the latest last."""
        query = select(feedback).join(turns, turns.c.id == feedback.c.turn_id)
        query = query.where(turns.c.conversation_id == conversation_id).order_by(feedback.c.at, feedback.c.id)
        return [read(FeedbackRow, row) for row in self._session.execute(query).mappings()]
