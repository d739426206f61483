"""Slips of the keyboard, for training rows and for measuring what they cost. Loads no torch."""

import random
import re

SHARE = 0.2
"""Share of the words that get a slip: one in five."""
SHORTEST = 3
"""Letters from which a word can have one: a slip in "to" makes another word of it."""
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORD = re.compile(r"[^\W\d_]+")


def _neighbours() -> dict[str, str]:
    """Keys that touch each other on a keyboard."""
    places = {key: (row, column + 0.4 * row) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)}
    return {
        key: "".join(
            other for other, (r, c) in places.items() if other != key and abs(r - row) <= 1 and abs(c - column) <= 1
        )
        for key, (row, column) in places.items()
    }


NEAR = _neighbours()


def with_typos(text: str, chance: random.Random, share: float = SHARE) -> str:
    """The text with one slip in about `share` of its words; blanks, numbers and punctuation stay.

    A slip is a neighbouring key instead of or beside the right one, two letters swapped, a letter left out or doubled.
    """

    def typed(match: re.Match[str]) -> str:
        word = match.group()
        return slip(word, chance) if len(word) >= SHORTEST and chance.random() < share else word

    return _WORD.sub(typed, text)


def slip(word: str, chance: random.Random) -> str:
    """One slip in a word of at least two letters."""
    at = chance.randrange(len(word))
    kind = chance.randrange(5)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        at = min(at, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    key = _beside(word[at], chance)
    return word[:at] + key + word[at + (kind == 3) :]


def _beside(letter: str, chance: random.Random) -> str:
    near = NEAR.get(letter.lower(), letter)
    key = chance.choice(near)
    return key.upper() if letter.isupper() else key
