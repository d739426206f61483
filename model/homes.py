"""Whether a number stands with the names and things that it stands with in a source. English."""

import re
from collections.abc import Sequence, Set

from model import claims, quantities
from model.known import Known
from model.lexicon import COURTESY
from model.words import STOPWORDS


def mixed_up(sentence: str, words: frozenset[str], known: Known, allowed: Set[str]) -> list[str]:
    """Numbers that stand with other names or other things here than in the sources.

    Args:
        words: stems of the content words, without greeting, yes or no.
        allowed: stems that may be said besides.
    """
    named = [*claims.names(sentence), *_leading_name(sentence, known)]
    reasons = []
    start = 0
    for part in re.split(r"([,;]|:(?!\d)|\band\b)", sentence):
        inside = [claims.stems([name]) for name, at in named if start <= at < start + len(part)]
        names = [stems for stems in inside if stems <= known.stems and not stems <= allowed]
        for number in quantities.numbers(part):
            if _elsewhere(number, names, words - allowed, known) or _other_number_fits(number, words, known):
                reasons.append(f"number: {number.value} belongs elsewhere")
        start += len(part)
    return reasons


def _leading_name(sentence: str, known: Known) -> list[tuple[str, int]]:
    """The first word, where the sources have it with a capital letter only."""
    match = re.search(r"[^\W\d_]+", sentence)
    if not match or match.group().lower() in COURTESY | STOPWORDS or not match.group()[0].isupper():
        return []
    small = rf"\b{match.group().lower()}\b"
    return [] if any(re.search(small, source) for source in known.texts) else [(match.group(), match.start())]


def _elsewhere(number: quantities.Number, names: Sequence[Set[str]], words: Set[str], known: Known) -> bool:
    homes = [stems for stems, numbers in known.homes if any(one.agrees(number) for one in numbers)]
    others = {word for word in words if not word.isdigit()} - set(number.unit.split())
    strange = bool(others) and not any(others & home for home in homes)
    apart = bool(names) and not any(stems <= home for home in homes for stems in names)
    return bool(homes) and (strange or apart)


def _other_number_fits(number: quantities.Number, words: frozenset[str], known: Known) -> bool:
    """Whether a source sentence with another number of this unit has clearly more of the words."""
    here = other = 0
    for stems, numbers in known.homes:
        shared = len(words & stems - {number.value})
        if number.value in {one.value for one in numbers}:
            here = max(here, shared)
        elif number.unit and number.unit in {one.unit for one in numbers}:
            other = max(other, shared)
    return bool(here) and other - here >= max(2, 0.4 * len(words))
