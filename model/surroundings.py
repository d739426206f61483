"""Which number of the sources the words around a number belong to. English."""

import re
from collections.abc import Sequence

from model.lexicon import COMMON
from model.places import Placed, at, nearness, places
from model.quantities import SPANS, Number, numbers
from model.statements import FINITE
from model.words import content

Context = dict[str, float]
"""How near each word stands to a number, 0 to 1."""
_VERB = re.compile(rf"\b(?:{FINITE})\b", re.IGNORECASE)
_BEFORE = re.compile(r"(?:it|they|this|these|later|after)\b", re.IGNORECASE)
_SUBJECT = 0.2
"""Nearness of what a sentence is about to each number in it, at least."""
_OF_BEFORE = 0.3
"""The same of the sentence that "it" and "they" refer to."""


def misfit(body: str, contexts: Sequence[tuple[Number, Context]]) -> float:
    """How much better the words around a number fit another number of its kind in the sources, at worst: -1 to 1.

    Args:
        contexts: the sources' numbers, with the words around each.
    """
    worst = -1.0
    for number in numbers(body):
        same = [around for one, around in contexts if _agree(one, number)]
        other = [around for one, around in contexts if one.value != number.value and _kind_of(one) == _kind_of(number)]
        mine = {word: near for word, near in context(body, number).items() if word not in COMMON}
        if same and other and mine:
            worst = max(worst, _fit(mine, other) - _fit(mine, same))
    return worst


def context(text: str, number: Number, before: str = "") -> Context:
    """How near the words stand to a number; `before` is the sentence that "it" and "they" refer to."""
    here = at(text, number.start)
    if here is None:  # a number in words that carry no meaning: "one hour"
        return {}
    verb = _VERB.search(text)
    around: Context = dict.fromkeys(content(before), _OF_BEFORE) if _BEFORE.match(text) else {}
    for word in places(text):
        if word != here:
            around[word.stem] = max(around.get(word.stem, 0.0), _near(word, here, verb))
    return around


def _near(word: Placed, number: Placed, verb: re.Match[str] | None) -> float:
    least = _SUBJECT if verb and word.start < verb.start() else 0.0
    return max(nearness(word, number), least)


def _fit(mine: Context, theirs: Sequence[Context]) -> float:
    """The share of the words around a number that stand around the best of some others as near."""
    fits = [sum(near * there.get(word, 0.0) for word, near in mine.items()) for there in theirs]
    return max(fits) / sum(mine.values())


def _agree(one: Number, other: Number) -> bool:
    same = one.value == other.value or (one.amount is not None and one.amount == other.amount)
    return same and (not one.unit or not other.unit or _kind_of(one) == _kind_of(other))


def _kind_of(number: Number) -> str:
    unit = number.unit.split(" ")[-1]
    if unit in {"£", "$", "€", "pence", "pound", "euro", "cent", "dollar"}:
        return "money"
    return "time" if unit in SPANS or unit == "second" else unit
