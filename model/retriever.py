"""Finds passages: BM25 and sentence vectors, fused into one score from 0 to 1 that can be compared with a threshold.

Titles (questions) and passages are separate vectors, and the nearer one counts: put together in one vector they find
less (FAQ retrieval: hit@1 0.941 against 0.953). So are the questions that customers have asked before and that an
article was the answer to: each is a further title of it. What an article says as a whole counts too, as the mean of its
passages, so that one passing remark does not outrank an article about the matter. Words that the knowledge base does
not know are read as the nearest word it does know, so a typing error costs little. What people have called wrong for
such a question counts half for it. Knows nothing of intents' names beyond the boost it is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from model.lexical import Lexical
from model.passages import Piece, pieces
from model.proper_names import names_of
from model.titles import titled, words_of
from model.types import Article, Passage

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

INTENT_BOOST = 0.2
"""Added for articles of the recognised intent."""
SAME = 0.9
"""Cosine from which a question is the one that an article was called wrong for."""
CALLED_WRONG = 0.5
"""What is left of the score then."""
MAX_QUERY = 2000
"""Characters; the end of an angry story holds the request, so the end is kept."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How the parts of a score weigh; chosen on STACKFAQ's dev queries, with and without their questions."""

    lexical: float = 0.15
    """Share of BM25, half of it over passages and half over whole articles; the rest is meaning."""
    gist: float = 0.5
    """What the article as a whole adds to the nearer one of title and passage."""
    own: float = 0.05
    """What the passage's own nearness adds where its title decided, so that the right paragraph of an article wins."""


class Encoder(Protocol):
    """Anything that turns texts into unit vectors, [n, d]."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class Retriever:
    """An index over articles. Immutable, so thread-safe; build a new one when articles change."""

    def __init__(
        self,
        encoder: Encoder,
        articles: Sequence[Article],
        asked: Mapping[str, Sequence[str]] | None = None,
        weights: Weights = Weights(),
        index_with: Encoder | None = None,
        wrong: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """
        Args:
            articles: a title may be empty; then its passages alone count.
            asked: article id -> questions that it has answered before.
            index_with: the same encoder, remembering the vectors of articles that have not changed.
            wrong: article id -> questions that it is called wrong for.
        """
        cut = [pieces(article) for article in articles]
        kept = [number for number, parts in enumerate(cut) if parts]
        self._encoder, self._weights = encoder, weights
        self._articles = [articles[number] for number in kept]
        self._intents = {article.id: frozenset(article.intents) for article in self._articles}
        self._called = {article.id: words_of(article.title) for article in self._articles}
        self.names = names_of(article.body for article in self._articles)
        """Stems of the names that the articles know."""
        self._pieces: list[Piece] = [piece for number in kept for piece in cut[number]]
        counts = np.array([len(cut[number]) for number in kept], dtype=np.int64)
        self._article_of: Numbers = np.repeat(np.arange(len(kept)), counts)
        self._starts: Numbers = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
        if self._pieces:
            self._index(index_with or encoder, asked or {}, wrong or {})

    def _index(self, encoder: Encoder, asked: Mapping[str, Sequence[str]], wrong: Mapping[str, Sequence[str]]) -> None:
        texts = [piece.in_context for piece in self._pieces]
        self._vectors = encoder.encode(texts)
        sums = np.add.reduceat(self._vectors, self._starts)
        self._gists = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        titles = [
            (number, text)
            for number, article in enumerate(self._articles)
            for text in (article.title, *asked.get(article.id, ()))
            if text.strip()
        ]
        self._title_of: Numbers = np.array([number for number, _ in titles], dtype=np.int64)
        self._titles = encoder.encode([text for _, text in titles]) if titles else None
        refused = [(n, text) for n, article in enumerate(self._articles) for text in wrong.get(article.id, ())]
        self._refused_of: Numbers = np.array([number for number, _ in refused], dtype=np.int64)
        self._refused = encoder.encode([text for _, text in refused]) if refused else None
        whole = [f"{article.title}\n{article.body}" for article in self._articles]
        self._lexical, self._lexical_whole = Lexical(texts), Lexical(whole)

    def __len__(self) -> int:
        return len(self._pieces)

    def search(self, query: str, limit: int = 5, intent: str = "") -> list[Passage]:
        """The best passages for `query`, best first; `score` is 0 to 1. Articles of `intent` are lifted."""
        query = query.strip()[-MAX_QUERY:]
        if not self._pieces or not query or limit < 1:
            return []
        scores = self._scores(query)
        if intent:
            wanted = np.array([intent in article.intents for article in self._articles], dtype=np.float32)
            scores = scores + np.float32(INTENT_BOOST) * wanted[self._article_of]
        return [self._passage(int(n), float(scores[n])) for n in highest(scores, limit)]

    def of(self, article_id: str) -> list[Passage]:
        """All passages of one article in its order, each new heading above the first of its own; empty where it is not
        here."""
        mine = [piece for piece in self._pieces if piece.article_id == article_id]
        before = ["", *(piece.heading for piece in mine)]
        texts = [
            f"**{piece.heading}**\n{piece.text}" if piece.heading != last else piece.text
            for piece, last in zip(mine, before, strict=False)
        ]
        return [Passage(article_id, piece.title, text, 1.0) for piece, text in zip(mine, texts, strict=True)]

    def titled(self, text: str) -> Article | None:
        """The one article whose title the text is (model/titles.py); none for any other text."""
        found = titled(text, self._called)
        return next((article for article in self._articles if article.id == found), None) if found else None

    @property
    def ids(self) -> list[str]:
        """Of the articles that have passages."""
        return [article.id for article in self._articles]

    def near(self, texts: Sequence[str]) -> Vectors:
        """[texts, articles]: the nearer of title and article as a whole, by meaning alone; at most 1."""
        if not texts or not self._pieces:
            return np.zeros((len(texts), len(self._articles)), dtype=np.float32)
        vectors = self._encoder.encode([text.strip()[-MAX_QUERY:] for text in texts])
        return np.stack([np.maximum(self._named(one[None]), self._gists @ one) for one in vectors])

    def rank(self, query: str) -> list[str]:
        """Ids of all articles, each by its best passage, the best first."""
        query = query.strip()[-MAX_QUERY:]
        if not self._pieces or not query:
            return []
        best = np.maximum.reduceat(self._scores(query), self._starts)
        return [self._articles[int(n)].id for n in np.argsort(-best, kind="stable")]

    def is_about(self, passage: Passage, intent: str) -> bool:
        """Whether the passage's article names `intent`."""
        return intent in self._intents.get(passage.article_id, frozenset())

    def _scores(self, query: str) -> Vectors:
        """One score a passage."""
        corrected = self._lexical.correct(query)
        vectors = self._encoder.encode([query] if corrected == query.lower() else [query, corrected])
        share, of = self._weights.lexical, self._article_of
        words = (self._lexical.scores(corrected) + self._lexical_whole.scores(corrected)[of]) / 2
        scores = (1 - share) * self._meaning(vectors) + share * words
        if self._refused is not None:
            same = (self._refused @ vectors.T).max(axis=1) >= SAME
            scores[np.isin(of, self._refused_of[same])] *= CALLED_WRONG
        return np.asarray(scores, dtype=np.float32)

    def _meaning(self, vectors: Vectors) -> Vectors:
        """Cosines, weighed: at most 1."""
        of, weights = self._article_of, self._weights
        passages = (self._vectors @ vectors.T).max(axis=1)
        gists = (self._gists @ vectors.T).max(axis=1)
        nearest = np.maximum(self._named(vectors)[of], passages)
        summed = nearest + weights.gist * gists[of] + weights.own * passages
        return np.asarray(summed / (1 + weights.gist + weights.own), dtype=np.float32)

    def _named(self, vectors: Vectors) -> Vectors:
        """The nearest title or earlier question of each article; -1 where it has none."""
        found = np.full(len(self._articles), -1.0, dtype=np.float32)
        if self._titles is not None:
            np.maximum.at(found, self._title_of, (self._titles @ vectors.T).max(axis=1))
        return found

    def _passage(self, number: int, score: float) -> Passage:
        piece = self._pieces[number]
        return Passage(piece.article_id, piece.title, piece.text, min(1.0, max(0.0, score)))


def highest(scores: Vectors, limit: int) -> Numbers:
    """Places of the `limit` highest scores, best first, of equal ones the earlier; without sorting all of them."""
    few = np.arange(len(scores))
    if limit < len(scores):
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        few = np.flatnonzero(scores >= least)
    best: Numbers = few[np.argsort(-scores[few], kind="stable")][:limit]
    return best
