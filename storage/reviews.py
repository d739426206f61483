"""Which turns to show an agent first.

A label is worth most where somebody disagreed with the bot or the model was unsure; a small random share of the rest
keeps the picture honest (otherwise nobody would ever see a confident mistake).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from storage.corrections import not_undone
from storage.opt_outs import opted_out
from storage.tables import ERASED, clicks, conversations, corrections, feedback, turns

WINDOW = 2000
"""Newest turns that are looked at."""
RANDOM_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Candidate:
    turn_id: int
    confidence: float
    out_of_scope: bool
    disliked: bool
    disagreed: bool

    @property
    def worth(self) -> float:
        """Disagreement first, then doubt, from 0 to 1 each; a refusal as out of scope is doubt as well."""
        doubt = max(1 - self.confidence, 0.5 if self.out_of_scope else 0.0)
        return 2.0 * self.disliked + 2.0 * self.disagreed + doubt


def queue(session: Session, limit: int, team: str | None, rng: Random) -> list[int]:
    """Turn ids, the most useful first: finished turns with a prediction that no agent has judged yet."""
    if limit <= 0:
        return []
    ranked = sorted(_candidates(session, team), key=lambda candidate: (-candidate.worth, -candidate.turn_id))
    return _with_random_share([candidate.turn_id for candidate in ranked], limit, rng)


def _with_random_share(ranked: Sequence[int], limit: int, rng: Random) -> list[int]:
    if len(ranked) <= limit:
        return list(ranked)
    drawn = round(limit * RANDOM_SHARE)
    first, rest = ranked[: limit - drawn], ranked[limit - drawn :]
    return [*first, *rng.sample(list(rest), drawn)]


def _candidates(session: Session, team: str | None) -> list[Candidate]:
    judged = exists().where(corrections.c.turn_id == turns.c.id, not_undone())
    disliked = exists().where(feedback.c.turn_id == turns.c.id, feedback.c.value == "bad")
    otherwise = or_(
        clicks.c.kind.in_(("none_of_these", "talk_to_person")),
        (clicks.c.kind == "did_you_mean") & (clicks.c.value != func.coalesce(turns.c.intent, "")),
    )
    disagreed = exists().where(clicks.c.turn_id == turns.c.id, otherwise)
    query = (
        select(turns.c.id, turns.c.confidence, turns.c.out_of_scope, disliked, disagreed)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(
            turns.c.status.in_(("posted", "done")),
            turns.c.predicted_at.is_not(None),
            turns.c.text != ERASED,
            conversations.c.is_test.is_(False),
            ~opted_out(),
            ~judged,
        )
        .order_by(turns.c.id.desc())
        .limit(WINDOW)
    )
    if team is not None:
        query = query.where(turns.c.team_id == team)
    return [
        Candidate(turn_id, confidence or 0.0, bool(out), bool(bad), bool(other))
        for turn_id, confidence, out, bad, other in session.execute(query)
    ]
