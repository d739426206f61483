"""What the intent model learns from in one pass: labelled rows, copies of them with slips, the intents' names."""

import random
from collections.abc import Sequence
from typing import Any

from model.augment import with_typos
from model.export import WINDOW
from model.intent_data import Data
from model.tune import Row

SLIPS = 0.3
"""Share of a copy's words that are mistyped."""


class Passes:
    """The rows of one training run as tokens, and how often each comes in a pass."""

    def __init__(self, data: Data, tokenizer: Any, seed: int) -> None:
        self.data, self.tokenizer, self.seed = data, tokenizer, seed
        self.rows = self.coded(data.texts, data.labels)
        self.named: list[Row] = []
        """What the intents' names say."""

    def coded(self, texts: Sequence[str], labels: Sequence[int]) -> list[Row]:
        """Texts as the encoder reads them, with their class numbers."""
        pairs = zip(self.tokenizer.encode_batch(list(texts)), labels, strict=True)
        # The first window is enough to learn from; the closing special token is put back.
        return [Row(e.ids if len(e.ids) <= WINDOW else [*e.ids[: WINDOW - 1], e.ids[-1]], label) for e, label in pairs]

    def over(self, indices: Sequence[int], copies: float) -> list[Row]:
        """What the labelled rows and the intents' names give to one pass: as many rows with slips as without, or a
        share of them."""
        rows = [self.rows[i] for i in indices] * max(1, int(copies))
        return [*rows, *self._copies(self._mistyped(indices, copies)), *self.named * _names(copies)]

    def length(self, rows: int, copies: float) -> int:
        """Of a pass over so many rows, nearly."""
        return round((max(1, int(copies)) + copies) * rows) + _names(copies) * len(self.named)

    def _mistyped(self, indices: Sequence[int], copies: float) -> list[int]:
        """The rows that get slips of the keyboard, once all of them and then all again."""
        if copies >= 1:
            return list(indices) * int(copies)
        chance = random.Random(self.seed + 1)
        return [i for i in indices if chance.random() < copies]

    def _copies(self, indices: Sequence[int]) -> list[Row]:
        chance, mine = random.Random(self.seed), self.data.pick(indices)
        return self.coded([with_typos(text, chance, SLIPS) for text in mine.texts], mine.labels)


def _names(copies: float) -> int:
    """How often the intents' names come in one pass."""
    return 2 * max(1, int(copies)) if copies else 1
