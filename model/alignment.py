"""Whether each statement of a sentence comes out of one statement of the sources, and keeps its conditions."""

from collections.abc import Callable, Sequence, Set

from model.claims import STRONG
from model.conditions import dropped
from model.lexicon import COMMON, COURTESY
from model.statements import ACTIONS, Part, Statement, parts
from model.words import has_digit, stem_set

_FREE = ACTIONS - STRONG
Settled = Callable[[str], bool]
_PREDICATES = STRONG | stem_set(
    "valid possible open closed once included covered fre works work back yearly daily monthly"
)


def reasons(
    sentence: str, sources: Sequence[Statement], told: frozenset[str], allowed: Set[str], settled: Settled
) -> list[str]:
    """Why the sentence joins what the sources keep apart, or leaves out what a statement of theirs holds under.

    Args:
        told: stems of all that is said, by the reply and by the question.
        allowed: stems that may be said besides.
        settled: whether the question has told of a situation already, in whatever words.
    """
    known = frozenset[str]().union(*(one.words for one in sources))
    found = []
    for part in parts(sentence):
        found += _of_part(part, sources, told, (known - allowed) - COMMON - COURTESY, settled)
    return list(dict.fromkeys(found))


def _of_part(
    part: Part, sources: Sequence[Statement], told: frozenset[str], known: frozenset[str], settled: Settled
) -> list[str]:
    meant = (part.words | part.subject) & known
    if not meant or not sources:
        return []
    spoken_of = part.subject & meant
    foreign = [((meant - one.words - topic(one)) | (spoken_of - one.words)) - _FREE for one in sources]
    least = min(foreign, key=len)
    if least:
        return [f"joined: {', '.join(sorted(least))} stands elsewhere"]
    nearest = [one for one, words in zip(sources, foreign, strict=True) if not words]
    claimed = (meant - part.subject) or meant
    nearness = {id(one): (len(claimed & one.part.words), len(part.words & one.part.words)) for one in nearest}
    closest = [one for one in nearest if nearness[id(one)] == max(nearness.values())]
    lost = [[need for need in dropped(one, told) if not (need.situation and settled(need.text))] for one in closest]
    return [] if not all(lost) else [f"condition: without {min(lost, key=len)[0].text!r}"]


def topic(one: Statement) -> frozenset[str]:
    """What the sentence before it speaks of and it goes on with: no subject, no number and nothing that is claimed."""
    return frozenset(word for word in one.topic - _PREDICATES if not has_digit(word))
