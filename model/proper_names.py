"""What a knowledge base writes with a capital wherever it stands: countries, brands, carriers. English.

Customers write "germany"; that it is a name, the articles know.
"""

import re
from collections.abc import Iterable, Set

from model.words import stem, stem_set

_LARGE = re.compile(r"(?<=[^\s.!?:…#*>\-] )[A-Z][\w'’-]*")
"""Not the first word of a sentence, a line or an item."""
_SMALL = re.compile(r"(?<![\w'’-])[a-z][\w'’-]*")
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
        large.update(_LARGE.findall(text))
        small.update(_SMALL.findall(text))
    known = {stem(word.lower()) for word in large} - {stem(word) for word in small} - _TIMES
    return frozenset(word for word in known if len(word) >= SHORTEST)


def names_another(question: Set[str], said: Set[str], names: Set[str]) -> bool:
    """Whether the question names something, and the reply something else instead: "delivery to germany?" "Standard
    delivery in the United Kingdom".

    Args:
        question: its stems.
        said: the reply's stems.
        names: of the knowledge base.
    """
    return bool((question & names) - said) and bool((said & names) - question)
