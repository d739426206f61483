"""Which words of a sentence stand under a not, piece by piece. English."""

import re
from collections.abc import Mapping

from model.words import content

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|unable|impossible|except|nowhere|\w+n['’]t|"
    r"rejec\w*|excluded?|forbidden)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[;:()–—]|,?\s\b(?:but|while|because|although|though|so)\b|,\s*(?:and|or|who|which|where)\b|"
    r"\band\s+(?=(?:you|we|it|they|can|may|is|are|must|will|the|your|our)\b)",
    re.IGNORECASE,
)
_NOT_THAT = re.compile(r",\s*(?:not|never|no)\b", re.IGNORECASE)


def polarities(sentence: str) -> Mapping[str, set[bool]]:
    """Of each content word's stem, whether it is denied (True), affirmed (False), or both; two denials are none."""
    found: dict[str, set[bool]] = {}
    for piece in _BREAK.split(sentence):
        for text, denied in _scopes(piece):
            for word in content(text):
                found.setdefault(word, set()).add(denied)
    return found


def _scopes(piece: str) -> list[tuple[str, bool]]:
    count = len(_NEGATION.findall(piece))
    after = _NOT_THAT.search(piece)
    if after and count == 1:
        return [(piece[: after.start()], False), (piece[after.start() :], True)]
    return [(piece, count % 2 == 1)]
