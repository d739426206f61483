"""What the gate found, in plain words first. Loads no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from model.types import Evaluation, Example, UnderstudyError


@dataclass(frozen=True, slots=True)
class Answers:
    """Rows, and the label each version gives them."""

    examples: Sequence[Example]
    champion: Sequence[str] | None
    challenger: Sequence[str]

    def __post_init__(self) -> None:
        for said in (self.champion, self.challenger):
            if said is not None and len(said) != len(self.examples):
                raise UnderstudyError(f"expected {len(self.examples)} predictions to compare, found {len(said)}.")

    @property
    def truth(self) -> list[str]:
        return [row.label for row in self.examples]

    def right(self, said: Sequence[str]) -> list[bool]:
        return [a == row.label for a, row in zip(said, self.examples, strict=True)]


@dataclass(slots=True)
class Findings:
    """What speaks against the challenger, and the figures."""

    refusals: list[tuple[str, str]] = field(default_factory=list)
    """Rule and reason, the deciding one first."""
    notes: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)


def plain_words(
    found: Findings, old: str | None, challenger: Evaluation, test: Answers, corrected: Answers | None
) -> tuple[str, ...]:
    new = challenger.version
    if found.refusals:
        stays = f"{old} stays live, {new} was refused" if old else f"{new} was refused and nothing is live yet"
        first = f"{stays}: {found.refusals[0][1]}."
        others = [f"Also: {reason}." for _, reason in found.refusals[1:6]]
        more = [f"And {len(found.refusals) - 6} more."] if len(found.refusals) > 6 else []
        words = (first, *others, *more, _figures(found, old), *found.notes)
    else:
        first = f"{new} is live.{_gained(old, test, corrected)}{_turned(found)}"
        words = (first, _figures(found, old), *found.notes)
    return tuple(line for line in words if line)


def _gained(old: str | None, test: Answers, corrected: Answers | None) -> str:
    """What agents want to know: the messages they corrected; without any, the test messages."""
    mine = bool(corrected and corrected.examples)
    answers = corrected if corrected is not None and mine else test
    what = "messages you corrected" if mine else "test messages"
    if not answers.examples:
        return ""
    if len(answers.examples) == 1:
        now = _how(answers, answers.challenger)
        before = f", which {old} got {_how(answers, answers.champion)}" if old and answers.champion is not None else ""
        return f" It gets the one {what.replace('messages', 'message')} {now}{before}."
    text = f" Of the {len(answers.examples)} {what} it now gets {sum(answers.right(answers.challenger))} right"
    if old is not None and answers.champion is not None:
        return f"{text}, {old} got {sum(answers.right(answers.champion))}."
    return f"{text}."


def _how(answers: Answers, said: Sequence[str]) -> str:
    return "right" if all(answers.right(said)) else "wrong"


def _turned(found: Findings) -> str:
    """How many of all messages turned, each way; nothing where all that did are the corrected ones just told of."""
    right, wrong = (_count(found.figures[name]) for name in ("now_right", "now_wrong"))
    mine = found.figures.get("corrected")
    gained = mine.get("challenger", 0) - mine.get("champion", 0) if isinstance(mine, Mapping) else 0
    told = [_change(right, "wrong", "right")] if right and (wrong or right > gained) else []
    told += [_change(wrong, "right", "wrong")] if wrong else []
    return f" {', '.join(told)}." if told else ""


def _count(keys: object) -> int:
    return len(keys) if isinstance(keys, list) else 0


def _change(n: int, before: str, after: str) -> str:
    was, now = ("was", "is") if n == 1 else ("were", "are")
    return f"{n} that {was} {before} {now} now {after}"


def _figures(found: Findings, old: str | None) -> str:
    """One line: the measures, with the champion's in brackets; empty where nothing was measured."""
    if not found.figures["n"]:
        return ""
    names = {"accuracy": "accuracy", "macro_f1": "macro-F1", "oos_recall": "out-of-scope recall"}
    after, before = found.figures["challenger"], found.figures.get("champion")
    parts = []
    for name, words in names.items():
        value = after.get(name) if isinstance(after, Mapping) else None
        if value is not None:
            was = before.get(name) if isinstance(before, Mapping) else None
            parts.append(f"{words} {_percent(value)}" + (f" ({old}: {_percent(was)})" if was is not None else ""))
    return f"On {found.figures['n']} test messages: {', '.join(parts)}."


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f} %"
