"""What agents said of a search: this passage I sent to the customer, this one is wrong. And what search may learn.

Append-only in practice: rows are added, and lose their words when their customer's turn is erased.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import exists, func, select

from storage.bursts import wordings
from storage.clicks import AT_A_LOSS
from storage.opt_outs import opted_out
from storage.recommendations import OPENED
from storage.rows import new_id, read
from storage.session import Session
from storage.tables import ERASED, clicks, conversations, feedback, search_marks, turns, utcnow

Mark = Literal["sent", "wrong"]


@dataclass(frozen=True, slots=True)
class SearchMark:
    id: int
    kind: Mark
    query: str
    slug: str
    """The article that the passage is from."""
    turn_id: int | None
    """The customer's latest turn in the case it was sent to."""
    by: str
    at: datetime


class SearchMarks:
    def __init__(self, session: Session, team: str) -> None:
        self._session, self._team = session, team

    def add(self, kind: Mark, query: str, slug: str, by: str, turn_id: int | None = None) -> None:
        """Append a mark."""
        values = {"kind": kind, "query": query, "slug": slug, "turn_id": turn_id, "by": by, "at": utcnow()}
        new_id(self._session, search_marks, {"team_id": self._team, **values})

    def all(self) -> list[SearchMark]:
        """Every mark, oldest first."""
        query = select(search_marks).where(search_marks.c.team_id == self._team).order_by(search_marks.c.id)
        return [read(SearchMark, row) for row in self._session.execute(query).mappings()]

    def pairs(self) -> list[tuple[str, str]]:
        """(question, article that ended it), oldest first: what agents searched and sent, what the customer had asked
        there, what was answered from an article and found helpful, and the article that a customer opened where the bot
        was at a loss, if that was all. Agents' own tests are left out, and what is of customers who want nothing
        learned from them."""
        return [*self._liked(), *self._opened(), *self._sent()]

    def wrong(self) -> list[tuple[str, str]]:
        """(question, article) that agents called wrong."""
        return [(mark.query, mark.slug) for mark in self.all() if mark.kind == "wrong" and mark.query != ERASED]

    def _sent(self) -> list[tuple[str, str]]:
        sent = [mark for mark in self.all() if mark.kind == "sent"]
        query = (
            select(turns.c.id, turns.c.text)
            .join(conversations, conversations.c.id == turns.c.conversation_id)
            .where(turns.c.id.in_([mark.turn_id for mark in sent if mark.turn_id]), ~opted_out())
        )
        asked = {row.id: row.text for row in self._session.execute(query)}
        asked |= wordings(self._session, asked)
        # An agent's search for a customer repeats the customer's words: it is learned where theirs are.
        kept = [mark for mark in sent if mark.turn_id is None or mark.turn_id in asked]
        both = [(words, mark.slug) for mark in kept for words in (mark.query, asked.get(mark.turn_id, ""))]
        return [(words, slug) for words, slug in both if words not in ("", ERASED)]

    def _opened(self) -> list[tuple[str, str]]:
        t, c, k = turns.c, conversations.c, clicks.c
        person = exists().where(k.turn_id == t.id, k.kind == "talk_to_person").correlate(turns)
        last = select(func.max(k.id)).where(k.turn_id == t.id, k.kind == OPENED).correlate(turns).scalar_subquery()
        query = (
            select(t.id, t.text, k.value)
            .join(conversations, c.id == t.conversation_id)
            .join(clicks, k.id == last)
            .where(t.team_id == self._team, t.route.in_(AT_A_LOSS), c.is_test.is_(False), ~person)
            # From the bot straight to its end: the customer was all set.
            .where(c.state == "closed", c.moves == 1, t.text.not_in(("", ERASED)), ~opted_out())
            .order_by(t.id)
        )
        rows = list(self._session.execute(query))
        together = wordings(self._session, [row.id for row in rows])
        return [(together.get(row.id, row.text), row.value) for row in rows]

    def _liked(self) -> list[tuple[str, str]]:
        t, c, f = turns.c, conversations.c, feedback.c
        query = (
            select(t.id, t.text, t.article_ids)
            .join(conversations, c.id == t.conversation_id)
            .join(feedback, f.turn_id == t.id)
            .where(t.team_id == self._team, f.value == "good", c.is_test.is_(False), t.text.not_in(("", ERASED)))
            .where(~opted_out())
            .order_by(t.id)
        )
        rows = [row for row in self._session.execute(query) if row.article_ids]
        together = wordings(self._session, [row.id for row in rows])
        return [(together.get(row.id, row.text), row.article_ids[0]) for row in rows]
