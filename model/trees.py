"""A sum of small decision trees, read from plain JSON: how likely something is, from a few measures of it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Node = tuple[int, float, int, int]
"""Which measure, its threshold, the node for up to it and for above it; (-1, value, 0, 0) for a leaf."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees (Friedman 2001): log odds of `start`, and what each tree adds to them."""

    measures: tuple[str, ...]
    start: float
    trees: tuple[tuple[Node, ...], ...]
    limit: float
    """Probability above which the answer is yes."""
    limit_suspected: float
    """The same where a rule has said yes already."""

    def probability(self, measured: Mapping[str, float]) -> float:
        """0 to 1, from a value for each of `measures`."""
        values = [measured[name] for name in self.measures]
        return 1 / (1 + math.exp(-self.start - sum(_leaf(tree, values) for tree in self.trees)))


@cache
def read(file: Path) -> Trees:
    """The trees in a file that `bench.grounding_fit` has written."""
    data = json.loads(file.read_text(encoding="utf-8"))
    trees = tuple(tuple((int(a), float(b), int(c), int(d)) for a, b, c, d in tree) for tree in data["trees"])
    return Trees(tuple(data["measures"]), data["start"], trees, data["limit"], data["limit suspected"])


def _leaf(tree: tuple[Node, ...], values: list[float]) -> float:
    place = 0
    while True:
        measure, threshold, low, high = tree[place]
        if measure < 0:
            return threshold
        place = low if values[measure] <= threshold else high
