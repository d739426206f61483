"""What is trained on and what is tested on, so that nothing leaks and nothing ever moves. Loads no torch.

Three demands pull against each other: no near-duplicate on both sides, no conversation on both sides, and no row that
ever changes sides when others come. They are met together by deciding a text's side once. The oldest text of a cluster
falls to a side by its hash; a later text takes the side of the texts it is near to, and of its conversation; a text
between both sides is held back: neither trained on nor tested on. The decisions are handed back (`sides`, hashes only)
and given again next time (`known`), so that deleting or reordering rows moves nothing either. Without them, rows in the
same order still give the same sides, whatever is added at the end.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from model.dataset import fingerprint
from model.memory import Encoder, Vectors
from model.types import STARTER, Example

Side = Literal["train", "test"]

NEAR = 0.95
"""Cosine in the base encoder's space from which two texts count as one."""
STARTER_SHARE = 0.3
"""Of each starter intent's texts at least this share are test rows."""
ENOUGH = 10
"""Test rows from which the gate judges an intent by itself (model/gate.py)."""
SHARE = 0.2
"""Of all other texts, by hash: less, because each costs an agent a correction."""
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Split:
    """Rows by what may be done with them, each in the order given."""

    train: list[Example]
    test: list[Example]
    held_back: list[Example]
    """Near to both sides, or of a conversation of the other side."""
    sides: dict[str, Side]
    """Fingerprint of a normalised text -> its side, for ever: to be kept and given again as `known`."""


def split(
    examples: Iterable[Example],
    encoder: Encoder,
    *,
    known: Mapping[str, Side] | None = None,
) -> Split:
    """Cut rows, oldest first, into train and test.

    Args:
        encoder: tells near-duplicates; the base encoder, which no training changes.
        known: sides decided earlier. They stay.
    """
    rows = list(examples)
    table = _Table(rows, encoder)
    sides = {table.index[key]: side for key, side in (known or {}).items() if key in table.index}
    _place_starter(table, rows, sides)
    groups = _place_others(table, rows, sides)
    result = Split([], [], [], dict(known or {}))
    result.sides.update({table.keys[text]: side for text, side in sides.items()})
    tested = {text for text in table.texts if sides.get(text) == "test"}
    for row, text in zip(rows, table.texts, strict=True):
        side = _side_of_row(row, text, sides, groups)
        if side == "test":
            result.test.append(row)
        elif side == "train" and tested.isdisjoint(table.near[text]):
            result.train.append(row)
        else:
            result.held_back.append(row)
    return result


class _Table:
    """The distinct texts of all rows, numbered by first appearance, and which are near to which."""

    def __init__(self, rows: Sequence[Example], encoder: Encoder) -> None:
        self.index: dict[str, int] = {}
        first: list[str] = []
        self.texts: list[int] = []
        """For each row the number of its text."""
        for row in rows:
            key = fingerprint(row.text)
            if key not in self.index:
                self.index[key] = len(first)
                first.append(row.text)
            self.texts.append(self.index[key])
        self.keys = list(self.index)
        self.near = _neighbours(encoder.encode(first)) if first else []


def _neighbours(vectors: Vectors) -> list[list[int]]:
    """For each row of `vectors` [n, d] the others at `NEAR` or nearer."""
    near: list[list[int]] = [[] for _ in vectors]
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors[: start + _BLOCK].T
        for i, j in zip(*(axis.tolist() for axis in np.nonzero(block >= NEAR)), strict=True):
            if j < i + start:
                near[i + start].append(j)
                near[j].append(i + start)
    return near


def _by_hash(key: str) -> Side:
    return "test" if int(key[:8], 16) / 2**32 < SHARE else "train"


def _place_starter(table: _Table, rows: Sequence[Example], sides: dict[int, Side]) -> None:
    """Give whole clusters of starter texts to the test side, by hash, until each intent has its share there."""
    labels: defaultdict[str, set[int]] = defaultdict(set)
    for row, text in zip(rows, table.texts, strict=True):
        if row.source == STARTER:
            labels[row.label].add(text)
    clusters = _clusters({text for mine in labels.values() for text in mine if text not in sides}, table)
    held_back = _join_decided(clusters, table, sides)
    for label in sorted(labels):
        mine = labels[label]
        missing = _share_of_starter(len(mine)) - sum(sides.get(text) == "test" for text in mine)
        for text in sorted(mine - held_back, key=lambda text: table.keys[text]):
            if missing > 0 and text not in sides:
                sides.update(dict.fromkeys(clusters[text], "test"))
                missing -= len(clusters[text] & mine)
    for text in clusters.keys() - held_back:
        sides.setdefault(text, "train")


def _share_of_starter(texts: int) -> int:
    """How many of an intent's texts are test rows: enough to judge the intent by itself where half of them are."""
    return min(max(math.ceil(STARTER_SHARE * texts), min(ENOUGH, texts // 2)), texts - 1)


def _join_decided(clusters: Mapping[int, set[int]], table: _Table, sides: dict[int, Side]) -> set[int]:
    """Give clusters that touch decided texts those texts' side. Returns the texts that touch both sides."""
    held_back: set[int] = set()
    for cluster in {id(cluster): cluster for cluster in clusters.values()}.values():
        beside = {sides[other] for text in cluster for other in table.near[text] if other in sides}
        if len(beside) == 1:
            sides.update(dict.fromkeys(cluster, beside.pop()))
        elif beside:
            held_back |= cluster
    return held_back


def _clusters(texts: set[int], table: _Table) -> dict[int, set[int]]:
    """Each text's cluster: all of `texts` that are linked to it by a chain of near ones."""
    found: dict[int, set[int]] = {}
    for text in texts:
        if text in found:
            continue
        cluster, waiting = {text}, [text]
        while waiting:
            for other in table.near[waiting.pop()]:
                if other in texts and other not in cluster:
                    cluster.add(other)
                    waiting.append(other)
        found.update(dict.fromkeys(cluster, cluster))
    return found


def _place_others(table: _Table, rows: Sequence[Example], sides: dict[int, Side]) -> dict[str, Side]:
    """Decide text after text, oldest first. Returns the conversations' sides."""
    groups: dict[str, Side] = {}
    for row, text in zip(rows, table.texts, strict=True):
        if text not in sides and row.source != STARTER:
            beside = {sides[other] for other in table.near[text] if other in sides}
            if row.group in groups:
                beside.add(groups[row.group])
            if len(beside) > 1:
                continue
            sides[text] = beside.pop() if beside else _by_hash(table.keys[text])
        if row.group and text in sides:
            groups.setdefault(row.group, sides[text])
    return groups


def _side_of_row(row: Example, text: int, sides: Mapping[int, Side], groups: Mapping[str, Side]) -> Side | None:
    side = sides.get(text)
    return side if groups.get(row.group, side) == side else None
