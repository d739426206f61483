"""The words of a text and where each stands: how far apart, in which piece, under a condition or not. English."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from model.words import STOPWORDS, has_digit, stem, word_set

_TOKEN = re.compile(r"[£€$]?\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[,;:()]")
_BREAK = frozenset({",", ";", ":", "(", ")", "and", "but", "or"})
_CONDITION = word_set(
    "if unless when once only except until while before after during within without whoever who which at from up to "
    "over under above below more less"
)
_BREAK_APART = 3.0
"""How many words a comma or an "and" parts."""
_REACH = 3.0
"""Distance in words after which nearness has fallen to a third or so."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A word that carries meaning, or a number in digits without its sign."""

    stem: str
    at: float
    """Place, counted in words that carry meaning."""
    piece: int
    """Number of the piece, between commas and "and"s, that it stands in."""
    start: int
    end: int
    """Characters that it takes up, a currency sign before it too."""
    is_number: bool
    conditional: bool
    """Whether its piece says before it that something is a condition or a limit."""


@lru_cache(maxsize=1024)
def places(text: str) -> tuple[Placed, ...]:
    """Every word of `text` that carries meaning, in order."""
    found: list[Placed] = []
    at, piece, conditional = 0.0, 0, False
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        if word in _BREAK:
            fresh = bool(found) and found[-1].piece == piece
            at, piece, conditional = at + _BREAK_APART * fresh, piece + fresh, False
            continue
        conditional |= word in _CONDITION
        is_number = has_digit(word)
        if is_number or word not in STOPWORDS:
            at += 1
            said = word.lstrip("£€$") if is_number else stem(word)
            found.append(Placed(said, at, piece, match.start(), match.end(), is_number, conditional))
    return tuple(found)


def at(text: str, character: int) -> Placed | None:
    """The word that a character belongs to."""
    return next((one for one in places(text) if one.start <= character < one.end), None)


def nearness(one: Placed, other: Placed) -> float:
    """1 at the same place, falling with the distance."""
    return math.exp(-abs(one.at - other.at) / _REACH)
