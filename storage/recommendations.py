"""Articles that were recommended under an answer, one time a case, and what was opened of them. Holds no words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from storage.bursts import wordings
from storage.corrections import Corrections
from storage.dismissals import dismissed
from storage.fingerprints import fingerprint
from storage.opt_outs import opted_out
from storage.rows import insert_new, read
from storage.session import Session
from storage.tables import ERASED, clicks, conversations, feedback, recommendations, turns, utcnow

OPENED = "recommended"
"""Kind of the click that opens a recommended article; its value is the article."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    id: int
    conversation_id: int
    turn_id: int
    """Under whose answer it stands."""
    shown: tuple[tuple[str, float, float, float], ...]
    """(article, score, probability by the log, nearness), best first."""
    version: str
    at: datetime

    @property
    def articles(self) -> tuple[str, ...]:
        return tuple(row[0] for row in self.shown)


@dataclass(frozen=True, slots=True)
class Needed:
    """A turn that was answered: what its customer needed."""

    turn_id: int
    conversation_id: int
    customer: str
    """Team and user."""
    intent: str
    """As an agent corrected it, where one did; in the names of that time."""
    article_ids: tuple[str, ...]
    question: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A click on a recommended article."""

    conversation_id: int
    article: str
    at: datetime


_ONE = select(recommendations).where(recommendations.c.team_id == bindparam("team")).order_by(recommendations.c.id)
_OF_CASE = _ONE.where(recommendations.c.conversation_id == bindparam("of")).limit(1)
_OF_TURN = _ONE.where(recommendations.c.turn_id == bindparam("of")).limit(1)
_DISLIKED = (
    select(func.count())
    .select_from(feedback.join(turns, turns.c.id == feedback.c.turn_id))
    .where(turns.c.conversation_id == bindparam("case"), feedback.c.value == "bad")
)


class Recommendations:
    def __init__(self, session: Session, team: str) -> None:
        self._session, self._team = session, team

    def claim(
        self, conversation_id: int, turn_id: int, shown: Sequence[tuple[str, float, float, float]], version: str
    ) -> Recommendation | None:
        """Keep what is recommended in a case; what is there already under the same turn; None under another one."""
        values = {"conversation_id": conversation_id, "turn_id": turn_id, "version": version, "at": utcnow()}
        rows = [[article, *(round(number, 4) for number in numbers)] for article, *numbers in shown]
        insert_new(self._session, recommendations, {"team_id": self._team, "shown": rows, **values})
        found = self.of_case(conversation_id)
        return found if found is not None and found.turn_id == turn_id else None

    def of_case(self, conversation_id: int) -> Recommendation | None:
        return self._one(_OF_CASE, conversation_id)

    def of_turn(self, turn_id: int) -> Recommendation | None:
        return self._one(_OF_TURN, turn_id)

    def counts(self, since: datetime, intents: Collection[str] = ()) -> tuple[int, int]:
        """(shown, with something opened) since then; without agents' tests and what was no request.

        Args:
            intents: only under answers to one of these; empty for all.
        """
        r = recommendations.c
        wanted = [turns.c.intent.in_(list(intents))] if intents else []
        query = (
            select(r.id, clicks.c.id.is_not(None).label("opened"))
            .join(turns, turns.c.id == r.turn_id)
            .join(conversations, conversations.c.id == r.conversation_id)
            .outerjoin(clicks, (clicks.c.turn_id == r.turn_id) & (clicks.c.kind == OPENED))
            .where(r.team_id == self._team, r.at >= since, conversations.c.is_test.is_(False), ~dismissed(), *wanted)
        )
        rows = self._session.execute(query).all()
        return len({row[0] for row in rows}), len({row[0] for row in rows if row.opened})

    def disliked(self, conversation_id: int) -> bool:
        """Whether an answer of the case was found not helpful."""
        return bool(self._session.execute(_DISLIKED, {"case": conversation_id}).scalar())

    # What is learned from: without agents' tests, what was no request, erased words, and customers who want nothing
    # learned from them.

    def needed(self) -> list[Needed]:
        """Every turn that was answered, oldest first."""
        t, c = turns.c, conversations.c
        query = (
            select(t.id, t.conversation_id, t.user, t.intent, t.article_ids, t.text, t.reply_text, t.created_at,
                   c.customer_team)
            .join(conversations, c.id == t.conversation_id)
            .where(*self._learnable(), t.route == "ANSWER", t.intent.is_not(None), t.out_of_scope.is_(False))
            .order_by(t.created_at, t.id)
        )  # fmt: skip
        # By their words: the latest correction of a text counts for every turn that says the same.
        corrected = {fingerprint(row.text): row.after for row in Corrections(self._session).effective(self._team)}
        rows = self._session.execute(query).all()
        together = wordings(self._session, [row.id for row in rows])
        worded = [(row, together.get(row.id, row.text)) for row in rows]
        return [self._needed(row, corrected.get(fingerprint(words), row.intent), words) for row, words in worded]

    def kept(self) -> list[Recommendation]:
        """Everything that was recommended, oldest first."""
        query = self._of_log(select(recommendations)).order_by(recommendations.c.id)
        return [read(Recommendation, row) for row in self._session.execute(query).mappings()]

    def opened(self) -> list[Opened]:
        """Every click on a recommended article, oldest first."""
        query = (
            self._of_log(select(recommendations.c.conversation_id, clicks.c.value, clicks.c.at))
            .join(clicks, (clicks.c.turn_id == recommendations.c.turn_id) & (clicks.c.kind == OPENED))
            .order_by(clicks.c.id)
        )
        return [Opened(row.conversation_id, row.value, row.at) for row in self._session.execute(query)]

    def _needed(self, row: Any, intent: str, words: str) -> Needed:
        return Needed(
            row.id,
            row.conversation_id,
            f"{row.customer_team or self._team}:{row.user}",
            intent,
            # What answered a wrong label is not what was needed.
            tuple(row.article_ids or ()) if intent == row.intent else (),
            words,
            "" if row.reply_text == ERASED or intent != row.intent else row.reply_text,
            row.created_at,
        )

    def _of_log(self, query: Select[Any]) -> Select[Any]:
        joined = query.select_from(recommendations).join(turns, turns.c.id == recommendations.c.turn_id)
        return joined.join(conversations, conversations.c.id == turns.c.conversation_id).where(*self._learnable())

    def _learnable(self) -> list[ColumnElement[bool]]:
        mine = [turns.c.team_id == self._team, conversations.c.is_test.is_(False)]
        return [*mine, turns.c.text.not_in(("", ERASED)), ~dismissed(), ~opted_out()]

    def _one(self, query: Select[Any], of: int) -> Recommendation | None:
        row = self._session.execute(query, {"team": self._team, "of": of}).mappings().first()
        return read(Recommendation, row) if row else None
