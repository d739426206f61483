"""Which words of a sentence its sources have in the same sense, and which of a source's words it leaves out.

Every word's vector in its sentence is laid beside those of the other text (BERTScore, Zhang et al. 2020): recall asks
of each word of the source sentence that is nearest how near the reply or the question comes to it, precision of each
word of the reply how near any source does. Words as they are spelt cannot tell a limit that was dropped from one that
was put otherwise; this can, a little, and `model.grounding` weighs it with all else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from model.lexicon import COURTESY
from model.words import STOPWORDS, stem

Floats = npt.NDArray[np.float32]
_WORD = re.compile(r"[£€$]?\d+(?:[.,:]\d+)*%?|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_UNLIKE = 0.4
"""Cosine of two words that have nothing to do with each other, or so: all that spelling can say of other words."""
NAMES = (
    "recall_least",
    "recall_least_two",
    "recall",
    "precision_least",
    "precision_least_two",
    "precision",
    "new_word",
)


@runtime_checkable
class ReadsTokens(Protocol):
    """An encoder that may give a vector for each token; see `model.encoder.OnnxEncoder.tokens`."""

    def tokens(self, texts: Sequence[str]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text."""

    stems: tuple[str, ...]
    carries: npt.NDArray[np.bool_]
    """Whether each carries meaning, [n]."""
    vectors: Floats | None
    """Unit vectors, [n, dim]; None where the encoder gives none."""


def read_words(encoder: object, texts: Sequence[str]) -> list[Words]:
    """The words of each text, in order."""
    tokens = encoder.tokens(texts) if texts and isinstance(encoder, ReadsTokens) else None
    if tokens is None:
        return [_words(list(_WORD.finditer(text)), None) for text in texts]
    return [_with_vectors(text, *read) for text, read in zip(texts, tokens, strict=True)]


def word_match(body: Words, sources: Sequence[Words], question: Sequence[Words]) -> dict[str, float]:
    """Least, mean of the least two, and mean of how near words come, 0 to 1, by `NAMES`.

    Args:
        body: the sentence without greeting, name, yes or no.
        sources: every sentence of the sources.
        question: the customer's words, or nothing.
    """
    sources = [one for one in sources if one.carries.any()]
    if not sources or not body.carries.any():
        return dict.fromkeys(NAMES, 0.0)
    near = [_likeness(body, one) for one in sources]
    nearest = max(range(len(near)), key=lambda place: float(near[place][body.carries].max(1).mean()))
    recalled = np.vstack([near[nearest], *(_likeness(one, sources[nearest]) for one in question)])
    recall = np.sort(recalled[:, sources[nearest].carries].max(0))
    best = np.hstack([each[:, one.carries] for each, one in zip(near, sources, strict=True)]).max(1)
    stems = {stem for one in sources for stem in one.stems}
    new = [
        value
        for value, said, carries in zip(best, body.stems, body.carries, strict=True)
        if carries and said not in stems
    ]
    precision = np.sort(best[body.carries])
    values = (*_summary(recall), *_summary(precision), min(new, default=1.0))
    return {name: float(value) for name, value in zip(NAMES, values, strict=True)}


def _summary(rising: Floats) -> tuple[float, float, float]:
    return float(rising[0]), float(rising[:2].mean()), float(rising.mean())


def _likeness(one: Words, other: Words) -> Floats:
    """[n, m]"""
    if one.vectors is not None and other.vectors is not None:
        return one.vectors @ other.vectors.T
    same = np.array([[a == b for b in other.stems] for a in one.stems], dtype=np.float32).reshape(-1, len(other.stems))
    return _UNLIKE + (1 - _UNLIKE) * same


def _with_vectors(text: str, spans: Sequence[tuple[int, int]], vectors: Floats) -> Words:
    """A word's vector is the mean of its tokens'."""
    matches = list(_WORD.finditer(text))
    owners = [_owner(matches, start, end) for start, end in spans]
    kept, means = [], []
    for owner, places in groupby(range(len(owners)), key=owners.__getitem__):
        if owner is not None:
            kept.append(matches[owner])
            means.append(vectors[list(places)].mean(0))
    if not kept:
        return _words([], None)
    whole = np.stack(means)
    return _words(kept, whole / np.linalg.norm(whole, axis=1, keepdims=True))


def _owner(matches: Sequence[re.Match[str]], start: int, end: int) -> int | None:
    return next((place for place, match in enumerate(matches) if start < match.end() and end > match.start()), None)


def _words(matches: Sequence[re.Match[str]], vectors: Floats | None) -> Words:
    said = [match.group().lower() for match in matches]
    carries = np.array([word not in STOPWORDS and word not in COURTESY for word in said], dtype=bool)
    return Words(tuple(map(stem, said)), carries, vectors)
