"""Draws rows of one intent together and those of others apart (supervised contrast, Khosla et al. 2020). Loads torch.

A classifier's loss asks of a row that it lies nearer to its own class than to the others; where a class has a handful
of rows, that leaves them scattered around it. Contrast asks the same of every pair of rows, which is what few rows have
many of. It needs rows of one intent within a batch: `grouped` brings them together.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

import torch
from torch import Tensor

SHARPNESS = 10.0
"""Of the cosines between rows: one over the temperature."""
TOGETHER = 4
"""Rows of one intent that enter a batch side by side."""
_FAR = -1e4


class Labelled(Protocol):
    """A row with its tokens and its class."""

    @property
    def ids(self) -> list[int]: ...

    @property
    def label(self) -> int: ...


R = TypeVar("R", bound=Labelled)


def contrast(vectors: Tensor, labels: Tensor) -> Tensor:
    """The sum over the rows of how surprising it is to find rows of their label nearest, a scalar.

    Args:
        vectors: [n, dim] of unit length.
        labels: [n] class numbers; rows below 0 are of no class, and only others' strangers.
    """
    itself = torch.eye(len(labels), dtype=torch.bool)
    alike = (labels[:, None] == labels[None, :]) & ~itself & (labels >= 0)[:, None]
    nearness = (SHARPNESS * vectors @ vectors.T).masked_fill(itself, _FAR).log_softmax(-1)
    return -((nearness * alike).sum(-1) / alike.sum(-1).clamp(min=1)).sum()


def grouped(rows: Sequence[R], size: int, shuffle: random.Random) -> Iterator[list[R]]:
    """Batches in which rows of one class stand together, in fours, beside others of like length; in a random order."""
    classes: defaultdict[int, list[R]] = defaultdict(list)
    for row in rows:
        classes[row.label].append(row)
    # Lengths are blurred, or the same rows would meet in every pass.
    groups: list[list[R]] = []
    for mine in classes.values():
        ordered = sorted(mine, key=lambda row: len(row.ids) * shuffle.uniform(0.6, 1.4))
        groups.extend(ordered[i : i + TOGETHER] for i in range(0, len(ordered), TOGETHER))
    groups.sort(key=lambda group: max(len(row.ids) for row in group) * shuffle.uniform(0.8, 1.2))
    line = [row for group in groups for row in group]
    batches = [line[i : i + size] for i in range(0, len(line), size)]
    shuffle.shuffle(batches)
    return iter(batches)
