"""Carries an event of bot/lifecycle.py out in SQL. The one place that changes a case's state."""

from dataclasses import dataclass
from datetime import datetime

from bot.lifecycle import Event, Told, step
from storage.conversations import Conversation, Conversations
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a case."""

    case: Conversation | None
    """As it is now; none where there is no such case."""
    moved: bool = False
    tell: frozenset[Told] = frozenset()


def apply(
    session: Session,
    case_id: int,
    event: Event,
    now: datetime,
    *,
    holder: str | None = None,
    unchanged: Conversation | None = None,
) -> Moved:
    """Let an event happen: from the state that SQL holds at this moment, by compare-and-set.

    Args:
        holder: who has the case where it goes to a person.
        unchanged: nothing happens where the case has moved, or its holder stirred, since it was read so.
    """
    cases = Conversations(session)
    while True:
        case = cases.get(case_id)
        if case is None or (unchanged is not None and _stirred(case, unchanged)):
            return Moved(case)
        taken = step(case.state, event)
        given = event is Event.GIVEN and case.state == "human" and case.holder != holder
        if taken.to == case.state and not given:
            return Moved(case, False, taken.tell)
        having, still = holder if taken.to == "human" else None, case if given else unchanged
        # Where somebody else was quicker the state is read again: each round that fails is another's success.
        if cases.move(case_id, expected={case.state}, to=taken.to, holder=having, now=now, unchanged=still):
            return Moved(cases.get(case_id), True, taken.tell)


def _stirred(case: Conversation, before: Conversation) -> bool:
    return (case.moves, case.holder_at) != (before.moves, before.holder_at)
