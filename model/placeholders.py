"""Placeholders of approved texts (`{{Order Number}}`, `{order_number}`): found, and kept whole. Loads no torch.

Somebody fills them later, or the customer reads them as they stand: one that is misspelt, made up or left open is worth
less than none. So a text may only say letter by letter what its sources hold between braces.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from rapidfuzz import fuzz

PLACEHOLDER = re.compile(r"\{\{[^{}]+\}\}|\{[A-Za-z_][\w ]*\}")
MISSPELT = 90
"""Of 100: how like a placeholder's name is to what misspells it. No two different ones among the 85 of BITEXT_27K's
training replies are so much alike."""
PLACED = 2
"""Words and marks before it that a placeholder must share with the text, to be the one for that place."""
WINDOW = 80
"""Characters before a placeholder that are looked at."""
_WORD = re.compile(r"\w+|[^\w\s]")
_QUOTE = re.compile("['’‘“”„]")
_BRACED = re.compile(r"\{+[^{}]*\}*|\}+")


def placeholders(text: str) -> tuple[str, ...]:
    """`{{Order Number}}`, `{order_number}`: each once, in order."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


class Braced:
    """What some texts hold between braces, and nothing else may stand there."""

    def __init__(self, sources: Iterable[str]) -> None:
        text = "\n".join(sources)
        self._parts = set(_BRACED.findall(text))
        self._places = [(_words(text[: one.start()]), one.group()) for one in PLACEHOLDER.finditer(text)]

    def foreign(self, text: str) -> list[str]:
        """The parts of a finished text that its sources do not have so: other placeholders, lone braces."""
        return [part for part in _BRACED.findall(text) if part not in self._parts]

    def begun(self, text: str) -> str | None:
        """The placeholder that a text being written has begun and not ended, empty if there is none; None where the
        text cannot be gone on with, for it has broken one already."""
        for found in _BRACED.finditer(text):
            if found.group() in self._parts:
                continue
            ends = found.end() == len(text)
            return found.group() if ends and any(one.startswith(found.group()) for one in self._parts) else None
        return ""

    def tolerate(self, text: str) -> None:
        """Have a text gone on with, wrong as it is."""
        self._parts.update(_BRACED.findall(text))

    def mended(self, before: str, wish: str) -> str | None:
        """`before` and the placeholder that is meant by `wish`, which was about to follow: the one that it misspells,
        else the one that stands behind the same words in a source. None where there is neither."""
        opening = wish.find("{")
        if opening < 0:
            return None
        before, wish = before + wish[:opening], wish[opening:]
        behind = _words(before)
        found = [(_like(one, wish), _alike(behind, words), one) for words, one in self._places]
        misspelt = max((one for one in found if one[0] >= MISSPELT), default=None)
        placed = max(((alike, like, one) for like, alike, one in found if alike >= PLACED), default=None)
        best = misspelt or placed
        return before + best[-1] if best else None


def _like(placeholder: str, wish: str) -> float:
    """How like the names are, 0 to 100; one that was never closed runs on into the sentence."""
    name, wanted = placeholder.strip("{}").casefold(), wish.lstrip("{").casefold()
    closed = "}" in wanted
    return fuzz.ratio(name, wanted.partition("}")[0] if closed else wanted[: len(name)])


def _words(before: str) -> list[str]:
    """The last words and marks of a text, in small letters, the last one first."""
    return _WORD.findall(_QUOTE.sub('"', before[-WINDOW:].lower()))[::-1]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words and marks both end with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
