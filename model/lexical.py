"""BM25 over texts, and words put right towards those that the texts know."""

import contextlib
import io
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from model.words import STOPWORDS, content, stem, tokens

Vectors = npt.NDArray[np.float32]


class Lexical:
    """BM25, scaled by the best that the query could have scored: 0 to 1."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._index: Any = bm25s.BM25()
        with contextlib.redirect_stderr(io.StringIO()):
            self._index.index([content(text) or ["-"] for text in texts], show_progress=False)
        self._count = len(texts)
        self._best = self._best_scores()
        self._unknown = max(self._best.values(), default=1.0)
        self._texts = texts

    def scores(self, query: str) -> Vectors:
        words = content(query)
        known = [word for word in words if word in self._best]
        if not known:
            return np.zeros(self._count, dtype=np.float32)
        ideal = sum(self._best.get(word, self._unknown) for word in words)
        return np.asarray(self._index.get_scores(known) / ideal, dtype=np.float32)

    @cached_property
    def _words(self) -> list[str]:
        """What slips are put right towards; only one of two indexes over the same words is asked for it."""
        return sorted({word for text in self._texts for word in tokens(text) if len(word) > 3})

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._words)

    def correct(self, query: str) -> str:
        """`query` in lower case, with each unknown word replaced by a known one at most a slip or two away."""
        words = [word for word in tokens(query) if len(word) > 4 and word not in STOPWORDS]
        text = query.lower()
        for word in words:
            if word not in self._known and stem(word) not in self._best and (near := self._nearest(word)):
                text = text.replace(word, near)
        return text

    def _nearest(self, word: str) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        slips = 1 if len(word) < 8 else 2
        found = process.extractOne(word, self._words, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
        return str(found[0]) if found else None

    def _best_scores(self) -> dict[str, float]:
        """Word -> the highest score any passage has for it."""
        data, starts = self._index.scores["data"], self._index.scores["indptr"]
        return {
            str(word): float(data[starts[number] : starts[number + 1]].max())
            for word, number in self._index.vocab_dict.items()
            if number + 1 < len(starts) and starts[number + 1] > starts[number]
        }
