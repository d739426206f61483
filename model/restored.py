"""The sentence of a source that a reply has all but said: where the reply is in doubt, it may be said instead.

A small model mostly copies, and slips: a limit is left out, a word comes out as another. Its source's own sentence says
what it meant, and is approved.
"""

from collections.abc import Sequence, Set

from model.omissions import nearest
from model.places import places
from model.rephrase import plain

MEANT = 0.75
"""Share of a reply's words, in their order, that a source sentence must have to be what it meant."""
LEAST = 3
"""Words that both must have."""
LONGEST = 40
"""Words of a sentence that is said in the place of a few."""


def restored(body: str, sources: Sequence[str], allowed: Set[str] = frozenset()) -> str | None:
    """The source sentence that is meant, as it stands: the shortest of those that have most of the reply's words.

    Args:
        body: the reply's sentence without greeting, yes or no.
        sources: the sentences that may be said alone.
        allowed: stems that may be said besides, such as the customer's name.
    """
    mine = [word for word in places(plain(body)) if word.stem not in allowed]
    short = {places(plain(one)): one for one in sources if len(one.split()) <= LONGEST}
    theirs, matches = nearest(mine, list(short))
    if len(matches) < max(LEAST, MEANT * len(mine)):
        return None
    return short[tuple(theirs)]
