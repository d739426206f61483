"""How the desk answers: by itself, as a draft that an agent sends, or not at all. `handling` is the one that decides.

The desk's mode is what counts where nobody said more. A channel or an intent may have a mode of its own, which then
counts in the desk's place; where both have one, the more careful counts. So an intent can be trusted in a desk that
drafts, and a silent channel stays silent whatever is trusted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from storage.desk_rules import DeskRule


class Mode(StrEnum):
    """The later, the more careful."""

    AUTOMATIC = "automatic"
    """The bot answers, agents correct."""
    DRAFT = "draft"
    """An agent sends each answer."""
    SILENT = "silent"
    """Messages are understood and logged; nothing is said, and no card made unless a person is asked for."""


CARE = tuple(Mode)


@dataclass(frozen=True, slots=True)
class Rule:
    """What was said of a channel or an intent."""

    mode: Mode | None = None
    """None: nothing of its own."""
    threshold: float | None = None
    """Confidence from which an intent is answered, from 0 to 1; none: as everywhere."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that was said, as it stands."""

    desk: Mode
    channels: Mapping[str, Rule] = field(default_factory=dict)
    intents: Mapping[str, Rule] = field(default_factory=dict)
    answer_all: frozenset[str] = frozenset()
    """Channels in which every message is a customer's."""


@dataclass(frozen=True, slots=True)
class Handling:
    """How one message is handled."""

    mode: Mode
    threshold: float | None = None


def handling(rules: Rules, channel: str, intents: Sequence[str] = ()) -> Handling:
    """Mode and threshold of a message.

    Args:
        intents: what it asks, the main one first; the threshold is that of the first. Several modes: the most careful.
    """
    of_channel = rules.channels.get(channel, Rule())
    mine = [rules.intents.get(name, Rule()) for name in intents]
    modes = [careful([of_channel.mode, rule.mode]) or rules.desk for rule in mine or [Rule()]]
    return Handling(careful(modes) or rules.desk, mine[0].threshold if mine else None)


def careful(modes: Iterable[Mode | None]) -> Mode | None:
    """The most careful of those that were said; none where nobody said any."""
    return max((mode for mode in modes if mode is not None), key=CARE.index, default=None)


def standing(rows: Iterable[DeskRule], default: str, today: Callable[[str], str] = str) -> Rules:
    """The rules of a team.

    Args:
        rows: what was said and stands.
        default: the desk's mode where nobody has chosen one.
        today: what an intent is called now.
    """
    rows = list(rows)
    intents: dict[str, Rule] = {}
    for row in rows:
        if row.scope == "intent":
            name = today(row.subject)
            intents[name] = _joined(intents.get(name, Rule()), _rule(row))
    return Rules(
        next((Mode(row.mode) for row in rows if row.scope == "desk" and row.mode), Mode(default)),
        {row.subject: _rule(row) for row in rows if row.scope == "channel"},
        intents,
        frozenset(row.subject for row in rows if row.scope == "channel" and row.answer_all),
    )


def _rule(row: DeskRule) -> Rule:
    return Rule(Mode(row.mode) if row.mode else None, row.threshold)


def _joined(one: Rule, other: Rule) -> Rule:
    """Of intents that were merged: the more careful of each."""
    said = [threshold for threshold in (one.threshold, other.threshold) if threshold is not None]
    return Rule(careful([one.mode, other.mode]), max(said, default=None))
