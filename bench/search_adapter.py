"""The other way to fine-tune search: a linear map of the question's vector, trained on (question, article) pairs.

The frozen vectors of the articles stay. z = q + qW, scored against every article's title (or gist), softmax at a
temperature, W pulled towards zero: batch and negatives are the whole set, for it is small. Numpy and Adam.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.encoder import unit
from model.retriever import Encoder, Retriever
from model.types import Article, Example

Vectors = npt.NDArray[np.float32]
TEMPERATURE, DECAY, RATE, STEPS = 0.05, 3e-4, 1e-3, 150


class AdaptedRetriever(Retriever):
    """A retriever that maps the question first."""

    matrix: Vectors | None = None

    def train(self, encoder: Encoder, articles: Sequence[Article], rows: Sequence[Example]) -> None:
        """Fit the map on these pairs."""
        numbers = {article.id: number for number, article in enumerate(articles)}
        titled = all(article.title for article in articles)
        targets = encoder.encode([article.title for article in articles]) if titled else self._gists
        chosen = np.array([numbers[row.label] for row in rows])
        self.matrix = fitted(encoder.encode([row.text for row in rows]), targets, chosen)

    def _meaning(self, vectors: Vectors) -> Vectors:
        return super()._meaning(vectors if self.matrix is None else unit(vectors + vectors @ self.matrix))


def fitted(questions: Vectors, targets: Vectors, chosen: npt.NDArray[np.int64]) -> Vectors:
    """W [d, d] that brings each question's vector to its article's."""
    matrix: Vectors = np.zeros((questions.shape[1],) * 2, dtype=np.float32)
    first: Vectors = np.zeros_like(matrix)
    second: Vectors = np.zeros_like(matrix)
    for step in range(1, STEPS + 1):
        slope = gradient(matrix, questions, targets, chosen) + DECAY * matrix
        first *= 0.9
        first += 0.1 * slope
        second *= 0.999
        second += 0.001 * slope**2
        matrix -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return matrix


def gradient(matrix: Vectors, questions: Vectors, targets: Vectors, chosen: npt.NDArray[np.int64]) -> Vectors:
    """Of the mean cross-entropy with respect to W."""
    mapped = questions + questions @ matrix
    length = np.linalg.norm(mapped, axis=1, keepdims=True)
    logits = (mapped / length) @ targets.T / TEMPERATURE
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    chances[np.arange(len(chosen)), chosen] -= 1
    outward = chances @ targets / (TEMPERATURE * len(chosen))
    along = (outward * mapped).sum(axis=1, keepdims=True) / length**2
    slope: Vectors = questions.T @ ((outward - along * mapped) / length)
    return slope
