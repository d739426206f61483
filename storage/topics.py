"""What customers ask about most, and what is kept of one of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.opt_outs import opted_out
from storage.redaction import turns_of
from storage.session import Session
from storage.tables import ERASED, conversations, turns


@dataclass(frozen=True, slots=True)
class Log:
    """A customer's messages that still have words."""

    messages: int
    since: datetime | None
    """When the first of them came."""


def asked_most(session: Session, team: str, since: datetime) -> list[tuple[str, int]]:
    """(intent, how often) of what was answered since then, the most frequent first, in the names of that time.

    Without agents' own tests, and without customers who want nothing learned from them.
    """
    count = func.count().label("n")
    query = (
        select(turns.c.intent, count)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(
            turns.c.team_id == team,
            turns.c.created_at >= since,
            turns.c.route == "ANSWER",
            turns.c.intent.is_not(None),
            conversations.c.is_test.is_(False),
            ~opted_out(),
        )
        .group_by(turns.c.intent)
        .order_by(count.desc(), turns.c.intent)
    )
    return [(str(row.intent), int(row.n)) for row in session.execute(query)]


def log_of(session: Session, team: str, user: str, customer_team: str = "") -> Log:
    """How many messages of this customer are kept, and since when."""
    mine = turns.c.id.in_(turns_of(team, user, customer_team))
    query = select(func.count(), func.min(turns.c.created_at)).where(mine, turns.c.text.not_in(("", ERASED)))
    messages, since = session.execute(query).one()
    return Log(int(messages), since)
