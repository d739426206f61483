"""Counts over turns, for `/support stats` and `understudy status`.

Agents' test cases never count, nor does what was no request.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from storage.corrections import not_undone
from storage.dismissals import dismissed
from storage.tables import conversations, corrections, feedback, turns


@dataclass(frozen=True, slots=True)
class Stats:
    turns: int
    answered: int
    clarified: int
    offered: int
    handed_over: int
    failed: int
    good: int
    bad: int
    corrected: int
    """Turns that an agent gave another label."""
    p50_ms: float | None
    """Message in to reply out, from `timings["total"]`; None without any."""
    p95_ms: float | None
    by_intent: Mapping[str, int]


def stats(session: Session, since: datetime, team: str | None = None) -> Stats:
    """Counts of the turns created since then."""
    query = (
        select(turns.c.id, turns.c.status, turns.c.route, turns.c.intent, turns.c.timings)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(turns.c.created_at >= since, conversations.c.is_test.is_(False), ~dismissed())
    )
    if team is not None:
        query = query.where(turns.c.team_id == team)
    rows = session.execute(query).all()
    inner = query.with_only_columns(turns.c.id)
    routes = Counter((row.route or "").upper() for row in rows)
    totals = sorted(float(row.timings["total"]) for row in rows if row.timings and "total" in row.timings)
    return Stats(
        turns=len(rows),
        answered=routes["ANSWER"],
        clarified=routes["CLARIFY"],
        offered=routes["OFFER"],
        handed_over=routes["HANDOFF"],
        failed=sum(row.status == "failed" for row in rows),
        good=_turns(session, feedback, inner, feedback.c.value == "good"),
        bad=_turns(session, feedback, inner, feedback.c.value == "bad"),
        corrected=_turns(session, corrections, inner, (corrections.c.before != corrections.c.after) & not_undone()),
        p50_ms=_quantile(totals, 0.5),
        p95_ms=_quantile(totals, 0.95),
        by_intent=dict(Counter(row.intent for row in rows if row.intent).most_common()),
    )


def _turns(session: Session, table: Table, inner: Any, condition: Any) -> int:
    """How many different turns of `inner` have such a row."""
    query = select(func.count(table.c.turn_id.distinct())).where(table.c.turn_id.in_(inner), condition)
    return int(session.execute(query).scalar_one())


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """Nearest rank."""
    return ordered[ceil(len(ordered) * share) - 1] if ordered else None
