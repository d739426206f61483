"""What a sentence leaves out of the source sentence that it is nearest to, and what it puts in the place. English.

A small model lies least by new sentences: it takes one of the sources and drops the words that limit it ("prints larger
than A3 are made on Tuesdays"), or exchanges one ("films can be renewed twice", where books can). Which words those are
shows when the two are laid beside each other (a longest common subsequence). A faithful paraphrase leaves out and
exchanges, too: this counts, and `model.grounding` weighs it with all else.
"""

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from model.known import Known
from model.lexicon import COMMON, COURTESY
from model.places import Placed, places
from model.told import Told

_GENERAL = COMMON | COURTESY
_SLIGHT = 0.4
"""How much of a word a general one counts for."""
_LEFT = ("left_digits", "left_limits", "left_next_limits")
Match = tuple[int, int]
"""Place of a word in the sentence, and of the same in the source's."""


def omissions(body: str, told: Told, known: Known, allowed: Set[str]) -> dict[str, float]:
    """Counts of words left out, by where they stand, and of words exchanged and added.

    Args:
        body: the sentence in plainer words, without greeting, yes or no.
        told: all that is said, by the sentence and by the question.
        allowed: stems that may be said besides.
    """
    mine = places(body)
    theirs, matches = nearest(mine, known.placed)
    return {
        **_left_out(theirs, matches, told),
        **_exchanged(mine, theirs, matches, told, known, allowed),
        "aligned": len(matches) / len(mine) if mine else 0.0,
        "aligned_of_source": len(matches) / len(theirs) if theirs else 0.0,
    }


def nearest(mine: Sequence[Placed], others: Sequence[Sequence[Placed]]) -> tuple[Sequence[Placed], list[Match]]:
    """The source sentence that has most of the words in the same order, the shortest of those, and which they are."""
    found = [(other, _common(mine, other)) for other in others]
    return max(found, key=lambda pair: (len(pair[1]), -len(pair[0])), default=((), []))


def _common(mine: Sequence[Placed], theirs: Sequence[Placed]) -> list[Match]:
    """The words of a longest common subsequence, as places in both."""
    length = [[0] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
    for a in reversed(range(len(mine))):
        for b in reversed(range(len(theirs))):
            same = _alike(mine[a].stem, theirs[b].stem)
            length[a][b] = length[a + 1][b + 1] + 1 if same else max(length[a + 1][b], length[a][b + 1])
    a = b = 0
    matches = []
    while a < len(mine) and b < len(theirs):
        if _alike(mine[a].stem, theirs[b].stem):
            matches.append((a, b))
            a, b = a + 1, b + 1
        elif length[a + 1][b] >= length[a][b + 1]:
            a += 1
        else:
            b += 1
    return matches


def _alike(one: str, other: str) -> bool:
    return one == other or (len(one) >= 5 and one[:5] == other[:5])


def _left_out(theirs: Sequence[Placed], matches: Sequence[Match], told: Told) -> dict[str, float]:
    """Words of the source sentence that are not said: between others that are, after the last, before the first."""
    found = dict.fromkeys(
        (
            "left_inside",
            "left_between",
            "left_after",
            "left_next",
            "left_before",
            "left_digits",
            "left_limits",
            "left_next_limits",
        ),
        0.0,
    )
    if not matches:
        return found
    said = [place for _, place in matches]
    pieces = {theirs[place].piece for place in said}
    for place, word in enumerate(theirs):
        if place in said or word.stem in told or word.stem in COURTESY:
            continue
        where = _where(word, place, said, pieces, theirs[said[-1]].piece)
        if where is None:
            continue
        found[where] += _SLIGHT if word.stem in COMMON else 1.0
        beside = where in {"left_inside", "left_after"}
        found["left_digits"] += word.is_number and beside
        found["left_next_limits"] += word.conditional and where == "left_next"
        found["left_limits"] += word.conditional and (beside or where == "left_before")
    return found


def _where(word: Placed, place: int, said: Sequence[int], pieces: Set[int], last: int) -> str | None:
    if said[0] < place < said[-1]:
        return "left_inside" if word.piece in pieces else "left_between"
    if place > said[-1]:
        return {0: "left_after", 1: "left_next"}.get(word.piece - last)
    return "left_before" if word.piece in pieces else None


def _exchanged(
    mine: Sequence[Placed],
    theirs: Sequence[Placed],
    matches: Sequence[Match],
    told: Told,
    known: Known,
    allowed: Set[str],
) -> dict[str, float]:
    """Words that stand where the source has others, new ones and ones from elsewhere; new ones besides."""
    found = dict.fromkeys(("exchanged_new", "exchanged_known", "added"), 0.0)
    for said, instead in _gaps(mine, theirs, matches) if matches else ():
        words = [word.stem for word in said if word.stem not in allowed and word.stem not in _GENERAL]
        gone = sum(word.stem not in told and word.stem not in COMMON for word in instead)
        from_elsewhere = sum(word in known.stems for word in words)
        new = sum(word not in known.stems and word[:5] not in known.beginnings for word in words)
        if gone:
            found["exchanged_new"] += min(new, gone)
            found["exchanged_known"] += min(from_elsewhere, gone)
        else:
            found["added"] += new
    return found


def _gaps(
    mine: Sequence[Placed], theirs: Sequence[Placed], matches: Sequence[Match]
) -> Iterator[tuple[Sequence[Placed], Sequence[Placed]]]:
    """What stands between two common words here and there; before the first and after the last, of the same piece."""
    (a, b), (y, z) = matches[0], matches[-1]
    yield mine[:a], [word for word in theirs[:b] if word.piece == theirs[b].piece]
    for (one, other), (one_after, other_after) in pairwise(matches):
        yield mine[one + 1 : one_after], theirs[other + 1 : other_after]
    yield mine[y + 1 :], [word for word in theirs[z + 1 :] if word.piece == theirs[z].piece]
