"""Scores: how satisfied a customer was with a case, from 1 to 5. One a case; a later one replaces it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, update

from storage.rows import insert_new
from storage.session import Session
from storage.tables import conversations, scores, turns, utcnow

SCALE = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The scores of a time."""

    count: int
    mean: float | None
    """None without any."""


UNSCORED = Satisfaction(0, None)


class Scores:
    def __init__(self, session: Session, team: str) -> None:
        self._session, self._team = session, team

    def give(self, conversation_id: int, score: int) -> None:
        """Keep the score of a case; the latest wins.

        Raises:
            ValueError: it is not on the scale.
        """
        if score not in SCALE:
            raise ValueError(f"expected a score from 1 to 5, found {score}")
        values: dict[str, Any] = {"score": score, "at": utcnow()}
        row = {"team_id": self._team, "conversation_id": conversation_id, **values}
        if not insert_new(self._session, scores, row):
            mine = (scores.c.conversation_id == conversation_id) & (scores.c.score != score)
            self._session.execute(update(scores).where(mine).values(**values))

    def of(self, conversation_id: int) -> int | None:
        """The score of a case, if it has one."""
        return self._session.execute(select(scores.c.score).where(scores.c.conversation_id == conversation_id)).scalar()

    def mean(self, since: datetime, intents: Collection[str] = ()) -> Satisfaction:
        """Of the scores given since then; agents' test cases are left out.

        Args:
            intents: only of cases with a message that the model took for one of these; empty for all.
        """
        query = (
            select(func.count(), func.avg(scores.c.score))
            .join(conversations, conversations.c.id == scores.c.conversation_id)
            .where(scores.c.team_id == self._team, scores.c.at >= since, conversations.c.is_test.is_(False))
        )
        if intents:
            c = turns.c
            # Of the scored cases alone: their turns are found by the case, and the log may be long.
            mine = c.conversation_id == scores.c.conversation_id
            query = query.where(exists().where(mine, c.intent.in_(list(intents)), c.out_of_scope.is_(False)))
        count, mean = self._session.execute(query).one()
        return Satisfaction(int(count), None if mean is None else float(mean))
