"""Questions that nobody has written an answer to, and what was done about them.

A question counts where the bot was at a loss, called a person, or gave an answer that did not help its customer. Marks
are given to turns, not to groups of them: a new question of the same kind is not marked, and shows again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select

from storage.bursts import wordings
from storage.clicks import AT_A_LOSS, MEANT, REFUSED
from storage.corrections import not_undone
from storage.dismissals import dismissed
from storage.opt_outs import opted_out
from storage.recommendations import OPENED
from storage.rows import changed, insert_new
from storage.session import Session
from storage.tables import ERASED, clicks, conversations, corrections, feedback, gap_marks, turn_edits, turns, utcnow

Kind = Literal["written", "dismissed"]


@dataclass(frozen=True, slots=True)
class Question:
    turn_id: int
    conversation_id: int
    user: str
    text: str
    """As the customer last worded it."""
    intent: str
    """What the model took it for, in the names of that time; empty for out of scope."""
    route: str
    at: datetime
    label: str = ""
    """What an agent said that it means, in the names of that time."""


class Gaps:
    def __init__(self, session: Session, team: str) -> None:
        self._session, self._team = session, team

    def unanswered(self, since: datetime, most: int) -> list[Question]:
        """The newest questions without a mark, newest first.

        Without agents' tests, what was no request, erased words, and customers who want nothing learned from them.
        """
        rows = self._session.execute(_unanswered(self._team, since).limit(most)).all()
        labels, together = self._labels(since), wordings(self._session, [row.id for row in rows])
        return [_question(row, labels.get(row.id, ""), together.get(row.id, "")) for row in rows]

    def mark(self, turn_ids: Sequence[int], kind: Kind, by: str, deed: str, article: str = "") -> int:
        """Say that these were dealt with; gives how many were not before.

        Args:
            deed: names this one act, so that it can be taken back.
        """
        row = {"team_id": self._team, "kind": kind, "deed": deed, "article": article, "by": by, "at": utcnow()}
        return sum(insert_new(self._session, gap_marks, {**row, "turn_id": each}) for each in dict.fromkeys(turn_ids))

    def undo(self, deed: str) -> int:
        """Take one act back; gives how many questions are open again."""
        mine = (gap_marks.c.team_id == self._team, gap_marks.c.deed == deed)
        return changed(self._session, delete(gap_marks).where(*mine))

    def better_answers(self, turn_ids: Sequence[int]) -> list[str]:
        """What agents said that these should have been answered, oldest first."""
        c = corrections.c
        worded = c.better_answer.is_not(None) & c.better_answer.not_in(("", ERASED))
        query = select(c.better_answer).where(c.team_id == self._team, c.turn_id.in_(turn_ids), worded, not_undone())
        return [str(words) for words in self._session.scalars(query.order_by(c.id))]

    def _labels(self, since: datetime) -> dict[int, str]:
        """What agents say that the turns since then mean; the last of several."""
        query = (
            select(corrections.c.turn_id, corrections.c.after)
            .join(turns, turns.c.id == corrections.c.turn_id)
            .where(corrections.c.team_id == self._team, turns.c.created_at >= since, not_undone())
            .order_by(corrections.c.id)
        )
        return {row.turn_id: row.after for row in self._session.execute(query)}


def _question(row: Any, label: str, together: str) -> Question:
    intent = "" if row.out_of_scope else row.intent or ""
    words = together or (row.text if row.later is None else row.later)
    return Question(row.id, row.conversation_id, row.user, words, intent, row.route or "", row.created_at, label)


def _unanswered(team: str, since: datetime) -> Select[Any]:
    t = turns.c
    edit = turn_edits.alias()
    newest = select(func.max(edit.c.id)).where(edit.c.turn_id == t.id).correlate(turns).scalar_subquery()
    later = select(turn_edits.c.text).where(turn_edits.c.id == newest).correlate(turns).scalar_subquery().label("later")
    return (
        select(t.id, t.conversation_id, t.user, t.text, later, t.intent, t.out_of_scope, t.route, t.created_at)
        .join(conversations, conversations.c.id == t.conversation_id)
        .where(
            t.team_id == team,
            t.created_at >= since,
            t.status.in_(("posted", "done")),
            t.text.not_in(("", ERASED)),
            conversations.c.is_test.is_(False),
            ~opted_out(),
            ~dismissed(),
            ~exists().where(gap_marks.c.turn_id == t.id),
            _at_a_loss(),
        )
        .order_by(t.created_at.desc(), t.id.desc())
    )


def _at_a_loss() -> ColumnElement[bool]:
    """The bot did not know, called a person, or was of no help."""
    clicked = clicks.c.turn_id == turns.c.id
    # An article opened from below what was said: the knowledge was there.
    helped = exists().where(clicked, clicks.c.kind.in_((*MEANT, OPENED)))
    refused = exists().where(clicked, clicks.c.kind.in_(REFUSED))
    disliked = exists().where(feedback.c.turn_id == turns.c.id, feedback.c.value == "bad")
    lost = turns.c.route.in_(AT_A_LOSS)
    return or_(turns.c.route == "HANDOFF", lost & ~helped, refused, disliked)
