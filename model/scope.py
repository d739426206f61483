"""Which words of a sentence stand under a not, piece by piece. English."""

import re
from collections.abc import Iterator, Mapping

from model.words import content

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|unable|impossible|nowhere|\w+n['’]t|"
    r"rejec\w*|excluded?|forbidden)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[;:()–—]|,?\s\b(?:but|while|because|although|though|so)\b|,\s*(?:and|or|who|which|where)\b|"
    r"\band\s+(?=(?:you|we|it|they|can|cannot|may|is|are|must|will|has|have|do|does|never|not|the|your|our)\b)|"
    r"(?<!\bnot )(?<!\bonly )(?<!\bnever )\b(?=(?:if|when|unless|until|once|whenever)\b)",
    re.IGNORECASE,
)
_OPENING_CONDITION = re.compile(r"^\s*(?:if|when|unless|until|once|whenever|after|before)\b[^,]*,", re.IGNORECASE)
_BUT_FOR = re.compile(
    r"\b(?:without|except|(?<=all )but|(?<=everything )but|(?<=everybody )but|(?<=anything )but)\b", re.IGNORECASE
)
"""What denies only what follows it."""
_EXCEPT = "\0"
"""Stands for each of them."""
_NOT_THAT = re.compile(r",\s*(?:not|never|no)\b", re.IGNORECASE)


def polarities(sentence: str) -> Mapping[str, set[bool]]:
    """Of each content word's stem, whether it is denied (True), affirmed (False), or both; two denials are none."""
    found: dict[str, set[bool]] = {}
    for piece in _pieces(sentence):
        for text, denied in _scopes(piece):
            for word in content(text):
                found.setdefault(word, set()).add(denied)
    return found


def _pieces(sentence: str) -> Iterator[str]:
    if opening := _OPENING_CONDITION.match(sentence):
        yield opening.group()
        sentence = sentence[opening.end() :]
    yield from _BREAK.split(_BUT_FOR.sub(_EXCEPT, sentence))


def _scopes(piece: str) -> list[tuple[str, bool]]:
    kept, *but_for = piece.split(_EXCEPT)
    if but_for and _NEGATION.search(kept):  # "no child is left without supervision"
        return [(piece, len(_NEGATION.findall(kept)) % 2 != len(but_for) % 2)]
    return [*_denied(kept), *((text, True) for text in but_for)]


def _denied(piece: str) -> list[tuple[str, bool]]:
    count = len(_NEGATION.findall(piece))
    after = _NOT_THAT.search(piece)
    if after and count == 1:
        return [(piece[: after.start()], False), (piece[after.start() :], True)]
    return [(piece, count % 2 == 1)]
