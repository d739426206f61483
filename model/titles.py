"""Whether a customer has written an article's title: all its words, in order, with none of weight beside. English.

Words shared with a title are no title ("can I return a gift card?" is not "Gift cards"), and what can be returned is
not what cannot, so every word counts but those that any sentence may have or lack.
"""

import re
from collections.abc import Mapping, Sequence

from model.words import content, stem, tokens, word_set

_NOT = re.compile(r"\b(?:can\s?not|can['’]?t)\b|n['’]t\b", re.IGNORECASE)
_ASIDE = word_set(
    "a an the my your our their i you we me us please pls hi hello hey thanks thank do does did some any and"
)
"""What a title and its asker put differently: "You cannot sign in", "I cannot sign in please"."""
MOST_WORDS = 14
SLIPS_FROM = 5
"""Letters from which a word may be a slip away."""

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """Stems of the words that a title is known by, in order; empty where nothing but function words would stand."""
    spelled = _NOT.sub(lambda found: " not " if found[0].lower().startswith("n") else " can not ", text)
    found = tokens(spelled)
    if len(found) > MOST_WORDS or not content(text):
        return ()
    return tuple(stem(word) for word in found if word not in _ASIDE)


def titled(text: str, titles: Mapping[str, Words]) -> str:
    """The one article whose title the text is, a slip aside; empty where it is none's, or more than one's.

    Args:
        titles: article -> what `words_of` its title.
    """
    words = words_of(text)
    if not words:
        return ""
    exact = [article for article, title in titles.items() if title == words]
    near = exact or [article for article, title in titles.items() if _nearly(words, title)]
    return near[0] if len(near) == 1 else ""


def _nearly(words: Sequence[str], title: Sequence[str]) -> bool:
    return len(words) == len(title) and all(map(_same, words, title))


def _same(word: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    if word == other:
        return True
    long = min(len(word), len(other)) >= SLIPS_FROM
    return long and word[0] == other[0] and OSA.distance(word, other, score_cutoff=1) <= 1
