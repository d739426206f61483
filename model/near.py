"""Finds texts that are nearly the same in their words. Loads no torch, no model."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

NEAR = 0.8
"""Share of common words (Jaccard) from which two texts are nearly the same."""
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")


def words(text: str) -> frozenset[str]:
    """The words that tell texts apart: lower case, numbers all alike."""
    return frozenset(_DIGITS.sub("#", word) for word in _WORD.findall(text.casefold())) or frozenset([text.strip()])


def near_texts(texts: Sequence[str], others: Iterable[str]) -> list[bool]:
    """For each of `texts`, whether one of `others` shares at least `NEAR` of the words of both."""
    mine, theirs = [words(text) for text in texts], [words(text) for text in others]
    frequency = Counter(word for bag in (*mine, *theirs) for word in bag)

    def rare(bag: frozenset[str]) -> list[str]:
        # Two bags with that much in common share one of their first few words in any fixed order; rare ones first.
        ordered = sorted(bag, key=lambda word: (frequency[word], word))
        return ordered[: len(bag) - math.ceil(NEAR * len(bag)) + 1]

    index: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for bag in set(theirs):
        for word in rare(bag):
            index[word].append(bag)
    return [any(_alike(bag, other) for word in rare(bag) for other in index.get(word, ())) for bag in mine]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common >= NEAR * (len(one) + len(other) - common)
