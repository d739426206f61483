"""What unlabelled messages can teach: a teacher's opinion of each, evened out among messages that are alike. No torch.

A teacher that saw few labels errs on single messages more than on groups of like ones. So each message's probabilities
are mixed with those of its nearest messages, some rounds long (label propagation, Zhou et al. 2004; on features, Iscen
et al. 2019), sharpened, and given to the student as soft targets. All of them: the surest alone would teach the easy
intents at the cost of the hard ones (docs/experiments.md).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.calibration import softmax
from model.dataset import normalise
from model.encoder import Vectors

Floats = npt.NDArray[np.float32]

MOST = 10_000
"""Messages that are looked at, the newest ones."""
FEWEST = 100
"""Fresh messages from which a student is worth its time."""
TAUGHT = 5_000
"""Of these, what the student learns from at the most: its time is spent on them."""
NEIGHBOURS = 10
MIX = 0.6
"""How much a message takes from its neighbours in each round."""
ROUNDS = 5
SHARPNESS = 24.0
"""Of the teacher's cosines; and with it, how much sooner near neighbours are heard than far ones."""
_BLOCK = 1024


def fresh(texts: Sequence[str], known: Sequence[str]) -> list[str]:
    """The newest `MOST` texts that have words, each once, none of them among `known`; none where they are too few."""
    seen = {normalise(text) for text in known}
    kept: list[str] = []
    for text in reversed(texts):
        key = normalise(text)
        if key not in seen and any(c.isalnum() for c in text):
            seen.add(key)
            kept.append(text)
        if len(kept) == MOST:
            break
    return kept[::-1] if len(kept) >= FEWEST else []


def propagate(vectors: Vectors, head: Vectors) -> Floats:
    """Probabilities of the classes for each message, [n, c], from unit vectors [n, d] and a cosine head [c, d]."""
    first = softmax(SHARPNESS * (vectors @ head.T)).astype(np.float32)
    beside, weights = nearest(vectors, min(NEIGHBOURS, len(vectors) - 1))
    chances = first
    for _ in range(ROUNDS if beside.shape[1] else 0):
        chances = (1 - MIX) * first + MIX * _neighbours_say(chances, beside, weights)
    return chances


def nearest(vectors: Vectors, k: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """Indices of each row's k nearest others, [n, k], and how much each counts, [n, k], adding up to 1."""
    beside = np.empty((len(vectors), k), np.intp)
    similar = np.empty((len(vectors), k), np.float32)
    for start in range(0, len(vectors) if k else 0, _BLOCK):
        cosines = vectors[start : start + _BLOCK] @ vectors.T
        rows = np.arange(len(cosines))
        cosines[rows, start + rows] = -np.inf
        beside[start : start + _BLOCK] = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
        similar[start : start + _BLOCK] = np.take_along_axis(cosines, beside[start : start + _BLOCK], axis=1)
    powers = np.exp(10 * similar)
    return beside, powers / np.maximum(powers.sum(1, keepdims=True), 1e-12)


def _neighbours_say(chances: Floats, beside: npt.NDArray[np.intp], weights: Floats) -> Floats:
    said = np.zeros_like(chances)
    for column in range(beside.shape[1]):
        said += weights[:, column, None] * chances[beside[:, column]]
    return said


def sample(count: int, seed: int) -> npt.NDArray[np.intp]:
    """Indices of the messages to teach, at most `TAUGHT` of `count`, drawn by chance."""
    return np.sort(np.random.default_rng(seed).permutation(count)[:TAUGHT])


def sharpened(chances: Floats) -> Floats:
    """Squared and made to add up to 1: what neighbours blurred becomes a target again."""
    squared: Floats = chances**2
    return np.asarray(squared / squared.sum(1, keepdims=True), np.float32)
