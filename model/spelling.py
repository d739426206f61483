"""Puts slips of the keyboard right before a text is read: towards words of the rows that the model learned from.

A word that neither the rows nor the encoder's vocabulary know, one slip away from a word of two rows or more, is read
as that word (Norvig's corrector, with the team's own words as its language model). An encoder cuts a mistyped word into
meaningless pieces, and training on slips mends less of that. Words are kept as hashes: names may be among them, and a
model's folder outlives what people have erased. Loads no torch.
"""

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

SHORTEST = 4
"""Letters from which a word is put right."""
ROWS = 2
"""Rows that a word must stand in to be what was meant."""
BUDGET = 40
"""Unknown words of one text that are looked at, so that a long paste does not cost a second."""
KEYS, COUNTS = "word_keys", "word_rows"
_WORD = re.compile(r"[^\W\d_]+")
# What a slip must never make of them: "cant" is no "can".
_WORDS = """
aint arent asap cant couldnt didnt doesnt dont hadnt hasnt havent heres hows isnt ive shouldnt thats theyll theyre wasnt
werent weve whats wheres whos wont wouldnt youre youve
"""
_LEFT_ALONE = frozenset(_WORDS.split())


class Speller:
    """Thread-safe: nothing changes after loading.

    Args:
        rows: hash of each word of the training rows -> how many rows it stands in. Empty: nothing is changed.
        known: whether the encoder's vocabulary holds a word whole.
    """

    def __init__(self, rows: Mapping[int, int], known: Callable[[str], bool]) -> None:
        self._rows, self._known = rows, known

    @classmethod
    def from_arrays(cls, stored: Mapping[str, Any], known: Callable[[str], bool]) -> "Speller":
        """Of head.npz; one that changes nothing where it holds no words."""
        if KEYS not in stored:
            return cls({}, known)
        return cls(dict(zip(stored[KEYS].tolist(), stored[COUNTS].tolist(), strict=True)), known)

    def corrected(self, parts: Sequence[str]) -> list[str]:
        """The parts of one text; the same parts where there is nothing to put right."""
        if not self._rows:
            return list(parts)
        found: dict[str, str] = {}

        def read(match: re.Match[str]) -> str:
            word = match.group()
            if len(word) < SHORTEST or not word.isascii():
                return word
            lower = word.lower()
            if lower not in found and len(found) < BUDGET and self._is_unknown(lower):
                found[lower] = self._meant(lower)
            return found.get(lower, word)

        return [_WORD.sub(read, part) for part in parts]

    def _is_unknown(self, word: str) -> bool:
        return word not in _LEFT_ALONE and key(word) not in self._rows and not self._known(word)

    def _meant(self, word: str) -> str:
        """The word of most rows one slip away, of equal ones the first by the alphabet; the word itself if none is."""
        counted = ((self._rows.get(key(near), 0), near) for near in slips(word))
        likely = [(-count, near) for count, near in counted if count >= ROWS]
        return min(likely)[1] if likely else word


def arrays(texts: Iterable[str]) -> dict[str, Any]:
    """For head.npz: hashes of words, uint64 [w], and in how many rows each stands, uint32 [w]."""
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update({key(word) for word in _WORD.findall(text.lower()) if len(word) >= SHORTEST - 1})
    keys = sorted(counts)
    return {KEYS: np.array(keys, np.uint64), COUNTS: np.array([counts[each] for each in keys], np.uint32)}


def key(word: str) -> int:
    """64 bits of a word in small letters."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def slips(word: str) -> set[str]:
    """Everything one slip away: a letter left out, put in, put in the place of another, or two swapped."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    near |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in string.ascii_lowercase}
    near |= {head + letter + tail for head, tail in cuts for letter in string.ascii_lowercase}
    return near
