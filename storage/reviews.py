"""Which turns to show an agent first.

A turn's worth is what a label on it would teach:

    2 * disliked + 2 * disagreed + doubt + 0.5 * rarity

where `doubt` is 1 minus the confidence (at least 0.5 for a refusal as out of scope) and `rarity` is 1 / (1 + rows / 10)
of the intent's labelled rows. Every tenth turn shown is drawn at random from the others: otherwise nobody would ever
see a confident mistake. What was judged comes back only where two people disagree, and a label given in the review
settles that.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from storage.clicks import MEANT, REFUSED
from storage.corrections import not_undone
from storage.dismissals import dismissed
from storage.opt_outs import opted_out
from storage.session import Session
from storage.tables import ERASED, attachments, clicks, conversations, corrections, feedback, turns, utterances

WINDOW = 2000
"""Newest turns that are looked at."""
RANDOM_EVERY = 10
RARE = 10
"""Labelled rows at which an intent counts half as rare as one without any."""
Differ = Literal["", "customer", "agents", "agent and customer"]
Today = Callable[[str], str]
"""What a label is called now."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which turns are wanted."""

    intent: str = ""
    """Of today's names; empty for any."""
    below: float | None = None
    """Only turns that the model was less confident of."""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    turn_id: int
    confidence: float
    out_of_scope: bool
    disliked: bool
    disagreed: Differ = ""
    """Who sees it differently: the customer than the bot, or people among themselves."""
    rows: int = 0
    """Labelled rows of its intent."""
    drawn: bool = False
    """Whether chance put it here."""

    @property
    def doubt(self) -> float:
        return max(1 - self.confidence, 0.5 if self.out_of_scope else 0.0)

    @property
    def rarity(self) -> float:
        return 0.0 if self.out_of_scope else 1 / (1 + self.rows / RARE)

    @property
    def worth(self) -> float:
        return 2.0 * self.disliked + 2.0 * bool(self.disagreed) + self.doubt + 0.5 * self.rarity


def queue(
    session: Session, team: str | None, where: Filter | None = None, *, shown: int = 0, today: Today = str
) -> list[Candidate]:
    """Finished turns with a prediction, the most useful to label first.

    Args:
        shown: how many were shown before: every tenth place is chance's.
    """
    found = _candidates(session, team, where or Filter(), today)
    ranked = sorted(found, key=lambda each: (-each.worth, -each.turn_id))
    return arranged(ranked, shown)


def arranged(ranked: Sequence[Candidate], shown: int = 0) -> list[Candidate]:
    """The same turns with every tenth place, counted from `shown`, given to one drawn at random."""
    best = iter(ranked)
    # A number scattered by its id: as good as chance, and the same at every look.
    chance = iter(sorted(ranked, key=lambda each: (each.turn_id * 2654435761) % 2**32))
    placed: list[Candidate] = []
    taken: set[int] = set()
    while len(placed) < len(ranked):
        drawn = (shown + len(placed)) % RANDOM_EVERY == RANDOM_EVERY - 1
        each = next(one for one in (chance if drawn else best) if one.turn_id not in taken)
        taken.add(each.turn_id)
        placed.append(replace(each, drawn=drawn))
    return placed


def _candidates(session: Session, team: str | None, where: Filter, today: Today) -> list[Candidate]:
    turned = session.execute(_turns(team, where)).all()
    oldest = min((turn_id for turn_id, *_ in turned), default=0)
    standing = _labels(session, team, oldest)
    chosen = _choices(session, team, oldest)
    rows = _rows(session, team, today)
    found = []
    for turn_id, intent, confidence, out, disliked, otherwise in turned:
        name = today(intent or "")
        differ = _disagreed(standing.get(turn_id, []), chosen.get(turn_id, ""), bool(otherwise), today)
        if differ is None or (where.intent and (out or name != where.intent)):
            continue
        found.append(Candidate(turn_id, confidence or 0.0, bool(out), bool(disliked), differ, rows[name]))
    return found


@dataclass(frozen=True, slots=True)
class _Label:
    after: str
    by: str
    source: str


def _disagreed(labels: Sequence[_Label], chosen: str, otherwise: bool, today: Today) -> Differ | None:
    """Who disagrees about a turn; None where it is judged and nobody does."""
    if not labels:
        return "customer" if otherwise else ""
    last = labels[-1]
    if last.source == "review":
        return None
    if any(each.by != last.by and today(each.after) != today(last.after) for each in labels):
        return "agents"
    return "agent and customer" if chosen and today(chosen) != today(last.after) else None


def _turns(team: str | None, where: Filter) -> Select[Any]:
    disliked = exists().where(feedback.c.turn_id == turns.c.id, feedback.c.value == "bad")
    differs = or_(
        clicks.c.kind.in_(REFUSED),
        clicks.c.kind.in_(MEANT) & (clicks.c.value != func.coalesce(turns.c.intent, "")),
    )
    otherwise = exists().where(clicks.c.turn_id == turns.c.id, differs)
    # A picture, or something said, without words beside it.
    came = (attachments.c.turn_id == turns.c.id) & or_(attachments.c.name == ERASED, attachments.c.text == ERASED)
    taken_back = (turns.c.text == "") & exists().where(came)
    wanted: list[ColumnElement[bool]] = [] if team is None else [turns.c.team_id == team]
    if where.below is not None:
        wanted.append(turns.c.confidence < where.below)
    if where.since is not None:
        wanted.append(turns.c.created_at >= where.since)
    return (
        select(turns.c.id, turns.c.intent, turns.c.confidence, turns.c.out_of_scope, disliked, otherwise)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(
            turns.c.status.in_(("posted", "done")),
            turns.c.predicted_at.is_not(None),
            turns.c.text != ERASED,
            ~taken_back,
            conversations.c.is_test.is_(False),
            ~opted_out(),
            ~dismissed(),
            *wanted,
        )
        .order_by(turns.c.created_at.desc(), turns.c.id.desc())
        .limit(WINDOW)
    )


def _labels(session: Session, team: str | None, oldest: int) -> dict[int, list[_Label]]:
    """What agents said of each turn from `oldest` on and did not take back, oldest first."""
    query = select(corrections.c.turn_id, corrections.c.after, corrections.c.by, corrections.c.source)
    query = query.where(corrections.c.turn_id >= oldest, not_undone()).order_by(corrections.c.id)
    if team is not None:
        query = query.where(corrections.c.team_id == team)
    found: defaultdict[int, list[_Label]] = defaultdict(list)
    for turn_id, after, by, source in session.execute(query):
        found[turn_id].append(_Label(after, by, source))
    return found


def _choices(session: Session, team: str | None, oldest: int) -> dict[int, str]:
    """What customers chose under "Did you mean", or in place of writing, of turns from `oldest` on."""
    query = select(clicks.c.turn_id, clicks.c.value).where(clicks.c.turn_id >= oldest, clicks.c.kind.in_(MEANT))
    if team is not None:
        query = query.where(clicks.c.team_id == team)
    return {row.turn_id: row.value for row in session.execute(query)}


def _rows(session: Session, team: str | None, today: Today) -> Counter[str]:
    """Labelled rows by intent: imported ones and agents' labels."""
    counts: Counter[str] = Counter()
    for table, label in ((utterances, utterances.c.label), (corrections, corrections.c.after)):
        query = select(label, func.count()).group_by(label)
        if team is not None:
            query = query.where(table.c.team_id == team)
        for name, number in session.execute(query):
            counts[today(name)] += number
    return counts
