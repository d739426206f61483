"""Finds passages: BM25 and sentence vectors, fused into one score from 0 to 1 that can be compared with a threshold.

Titles (questions) and passages are separate vectors, and the nearer one counts: put together in one vector they find
less (FAQ retrieval: hit@1 0.941 against 0.953). Words that the knowledge base does not know are read as the nearest
word it does know, so a typing error costs little. Knows nothing of intents' names beyond the boost it is asked for.
"""

import contextlib
import io
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from model.passages import Piece, pieces
from model.types import Article, Passage
from model.words import STOPWORDS, content, stem, tokens

Vectors = npt.NDArray[np.float32]

LEXICAL_WEIGHT = 0.15
"""Share of BM25 in the fused score; the rest is meaning."""
OWN_WORDS = 0.05
"""What the passage's own nearness adds where its title decided, so that the right paragraph of an article wins."""
INTENT_BOOST = 0.2
"""Added for articles of the recognised intent."""
MAX_QUERY = 2000
"""Characters; the end of an angry story holds the request, so the end is kept."""


class Encoder(Protocol):
    """Anything that turns texts into unit vectors, [n, d]."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class Retriever:
    """An index over articles. Immutable, so thread-safe; build a new one when articles change."""

    def __init__(self, encoder: Encoder, articles: Sequence[Article]) -> None:
        self._encoder = encoder
        self._pieces: list[Piece] = [piece for article in articles for piece in pieces(article)]
        self._article_of = np.array(
            [number for number, article in enumerate(articles) for _ in pieces(article)], dtype=np.int64
        )
        self._intents = {article.id: frozenset(article.intents) for article in articles}
        if self._pieces:
            self._titles = encoder.encode([article.title for article in articles])
            self._vectors = encoder.encode([piece.in_context for piece in self._pieces])
            self._lexical = _Lexical([piece.in_context for piece in self._pieces])

    def __len__(self) -> int:
        return len(self._pieces)

    def search(self, query: str, limit: int = 5, intent: str = "") -> list[Passage]:
        """The best passages for `query`, best first; `score` is 0 to 1. Articles of `intent` are lifted."""
        query = query.strip()[-MAX_QUERY:]
        if not self._pieces or not query or limit < 1:
            return []
        scores = self._scores(query)
        if intent:
            wanted = [intent in self._intents[piece.article_id] for piece in self._pieces]
            scores = scores + np.float32(INTENT_BOOST) * np.array(wanted, dtype=np.float32)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [self._passage(int(n), float(scores[n])) for n in best]

    def is_about(self, passage: Passage, intent: str) -> bool:
        """Whether the passage's article names `intent`."""
        return intent in self._intents.get(passage.article_id, frozenset())

    def _scores(self, query: str) -> Vectors:
        corrected = self._lexical.correct(query)
        vectors = self._encoder.encode([query] if corrected == query.lower() else [query, corrected])
        titles = (self._titles @ vectors.T).max(axis=1)[self._article_of]
        passages = (self._vectors @ vectors.T).max(axis=1)
        meaning = np.maximum(titles, passages) + OWN_WORDS * passages
        fused = (1 - LEXICAL_WEIGHT) * meaning + LEXICAL_WEIGHT * self._lexical.scores(corrected)
        return np.asarray(fused, dtype=np.float32)

    def _passage(self, number: int, score: float) -> Passage:
        piece = self._pieces[number]
        return Passage(piece.article_id, piece.title, piece.text, min(1.0, max(0.0, score)))


class _Lexical:
    """BM25, scaled by the best that the query could have scored: 0 to 1."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._index: Any = bm25s.BM25()
        with contextlib.redirect_stderr(io.StringIO()):
            self._index.index([content(text) or ["-"] for text in texts], show_progress=False)
        self._count = len(texts)
        self._best = self._best_scores()
        self._unknown = max(self._best.values(), default=1.0)
        self._words = sorted({word for text in texts for word in tokens(text) if len(word) > 3})
        self._known = frozenset(self._words)

    def scores(self, query: str) -> Vectors:
        words = content(query)
        known = [word for word in words if word in self._best]
        if not known:
            return np.zeros(self._count, dtype=np.float32)
        ideal = sum(self._best.get(word, self._unknown) for word in words)
        return np.asarray(self._index.get_scores(known) / ideal, dtype=np.float32)

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
