"""The verdict between champion and challenger, in plain words first. Loads no torch.

Both were measured on the same test rows, as the artefact that serves, with the override memory off. A challenger is
refused when it is broken, or worse by more than chance: in macro-F1, in out-of-scope recall, on the messages that
agents corrected, in one intent by more than 10 points of recall, or when of all messages that turn, test rows and
corrected ones together, more turn wrong than right.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from model.dataset import fingerprint
from model.paired import Difference, chance_of_losing, macro_f1_difference, mean_difference
from model.types import OOS, Evaluation, Example, Verdict
from model.verdict import Answers, Findings, plain_words

FALL = 0.10
"""An intent may not lose more of its recall than this."""
FEW = 10
"""Intents with fewer test rows are judged together."""
CHANCE = 0.05
"""A fall of one intent counts when chance alone makes it less often than this (exact sign test). With 20 intents of
17 rows, two equally good models of 92 % are then told apart by mistake in 1 of 15 runs; at 0.10 in 1 of 5."""
MEASURES = ("accuracy", "macro_precision", "macro_recall", "macro_f1", "oos_recall", "ece")


def decide(
    champion: Evaluation | None,
    challenger: Evaluation,
    champion_labels: Sequence[str] | None,
    challenger_labels: Sequence[str],
    examples: Sequence[Example],
    *,
    corrected: Answers | None = None,
    seed: int = 7,
) -> Verdict:
    """Decide whether the challenger goes live.

    Args:
        champion, champion_labels: of the live version; none when there is none yet.
        challenger_labels: what the challenger says of each of `examples`, an intent or `oos`.
        examples: the test rows.
        corrected: messages that agents corrected, with their labels, whether trained on or not.
        seed: of the resampling.
    """
    test = Answers(examples, champion_labels, challenger_labels)
    found = Findings(figures={"n": len(examples), "challenger": _measures(challenger)})
    _check_sound(found, challenger, test)
    if champion is not None and champion_labels is not None:
        found.figures["champion"] = _measures(champion)
        if not found.refusals:
            _compare(found, test, corrected, seed)
    elif not found.refusals:
        _check_better_than_majority(found, test)
    _check_balance(found, *_list_changes(found, test, corrected))
    found.figures["failed"] = [rule for rule, _ in found.refusals]
    words = plain_words(found, champion.version if champion else None, challenger, test, corrected)
    return Verdict(not found.refusals, words, found.figures)


def _compare(found: Findings, test: Answers, corrected: Answers | None, seed: int) -> None:
    if not test.examples:
        found.notes.append("There are no test rows yet, so only corrected messages were compared.")
        if corrected is not None:
            _check_corrected(found, corrected)
        return
    fallen = _check_intents(found, test)
    whole = _check_whole(found, test, seed)
    # One or two intents are named first; when nearly all fall, that the whole falls says more.
    found.refusals = whole + fallen if len(fallen) > 5 else fallen + whole
    if corrected is not None:
        _check_corrected(found, corrected)


def _check_sound(found: Findings, challenger: Evaluation, test: Answers) -> None:
    numbers = [value for name in MEASURES if (value := getattr(challenger, name)) is not None]
    if not all(math.isfinite(value) for value in numbers):
        found.refusals.append(("broken", "the new model is broken: its figures are no numbers"))
    elif len(set(test.truth)) > 1 and len(set(test.challenger)) == 1:
        only = test.challenger[0]
        found.refusals.append(("broken", f"the new model is broken: it says {only} to all {len(test.examples)} rows"))


def _check_better_than_majority(found: Findings, test: Answers) -> None:
    if not test.examples:
        found.notes.append("There are no test rows yet, so nothing says how good it is: import more labelled messages.")
        return
    label, n = Counter(test.truth).most_common(1)[0]
    gain = mean_difference([truth == label for truth in test.truth], test.right(test.challenger))
    if gain.low <= 0 and len(set(test.truth)) > 1:
        right = sum(test.right(test.challenger))
        found.refusals.append(
            (
                "majority",
                f"it gets {right} of {len(test.examples)} test messages right, and always answering {label} gets {n}. "
                f"Look at the labels of what was imported: they do not fit the texts",
            )
        )


def _check_whole(found: Findings, test: Answers, seed: int) -> list[tuple[str, str]]:
    assert test.champion is not None
    refusals = []
    f1 = macro_f1_difference(test.truth, test.champion, test.challenger, seed)
    differences = {"macro_f1": f1}
    outside = [i for i, label in enumerate(test.truth) if label == OOS]
    if outside:
        before = [test.champion[i] == OOS for i in outside]
        differences[OOS] = mean_difference(before, [test.challenger[i] == OOS for i in outside], seed)
    if f1.high < 0:
        refusals.append(("macro_f1", f"over all intents it is worse: macro-F1 {_moved(f1)}. {_LOOK_AT_ALL}"))
    if outside and differences[OOS].high < 0:
        moved = _moved(differences[OOS])
        refusals.append(
            (
                "oos_recall",
                f"it answers more of what it should leave alone: out-of-scope recall {moved}. {_LOOK_AT_OOS}",
            )
        )
    found.figures["difference"] = {name: asdict(value) for name, value in differences.items()}
    return refusals


_LOOK_AT_ALL = "Look at the latest corrections and imports, their labels may be mixed up: /support review"
_LOOK_AT_OOS = "Look at the corrections to an intent of messages that no intent fits: /support review"


def _check_intents(found: Findings, test: Answers) -> list[tuple[str, str]]:
    """Every intent with enough rows by itself, the others together."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for i, label in enumerate(test.truth):
        if label != OOS:
            rows[label].append(i)
    few = sorted(label for label, mine in rows.items() if len(mine) < FEW)
    pooled = [i for label in few for i in rows.pop(label)]
    falls = [_fall(label, mine, test) for label, mine in sorted(rows.items())]
    refusals = [fall.refusal(test) for fall in sorted(falls, key=lambda fall: fall.change) if fall.counts]
    figures: dict[str, object] = {fall.label: fall.figures for fall in falls}
    if few:
        names = ", ".join(few[:8]) + (f" and {len(few) - 8} more" if len(few) > 8 else "")
        found.notes.append(f"Too few to tell one by one (under {FEW} test messages): {names}.")
        together = _fall(few[0] if len(few) == 1 else f"the {len(few)} smallest intents together", pooled, test)
        figures["pooled"] = {**together.figures, "intents": few}
        if together.counts:
            refusals.append(together.refusal(test))
    found.figures["intents"] = figures
    return refusals


@dataclass(frozen=True, slots=True)
class _Fall:
    """How one intent's recall moved."""

    label: str
    rows: Sequence[int]
    before: int
    after: int
    chance: float

    @property
    def change(self) -> float:
        return (self.after - self.before) / len(self.rows)

    @property
    def counts(self) -> bool:
        return self.change < -FALL and self.chance < CHANCE

    @property
    def figures(self) -> dict[str, float]:
        n = len(self.rows)
        recall = {"champion": round(self.before / n, 4), "challenger": round(self.after / n, 4)}
        return {"n": n, **recall, "chance": round(self.chance, 4)}

    def refusal(self, test: Answers) -> tuple[str, str]:
        n = len(self.rows)
        taken = Counter(
            said for i in self.rows if (said := test.challenger[i]) != test.truth[i] and test.champion is not None
        ).most_common(1)
        instead = f", {taken[0][1]} of them taken for {taken[0][0]}" if taken else ""
        return (
            f"intent:{self.label}",
            f"{self.label} falls from {self.before} to {self.after} right of its {n} test messages{instead}. "
            f"Look at the corrections of {self.label}: /support review",
        )


def _fall(label: str, rows: Sequence[int], test: Answers) -> _Fall:
    assert test.champion is not None
    before = np.array([test.champion[i] == test.truth[i] for i in rows])
    after = np.array([test.challenger[i] == test.truth[i] for i in rows])
    chance = chance_of_losing(int((before & ~after).sum()), int((after & ~before).sum()))
    return _Fall(label, rows, int(before.sum()), int(after.sum()), chance)


def _check_corrected(found: Findings, corrected: Answers) -> None:
    if corrected.champion is None or not corrected.examples:
        return
    before, after = corrected.right(corrected.champion), corrected.right(corrected.challenger)
    lost = sum(a and not b for a, b in zip(before, after, strict=True))
    won = sum(b and not a for a, b in zip(before, after, strict=True))
    if lost > won and chance_of_losing(lost, won) < CHANCE:
        found.refusals.append(
            (
                "corrected",
                f"of the {len(before)} messages you corrected it gets {sum(after)} right, the live one {sum(before)}. "
                f"Look whether corrections contradict each other: /support review",
            )
        )


def _check_balance(found: Findings, lost: int, won: int) -> None:
    """Of the messages that turn, test rows and corrected ones together, each once: `lost` turn wrong, `won` right."""
    if lost > won and chance_of_losing(lost, won) < CHANCE and not found.refusals:
        found.refusals.append(
            (
                "balance",
                f"{lost} messages that the live model gets right would turn wrong, and only {won} the other way. "
                f"Nothing needs to be done: corrections hold by themselves, and the next training has more of them",
            )
        )


def _list_changes(found: Findings, test: Answers, corrected: Answers | None) -> tuple[int, int]:
    """Which rows changed their label, as fingerprints: a verdict outlives a customer's wish to be forgotten.

    Returns how many turned wrong, and how many right.
    """
    wrong: dict[str, None] = {}
    right: dict[str, None] = {}
    changed: dict[str, list[str]] = {}
    for answers in (test, corrected):
        if answers is None or answers.champion is None:
            continue
        rows = zip(answers.examples, answers.champion, answers.challenger, strict=True)
        for row, before, after in rows:
            if before != after:
                changed[fingerprint(row.text)] = [before, after]
            if (before == row.label) != (after == row.label):
                (wrong if before == row.label else right)[fingerprint(row.text)] = None
    found.figures["now_wrong"], found.figures["now_right"] = list(wrong), list(right)
    found.figures["changed"] = changed
    if corrected is not None:
        counts = {"n": len(corrected.examples), "challenger": sum(corrected.right(corrected.challenger))}
        if corrected.champion is not None:
            counts["champion"] = sum(corrected.right(corrected.champion))
        found.figures["corrected"] = counts
    return len(wrong), len(right)


def _measures(evaluation: Evaluation) -> dict[str, float | None]:
    found = {name: getattr(evaluation, name) for name in MEASURES}
    return {
        name: None if value is None or not math.isfinite(value) else round(value, 5) for name, value in found.items()
    }


def _moved(difference: Difference) -> str:
    low, high = 100 * difference.low, 100 * difference.high
    return f"{100 * difference.value:+.1f} points (95 % of resamples: {low:+.1f} to {high:+.1f})"
