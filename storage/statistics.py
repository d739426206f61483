"""Counts over turns, for `/support stats` and `understudy status`.

Agents' test cases never count, nor does what was no request.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from storage.corrections import not_undone
from storage.dismissals import dismissed
from storage.redaction import BY_AGENT
from storage.session import Session
from storage.tables import clicks, conversations, corrections, feedback, turns

ANSWERED, DRAFTED, ASKED_BACK, OFFERED, HANDED_OVER, SMALL_TALK, SILENT, FAILED = (
    "answered",
    "drafted",
    "asked back",
    "out of scope",
    "handed over",
    "small talk",
    "silent",
    "failed",
)
OUTCOMES = (ANSWERED, DRAFTED, ASKED_BACK, OFFERED, HANDED_OVER, SMALL_TALK, SILENT, FAILED)
"""What becomes of a turn, each of exactly one; a turn at work is of none yet."""
_ROUTES = {"ANSWER": ANSWERED, "CLARIFY": ASKED_BACK, "OFFER": OFFERED, "HANDOFF": HANDED_OVER}


@dataclass(frozen=True, slots=True)
class Stats:
    turns: int
    answered: int
    """By the bot itself: drafts, small talk and silent turns are counted beside it."""
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
    drafted: int = 0
    silent: int = 0
    small_talk: int = 0
    cases: int = 0
    alone: int = 0
    """Cases with an answer of the bot's, in which no person was called, asked for or at work."""
    asked: int = 0
    """Turns under which a customer pressed "Talk to a person"."""
    handed: tuple[tuple[tuple[str, ...], int], ...] = ()
    """(intents of all its requests, turns) of those handed over; `("oos",)` for those out of scope."""
    opened: int = 0
    """Turns that an agent made requests: nobody had asked the bot."""
    days: tuple[tuple[date, Mapping[str, int]], ...] = ()
    """Outcomes by day, oldest first; days without a message are not there."""


def stats(
    session: Session,
    since: datetime,
    team: str | None = None,
    intents: Collection[str] = (),
    zone: tzinfo | None = None,
) -> Stats:
    """Counts of the turns created since then.

    Args:
        intents: only turns that the model took for one of these; empty for all.
        zone: whose days are counted; UTC where none is given.
    """
    wanted: list[ColumnElement[bool]] = [] if team is None else [turns.c.team_id == team]
    if intents:
        wanted += [turns.c.intent.in_(list(intents)), turns.c.out_of_scope.is_(False)]
    c = turns.c
    query = (
        select(
            c.id, c.conversation_id, c.status, c.route, c.intent, c.out_of_scope, c.timings, c.reply_kind, c.created_at,
            c.requests, c.event_id, conversations.c.state, conversations.c.holder,
        )
        .join(conversations, conversations.c.id == c.conversation_id)
        .where(c.created_at >= since, conversations.c.is_test.is_(False), c.joined_to.is_(None), ~dismissed(), *wanted)
        .order_by(c.id)
    )  # fmt: skip
    rows: Sequence[Any] = session.execute(query).all()
    inner = query.with_only_columns(c.id).order_by(None)
    outcomes = Counter(outcome(row) for row in rows)
    totals = sorted(float(row.timings["total"]) for row in rows if row.timings and "total" in row.timings)
    called = select(clicks.c.turn_id).where(clicks.c.turn_id.in_(inner), clicks.c.kind == "talk_to_person")
    pressed = set(session.scalars(called))
    cases = _by_case(rows)
    return Stats(
        turns=len(rows),
        answered=outcomes[ANSWERED],
        clarified=outcomes[ASKED_BACK],
        offered=outcomes[OFFERED],
        handed_over=outcomes[HANDED_OVER],
        failed=outcomes[FAILED],
        good=_turns(session, feedback, inner, feedback.c.value == "good"),
        bad=_turns(session, feedback, inner, feedback.c.value == "bad"),
        corrected=_turns(session, corrections, inner, (corrections.c.before != corrections.c.after) & not_undone()),
        p50_ms=_quantile(totals, 0.5),
        p95_ms=_quantile(totals, 0.95),
        by_intent=dict(Counter(row.intent for row in rows if row.intent).most_common()),
        drafted=outcomes[DRAFTED],
        silent=outcomes[SILENT],
        small_talk=outcomes[SMALL_TALK],
        cases=len(cases),
        alone=sum(_alone(each, pressed) for each in cases.values()),
        asked=sum(row.id in pressed for row in rows),
        handed=_handed(rows),
        opened=sum(_opened(row) for row in rows),
        days=_days(rows, zone),
    )


def outcome(row: Any) -> str:
    """One of OUTCOMES, or empty for a turn at work."""
    if row.status == "failed":
        return FAILED
    if row.reply_kind == "silent":
        return SILENT
    if row.reply_kind == "small_talk":
        return SMALL_TALK
    return DRAFTED if row.reply_kind == "draft" else _ROUTES.get((row.route or "").upper(), "")


def _by_case(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.conversation_id].append(row)
    return found


def _alone(rows: Sequence[Any], pressed: Collection[int]) -> bool:
    kinds = {outcome(row) for row in rows}
    people = kinds & {HANDED_OVER, DRAFTED, FAILED} or any(row.id in pressed for row in rows)
    return ANSWERED in kinds and not people and rows[-1].state in ("bot", "closed") and not rows[-1].holder


def _opened(row: Any) -> bool:
    return outcome(row) == HANDED_OVER and str(row.event_id).startswith(BY_AGENT)


def _handed(rows: Sequence[Any]) -> tuple[tuple[tuple[str, ...], int], ...]:
    counts = Counter(_asked(row) for row in rows if outcome(row) == HANDED_OVER and not _opened(row))
    return tuple(counts.most_common())


def _asked(row: Any) -> tuple[str, ...]:
    """The intents of all that a turn asks for, the main one first."""
    if row.out_of_scope:
        return ("oos",)
    return tuple(dict.fromkeys([row.intent or "", *(str(request[0]) for request in row.requests or ())]))


def _days(rows: Sequence[Any], zone: tzinfo | None) -> tuple[tuple[date, Mapping[str, int]], ...]:
    days: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for row in rows:
        days[(row.created_at.astimezone(zone) if zone else row.created_at).date()][outcome(row)] += 1
    return tuple(
        (day, {name: counts[name] for name in OUTCOMES if counts[name]}) for day, counts in sorted(days.items())
    )


def _turns(session: Session, table: Table, inner: Any, condition: Any) -> int:
    """How many different turns of `inner` have such a row."""
    query = select(func.count(table.c.turn_id.distinct())).where(table.c.turn_id.in_(inner), condition)
    return int(session.execute(query).scalar_one())


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """Nearest rank."""
    return ordered[ceil(len(ordered) * share) - 1] if ordered else None
