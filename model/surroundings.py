"""The words around a number, and whether another number of the sources stands among them instead. English."""

import re
from collections.abc import Sequence

from model.claims import SPANS, Number, numbers
from model.lexicon import COMMON
from model.statements import FINITE
from model.words import content

Context = dict[str, float]
"""Words around a number, 1 for those in its own piece of the sentence and less for those farther off."""
_PIECE = re.compile(r"[,;]|\b(?:and|but|while|or)\b")
_VERB = re.compile(rf"\b(?:{FINITE})\b", re.IGNORECASE)
_NUMBER = re.compile(r"[£€$]?\d")
_BEFORE = re.compile(r"(?:it|they|this|these|later|after)\b", re.IGNORECASE)


def better_elsewhere(body: str, contexts: Sequence[tuple[Number, Context]]) -> float:
    """How much better a word near a number fits another number of its kind in the sources, at worst: 0 to 1.

    Args:
        contexts: the sources' numbers, with the words around each.
    """
    worst = 0.0
    for number in numbers(body):
        same = [around for one, around in contexts if one.value == number.value and _alike(one, number)]
        other = [around for one, around in contexts if one.value != number.value and _kind_of(one) == _kind_of(number)]
        if same and other:
            mine = context(body, number)
            worst = max(worst, min(_better_elsewhere(mine, one, other) for one in same))
    return worst


def _better_elsewhere(mine: Context, here: Context, others: Sequence[Context]) -> float:
    return max(
        (
            weight * (max(other.get(word, 0.0) for other in others) - here.get(word, 0.0))
            for word, weight in mine.items()
            if word not in COMMON
        ),
        default=0.0,
    )


def context(text: str, number: Number, before: str = "") -> Context:
    """The words around a number; `before` is the sentence that "it" and "they" refer to."""
    around: Context = dict.fromkeys(content(before), 0.35) if _BEFORE.match(text) else {}
    left, right = _PIECE.split(text[: number.start])[::-1], _PIECE.split(text[number.end :])
    for pieces in (left, right):
        for distance, piece in enumerate(pieces[:3]):
            for word in content(piece):
                if not has_digit(word):
                    around[word] = max(around.get(word, 0.0), 0.4**distance)
    if len(left) > 1 and not _VERB.search(
        left[0]
    ):  # "a set costs £32 a day and £120 for six days": both are of the set
        shared = content(_NUMBER.split(left[1])[0])
        around.update({word: 1.0 for word in shared if not has_digit(word)})
    return around


def _alike(one: Number, other: Number) -> bool:
    return not one.unit or not other.unit or _kind_of(one) == _kind_of(other)


def _kind_of(number: Number) -> str:
    unit = number.unit.split(" ")[-1]
    if unit in {"£", "$", "€", "pence", "pound", "euro"}:
        return "money"
    return "time" if unit in SPANS or unit == "second" else unit


def has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)
