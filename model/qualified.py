"""Things of which the sources speak with a state only: opened candles, broken items. English.

"No, candles cannot be returned" has every word of "opened candles cannot be returned", and is false.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from model.words import STOPWORDS, content, stem

_PART = re.compile(r"[A-Za-z][\w’'-]*|[.,;:()]")
_STATE = re.compile(r"[a-z]{3,}ed$|(?:broken|worn|torn|lost|new|used|unused|final|faulty|wrong)$")
Qualifiers = Mapping[str, Set[str]]
"""Stem of a word -> the states that stand right before it, "" for none."""


def qualifiers(texts: Iterable[str]) -> Qualifiers:
    """What stands before each word, wherever it stands."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        parts = _PART.findall(text.lower())
        for before, word in zip(["", *parts], parts, strict=False):
            if word[0].isalpha() and word not in STOPWORDS:
                found[stem(word)].add(before if _STATE.match(before) else "")
    return found


def unqualified(sentence: str, known: Qualifiers, question: str) -> list[str]:
    """Things that the sentence names without the state that every source gives them, and the question does not."""
    told = set(content(sentence)) | set(content(question))
    reasons = []
    for word, before in qualifiers([sentence]).items():
        states = known.get(word, {""})
        if "" in before and "" not in states and not {stem(state) for state in states} & told:
            reasons.append(f"condition: {' or '.join(sorted(states))}")
    return reasons
