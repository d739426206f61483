"""Whether a reply's yes or no may stand where no question is known, or the word is another. English."""

import math
import re
from collections.abc import Sequence, Set

from model import claims, polarity

HALF = 0.5
"""Share of a question's words that one statement must have before it counts as its answer."""
_LIMIT = re.compile(r"\b(?:only|until|must|instead|unfortunately|but|however|at most)\b", re.IGNORECASE)
YES = frozenset({"yes", "sure", "absolutely", "certainly", "of course"})


def why_not(word: str, rest: str, question: str, sources: Sequence[polarity.Clause]) -> list[str]:
    """Why the yes or no may not stand, though the rest may.

    Args:
        word: the yes or no that opens the sentence, empty where none does.
    """
    if not word:
        return []
    if claims.compared(rest, question):
        return [f"{word}: nobody compared the numbers"]
    if word == "no" and not (polarity.negates(rest) or _LIMIT.search(rest)):
        return ["no: the rest denies nothing"]
    if word not in {*YES, "no"} or polarity.negates(question):
        return []
    affirmed, denied = polarity.verdict(question, sources)
    if word in YES:
        if denies(rest):
            return ["yes: before not"]
        unfounded = bool(question.strip()) and (affirmed < HALF or denied >= affirmed)
        return ["yes: no source says so of what was asked"] if unfounded else []
    if re.search(r"\bonly\b", rest, re.IGNORECASE):
        return []  # "No, only owners can do this": the source affirms it of others
    said_so = affirmed >= HALF and affirmed > denied
    return ["no: a source says yes"] if said_so and not polarity.negates(rest) else []


def denies(rest: str) -> bool:
    """Whether the first thing said is a not."""
    first = next(iter(polarity.clauses(rest)), None)
    return first is not None and first.negated and not rest.lower().startswith("but ")


def told_better(words: Set[str], question: Set[str], homes: Sequence[Set[str]]) -> bool:
    """Whether a source sentence has more of the question's stems than a reply has; those that few have weigh more.

    Args:
        words: the reply's stems.
        homes: those of each source sentence.
    """
    found = {word: sum(word in home for home in homes) for word in question}
    weights = {word: 1 / math.sqrt(count) for word, count in found.items() if count}

    def told(of: Set[str]) -> float:
        return sum(weight for word, weight in weights.items() if word in of)

    return told(words) < max(map(told, homes), default=0.0)
