"""What bench.intent compares with: a module each, with `TITLE`, `NOTE`, `train` and `load`.

    train(rows, folder, base, minutes) -> what to say of this training, in a few words, or the empty string
    load(folder) -> classify(texts) -> one `Said` a text

Rows are in scope; `folder` is all that passes from the process that trains to the fresh one that classifies. A peer
says with its own words how doubtful it is; most have no more than 1 - their highest probability.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

NAMES = ("ours", "setfit", "tutorial", "frozen", "tfidf", "static")
Row = tuple[str, str]
"""Text and label."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a peer says of one text."""

    intent: str
    confidence: float
    doubt: float
    """Higher is farther from everything known."""


Classify = Callable[[Sequence[str]], list[Said]]


def module(name: str) -> Any:
    return importlib.import_module(f"bench.peers.{name}")


def said(labels: Sequence[str], chances: Sequence[Sequence[float]]) -> list[Said]:
    """Of class probabilities, [n, c]: the highest, and how much it lacks to certainty."""
    found = []
    for row in chances:
        best = max(range(len(labels)), key=lambda i: row[i])
        found.append(Said(str(labels[best]), float(row[best]), 1 - float(row[best])))
    return found
