"""When two messages have the same words: numbers, greetings and slips of the keyboard do not count. Loads no torch."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from model.dataset import normalise

_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|hallo|dear|good (?:morning|afternoon|evening))(?: (?:there|all|team))?[,.! ]+)+"
)
_THANKS = re.compile(
    r"[,.!?;: ]+(?:(?:many |kind )?(?:thanks|thank you|thx|regards|cheers)(?: (?:in advance|a lot))?[,.! ]*)+$"
)
_LONG_NUMBER = re.compile(r"\d{3,}")
_DENIAL = re.compile(
    r"\b(?:not?|never|nothing|cannot|without|none|\w+n['’]t|(?:do|does|did|is|was|has|have|ca|wo|are)nt)\b"
)
_ALIKE = 85
"""Of 100, from which letters are looked at word by word."""


def key_of(text: str) -> str:
    """The message without what does not count; its greeting and thanks stay where it has nothing else."""
    # "Where is order 10042" and "where is order 20057" ask the same, and are far apart for the encoder.
    plain = normalise(_LONG_NUMBER.sub("1000", text))
    return normalise(_THANKS.sub("", _GREETING.sub("", plain))) or plain


def denies(text: str) -> bool:
    """Whether it says no: the encoder hardly sees it ("I want to cancel", "I don't want to cancel" lie at 0.94)."""
    return len(_DENIAL.findall(text.casefold())) % 2 == 1


def mistyped(key: str, known: Sequence[str]) -> tuple[str, float] | None:
    """The one of `known` that `key` is but for slips: as many words, at most one in five of them mistyped; and the
    share of letters that are the same."""
    near = process.extract(key, known, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=3)
    return next(((other, of / 100) for other, of, _ in near if _same_but_slips(key.split(), other.split())), None)


def _same_but_slips(one: Sequence[str], other: Sequence[str]) -> bool:
    if len(one) != len(other):
        return False
    apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(apart) <= max(1, len(one) // 5) and all(_slip(a, b) for a, b in apart)


def _slip(a: str, b: str) -> bool:
    # Of short words a letter makes others ("car", "card"), and a number is what it is.
    shortest = min(len(a), len(b))
    if shortest < 4 or not (a.isalpha() and b.isalpha()) or denies(a) != denies(b):
        return False
    return DamerauLevenshtein.distance(a, b) <= (1 if shortest < 7 else 2)
