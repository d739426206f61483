"""What a knowledge base writes with a capital wherever it stands: countries, brands, carriers. English.

Customers write "germany"; that it is a name, the articles know.
"""

import re
from collections.abc import Iterable, Set

from model.passages import sentences
from model.words import stem, stem_set

_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_MARKS = "#-*> "
SHORTEST = 3
_TIMES = stem_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
)
"""Written with a capital, and no name of anything."""


def names_of(texts: Iterable[str]) -> frozenset[str]:
    """Stems of the words that are never written small, the first of a sentence left out."""
    large: set[str] = set()
    small: set[str] = set()
    for text in texts:
        for line in text.splitlines():
            for sentence in sentences(line.lstrip(_MARKS)):
                for place, word in enumerate(_WORD.findall(sentence)):
                    if not word[0].isupper():
                        small.add(stem(word.lower()))
                    elif place:
                        large.add(stem(word.lower()))
    return frozenset(word for word in large - small - _TIMES if len(word) >= SHORTEST)


def names_another(question: Set[str], said: Set[str], names: Set[str]) -> bool:
    """Whether the question names something, and the reply something else instead: "delivery to germany?" "Standard
    delivery in the United Kingdom".

    Args:
        question: its stems.
        said: the reply's stems.
        names: of the knowledge base.
    """
    return bool((question & names) - said) and bool((said & names) - question)
