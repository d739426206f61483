"""What an agent is shown to label, one turn after another, and why. Knows no Slack type."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot import showing
from bot.arguments import count, pairs, span
from bot.configuring import threshold
from bot.corrections import CorrectionDesk
from bot.kit import Kit
from bot.values import Case
from storage.reviews import Candidate, Filter, queue

SKIPPED = 100
"""So many skipped turns are remembered, and UNDO labels can be taken back: a modal holds 3,000 characters."""
UNDO = 20
MOST = 500
FORMS = {"n": "n=5", "intent": "intent=refund", "below": "below=0.6", "since": "since=7d"}
WHO = {
    "customer": "it did not help the customer, who chose something else or a person",
    "agents": "two agents disagree",
    "agent and customer": "an agent and the customer's choice disagree",
}
UNSURE = 0.3
"""Doubt from which it is named as a reason."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One agent's way through the queue; it travels inside the modal."""

    skipped: tuple[int, ...] = ()
    undo: tuple[int, ...] = ()
    """Corrections made on this way, the latest last."""
    done: int = 0
    """Turns labelled or skipped."""
    n: int = 0
    """How many are wanted; 0 for all."""
    intent: str = ""
    below: float | None = None
    since: str = ""
    """ISO 8601."""
    seen: int = 0
    """Id of the correction that stood when the turn was shown."""
    again: int = 0
    """A turn to be shown next, because its label was taken back."""
    within: str = ""
    """The time before `since` in the words that asked for it, such as `7d`."""

    def packed(self) -> dict[str, Any]:
        """What differs from a walk that begins, for JSON."""
        return {name: value for name, value in asdict(self).items() if value != getattr(_BEGIN, name)}

    @classmethod
    def unpacked(cls, kept: dict[str, Any]) -> "Walk":
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in kept.items()
            if name in cls.__slots__
        }
        return cls(**known)

    def skip(self, turn_id: int) -> "Walk":
        return replace(self, skipped=(*self.skipped, turn_id)[-SKIPPED:], done=self.done + 1, again=0)

    def labelled(self, correction_id: int) -> "Walk":
        return replace(self, undo=(*self.undo, correction_id)[-UNDO:], done=self.done + 1, again=0)

    def undone(self, turn_id: int) -> "Walk":
        return replace(self, undo=self.undo[:-1], done=max(self.done - 1, 0), again=turn_id)

    def narrowed(self, begun: "Walk") -> "Walk":
        """Another walk's filter from here on; what was skipped stays so, and what was labelled can be taken back."""
        return replace(begun, skipped=self.skipped, undo=self.undo)

    @property
    def asked(self) -> dict[str, str]:
        """What narrows it, by the names of FORMS, as it would be typed."""
        said = {
            "n": str(self.n or ""),
            "intent": self.intent,
            "below": "" if self.below is None else f"{self.below:g}",
            "since": self.within,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def filter(self) -> Filter:
        since = datetime.fromisoformat(self.since) if self.since else None
        return Filter(self.intent, self.below, since)


_BEGIN = Walk()


def begin(words: Sequence[str], corrections: CorrectionDesk) -> Walk:
    """A walk by the words behind `/support review`.

    Raises:
        UnderstudyError: what was expected, what was found.
        Refused: there is no such intent.
    """
    given = pairs(words, FORMS)
    otherwise = "leave `intent=` out to see those too."
    intent = corrections.intent(given["intent"], otherwise) if "intent" in given else ""
    since = datetime.now(UTC) - span(given["since"]) if "since" in given else None
    return Walk(
        n=count(given["n"], MOST) if "n" in given else 0,
        intent=intent,
        below=threshold(given["below"]) if "below" in given else None,
        since=since.isoformat(timespec="seconds") if since else "",
        within=given.get("since", ""),
    )


def upcoming(kit: Kit, walk: Walk) -> tuple[Case | None, int]:
    """The next turn of the walk, and how many come after it."""
    if walk.n and walk.done >= walk.n:
        return None, 0
    with kit.db.reading() as session:
        today = kit.catalogue.names().of
        found = queue(session, kit.team, walk.filter, shown=walk.done, today=today)
    waiting = [each for each in found if each.turn_id not in walk.skipped]
    if not waiting:
        return None, 0
    chosen = next((each for each in waiting if each.turn_id == walk.again), waiting[0])
    turn = kit.turn(chosen.turn_id)
    left = min(len(waiting), walk.n - walk.done if walk.n else len(waiting)) - 1
    return (replace(showing.case(kit, turn), why=reasons(chosen)) if turn else None), left


def waiting(kit: Kit) -> int:
    """How many turns wait for a look."""
    with kit.db.reading() as session:
        return len(queue(session, kit.team, today=kit.catalogue.names().of))


def reasons(each: Candidate) -> tuple[str, ...]:
    """Why a turn is in the queue, the weightiest first."""
    found = [WHO[each.disagreed]] if each.disagreed else []
    if each.disliked:
        found.append("the customer did not find the answer helpful")
    if each.out_of_scope:
        found.append("refused as out of scope")
    elif each.doubt >= UNSURE:
        found.append(f"the model was only {each.confidence:.0%} sure")
    if each.rarity > 0.5:
        found.append(f"a rare intent ({each.rows} labelled messages)")
    if each.drawn:
        found.append("drawn at random, to see what nobody doubts")
    return tuple(found) or ("nobody has looked at it yet",)
