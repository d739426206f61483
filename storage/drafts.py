"""What became of drafts, by intent: sent as they were, sent in other words, or not sent."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from storage.corrections import not_undone
from storage.dismissals import dismissed
from storage.session import Session
from storage.tables import ERASED, clicks, conversations, corrections, turns, utcnow

PATIENCE = timedelta(hours=24)
"""After so long a draft that nobody sent counts as not sent."""


@dataclass(frozen=True, slots=True)
class Drafts:
    unchanged: int = 0
    edited: int = 0
    """Sent in other words, or sent and then given another label."""
    unsent: int = 0
    waiting: int = 0

    @property
    def decided(self) -> int:
        return self.unchanged + self.edited + self.unsent

    @property
    def share(self) -> float:
        """Of the decided ones, those that were sent as they were; 0 without any."""
        return self.unchanged / self.decided if self.decided else 0.0


def open_drafts(session: Session, conversation_id: int) -> bool:
    """Whether a case's newest draft is still to be sent: not where it was, is erased, or was answered otherwise."""
    dealt = exists().where(clicks.c.turn_id == turns.c.id, clicks.c.kind.in_(("draft_sent", "right_answer_sent")))
    newest = (
        select(turns.c.reply_text, dealt, dismissed())
        .where(turns.c.conversation_id == conversation_id, turns.c.reply_kind == "draft")
        .order_by(turns.c.id.desc())
    )
    row = session.execute(newest.limit(1)).first()
    return row is not None and row[0] != ERASED and not row[1] and not row[2]


def drafts(
    session: Session,
    team: str,
    since: datetime,
    *,
    after: Mapping[str, datetime] | None = None,
    today: Callable[[str], str] = str,
) -> dict[str, Drafts]:
    """By intent of today's names; agents' tests and what was no request left out.

    Args:
        after: of these intents only drafts made after a moment count: when somebody last decided about their mode.
    """
    kind = clicks.c.kind
    sent = exists().where(clicks.c.turn_id == turns.c.id, kind == "draft_sent")
    edited = exists().where(clicks.c.turn_id == turns.c.id, kind == "draft_edited")
    relabelled = exists().where(
        corrections.c.turn_id == turns.c.id, corrections.c.before != corrections.c.after, not_undone()
    )
    query = (
        select(turns.c.intent, turns.c.created_at, conversations.c.state, sent, edited, relabelled)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(
            turns.c.team_id == team,
            turns.c.reply_kind == "draft",
            turns.c.created_at >= since,
            conversations.c.is_test.is_(False),
            ~dismissed(),
        )
    )
    counts: defaultdict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for intent, created, state, was_sent, was_edited, other_label in session.execute(query):
        name = today(intent or "")
        if after and name in after and created <= after[name]:
            continue
        if was_sent:
            what = "edited" if was_edited or other_label else "unchanged"
        else:
            open_ = state != "closed" and not other_label and utcnow() - created < PATIENCE
            what = "waiting" if open_ else "unsent"
        counts[name][what] += 1
    return {name: Drafts(**each) for name, each in counts.items()}
