"""What an intent model is trained on: clean rows, intents' names as rows, and which rows are held out. No torch."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.dataset import normalise
from model.types import OOS, Example, UnderstudyError

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Data:
    """Clean rows: texts and class numbers, -1 for out of scope."""

    texts: list[str]
    labels: list[int]
    names: list[str]

    def pick(self, indices: Sequence[int]) -> "Data":
        return Data([self.texts[i] for i in indices], [self.labels[i] for i in indices], self.names)

    @property
    def inside(self) -> int:
        """How many rows are in scope."""
        return sum(label >= 0 for label in self.labels)


def clean(examples: Sequence[Example]) -> Data:
    """Drop rows that say the same as an earlier one; refuse what cannot be learnt from.

    Raises:
        UnderstudyError: fewer than two intents, or an intent with fewer than two rows.
    """
    seen: set[tuple[str, str]] = set()
    kept: list[Example] = []
    for row in examples:
        key = (normalise(row.text), row.label)
        if row.text.strip() and key not in seen:
            seen.add(key)
            kept.append(row)
    counts = Counter(row.label for row in kept)
    names = sorted(name for name in counts if name != OOS)
    if len(names) < 2:
        raise UnderstudyError(f"expected at least 2 intents to train on, found {len(names)}: add labelled rows.")
    few = [name for name in names if counts[name] < 2]
    if few:
        raise UnderstudyError(
            f"expected at least 2 different rows for each intent, found 1 for {', '.join(few[:5])}"
            f"{' and others' if len(few) > 5 else ''}: add rows or take the intent out."
        )
    number = {name: i for i, name in enumerate(names)}
    return Data([row.text for row in kept], [number.get(row.label, -1) for row in kept], names)


def hold_out(data: Data, share: float, seed: int) -> tuple[list[int], list[int]]:
    """Indices to train on and to hold out: the share of each class (a third of the out-of-scope rows).

    A class of fewer than four rows gives none; where a class's share is below one row, chance decides.
    """
    chance = random.Random(seed)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for i, label in enumerate(data.labels):
        groups[label].append(i)
    held: set[int] = set()
    for label, mine in sorted(groups.items()):
        wanted = len(mine) / 3 if label < 0 else share * len(mine) * (len(mine) >= 4)
        count = int(wanted) + (chance.random() < wanted - int(wanted))
        held.update(chance.sample(mine, count))
    return [i for i in range(len(data.labels)) if i not in held], sorted(held)


def named(data: Data, about: Mapping[str, str] | None = None) -> tuple[list[str], list[int]]:
    """What the intents' names say, as texts and class numbers: one more training row each, which no one had to write.

    Args:
        about: an intent's title in a customer's words, where one is known; else its name is read as words.
    """
    known = {normalise(text) for text in data.texts}
    texts: list[str] = []
    labels: list[int] = []
    for number, name in enumerate(data.names):
        words = (about or {}).get(name) or as_words(name)
        if words and normalise(words) not in known:
            known.add(normalise(words))
            texts.append(words)
            labels.append(number)
    return texts, labels


def as_words(name: str) -> str:
    """`cancel_order`, `CancelOrder`, `faq/cancel-order` as words; empty where there are none (`F17`)."""
    words = _NO_WORD.sub(" ", _CAMEL.sub(" ", name)).strip()
    return words if any(len(word) > 2 and word.isalpha() for word in words.split()) else ""
