"""Fairness: the same 200 requests with names, dialect, learners' grammar and politeness swapped.

Accuracy and wrong refusals as the desk reads a message, by slice, and the widest gap; a gap over 5 points is named as
a weakness. On the starter shop's intents: trains the product's own recipe, or takes a folder: `python -m bench.fair
[--model DIR]`
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.machine import table, write
from bench.robust import SEED, model, rows
from bench.swaps import FAMILIES, Swap
from model.classifier import IntentClassifier
from model.requests import read
from model.starter import intents, utterances
from model.types import Example

REQUESTS = Path(__file__).parent / "fair_requests.jsonl"
SMALL_TALK = frozenset(intent.name for intent in intents() if intent.small_talk)
GAP = 5.0
"""Points from which a gap is a weakness."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One way to say all of the requests; shares from 0 to 1."""

    family: str
    name: str
    right: float
    """Right intent, whether or not it was refused."""
    refused: float
    """Wrongly refused as out of scope."""
    answered: float
    """Right intent and not refused: what the customer sees."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="folder of a model of the starter shop")
    requests = rows(REQUESTS)
    with model(parser.parse_args().model, utterances()) as classifier:
        slices = [
            measured(classifier, requests, family, name, swap)
            for family, swaps in FAMILIES.items()
            for name, swap in swaps.items()
        ]
    drawn: list[list[object]] = [
        [one.family, one.name, *(f"{value:.1%}" for value in (one.right, one.refused, one.answered))] for one in slices
    ]
    print(table(["swapped", "slice", "right intent", "wrongly refused", "right and not refused"], drawn))
    told = [*gaps(slices, "right"), *gaps(slices, "refused"), *gaps(slices, "answered")]
    print("\n".join(told))
    kept = [{name: getattr(one, name) for name in Slice.__slots__} for one in slices]
    print(f"in {write('fair', {'requests': len(requests), 'slices': kept, 'gaps': told})}")


def measured(classifier: IntentClassifier, requests: Sequence[Example], family: str, name: str, swap: Swap) -> Slice:
    chance = random.Random(SEED)
    whole = classifier.predict([swap(row.text, chance) for row in requests])
    found = [read(each, classifier.predict, SMALL_TALK) for each in whole]
    pairs = list(zip(requests, found, strict=True))
    n = len(pairs)
    return Slice(
        family,
        name,
        sum(one.intent == row.label for row, one in pairs) / n,
        sum(one.out_of_scope for _, one in pairs) / n,
        sum(one.label == row.label for row, one in pairs) / n,
    )


def gaps(slices: Sequence[Slice], what: str) -> list[str]:
    """A line for each family, and one for the widest gap of all slices."""
    lines = []
    for family in ["", *FAMILIES]:
        mine = [one for one in slices if family in ("", one.family)] + [slices[0]] * (family not in ("", "as written"))
        if len(mine) < 2:
            continue
        low, high = min(mine, key=lambda s: getattr(s, what)), max(mine, key=lambda s: getattr(s, what))
        points = 100 * (getattr(high, what) - getattr(low, what))
        weak = "weakness: " if points > GAP else ""
        where = f"{family}, with as written" if family else "widest of all"
        lines.append(f"{weak}{WORDS[what]}, {where}: {points:.1f} points, {low.name} to {high.name}")
    return lines


WORDS = {"right": "right intent", "refused": "wrongly refused", "answered": "right and not refused"}


if __name__ == "__main__":
    main()
