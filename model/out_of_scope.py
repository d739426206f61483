"""Tells what is none of the known intents. Loads no torch.

Several weak signs, each standardised on held-out in-scope rows, are added up: the energy of the logits (Liu et al.
2020), the nearness to the best class, the mean similarity to the nearest training rows (Sun et al. 2022) and, where
the training file holds out-of-scope rows, the similarity to those. Where enough such rows were held out, a logistic
regression weighs the signs; else they weigh the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from model.calibration import Ints, answer_from, energy, expected_calibration_error, softmax

Floats = npt.NDArray[np.floating]

NEIGHBOURS = 5
"""Nearest training rows whose similarity is averaged."""
BANK_ROWS_PER_INTENT = 30
KEEP = 0.95
"""Share of in-scope messages that stay in scope."""
ENOUGH = 15
"""Held-out out-of-scope rows from which the signs are weighed by them."""


@dataclass(frozen=True, slots=True)
class Detector:
    """Everything the decision needs. Higher score: farther from everything known."""

    bank: npt.NDArray[np.float32]
    """[r, dim] vectors of training rows in scope, unit length."""
    bank_oos: npt.NDArray[np.float32]
    """[o, dim] of out-of-scope training rows; o may be 0."""
    mean: npt.NDArray[np.float64]
    std: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    threshold: float = 0.0

    def score(self, vectors: Floats, logits: Floats) -> npt.NDArray[np.float64]:
        """[n] from vectors [n, dim] and logits [n, c]."""
        result: npt.NDArray[np.float64] = ((self.signs(vectors, logits) - self.mean) / self.std) @ self.weights
        return result

    def signs(self, vectors: Floats, logits: Floats) -> npt.NDArray[np.float64]:
        """[n, 3 or 4]; each is higher the farther a row is from what is known."""
        columns = [-energy(logits), -np.asarray(logits).max(-1), -nearest(vectors, self.bank)]
        if len(self.bank_oos):
            columns.append(nearest(vectors, self.bank_oos))
        return np.stack(columns, -1).astype(np.float64)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """For head.npz; the banks in half precision."""
        return {
            "bank": self.bank.astype(np.float16),
            "bank_oos": self.bank_oos.astype(np.float16),
            "signs_mean": self.mean,
            "signs_std": self.std,
            "signs_weights": self.weights,
            "threshold": np.asarray(self.threshold),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> "Detector":
        return cls(
            arrays["bank"].astype(np.float32),
            arrays["bank_oos"].astype(np.float32),
            arrays["signs_mean"].astype(np.float64),
            arrays["signs_std"].astype(np.float64),
            arrays["signs_weights"].astype(np.float64),
            float(arrays["threshold"]),  # type: ignore[arg-type]
        )


def nearest(vectors: Floats, bank: Floats, k: int = NEIGHBOURS) -> npt.NDArray[np.float32]:
    """Mean cosine of each of [n, dim] to its k nearest of [r, dim], [n]."""
    k = min(k, len(bank))
    similar = np.asarray(vectors, np.float32) @ bank.T
    result: npt.NDArray[np.float32] = np.partition(similar, len(bank) - k, axis=1)[:, len(bank) - k :].mean(1)
    return result


def fit(
    bank: Floats,
    bank_oos: Floats,
    held_in: tuple[Floats, Floats],
    held_oos: tuple[Floats, Floats],
    keep: float = KEEP,
) -> Detector:
    """Fit weights and threshold on rows that were not trained on.

    Args:
        bank: [r, dim] vectors of training rows.
        bank_oos: [o, dim] of out-of-scope training rows.
        held_in: vectors and logits of held-out in-scope rows.
        held_oos: the same of held-out out-of-scope rows, perhaps none.
    """
    dim = np.asarray(bank).shape[1]
    empty = np.zeros((0, dim), np.float32)
    with_oos = len(held_oos[0]) >= ENOUGH and len(bank_oos) >= ENOUGH
    size = 4 if with_oos else 3
    blank = Detector(
        np.asarray(bank, np.float32),
        np.asarray(bank_oos, np.float32) if with_oos else empty,
        np.zeros(size),
        np.ones(size),
        np.full(size, 1 / size),
    )
    inside, outside = blank.signs(*held_in), blank.signs(*held_oos)
    mean, std = inside.mean(0), np.maximum(inside.std(0), 1e-3)
    inside, outside = (inside - mean) / std, (outside - mean) / std
    weights = weigh(inside, outside) if len(outside) >= ENOUGH else blank.weights
    threshold = choose_threshold(inside @ weights, outside @ weights, keep)
    return Detector(blank.bank, blank.bank_oos, mean, std, weights, threshold)


def weigh(inside: Floats, outside: Floats, penalty: float = 0.05, steps: int = 500) -> npt.NDArray[np.float64]:
    """Logistic regression without negative weights, both sides counting the same; weights add up to 1."""
    rows = np.concatenate([inside, outside])
    target = np.concatenate([np.zeros(len(inside)), np.ones(len(outside))])
    share = np.where(target == 1, 0.5 / len(outside), 0.5 / len(inside))
    weights, bias = np.full(rows.shape[1], 1 / rows.shape[1]), 0.0
    for _ in range(steps):
        slope = share * (1 / (1 + np.exp(-np.clip(rows @ weights + bias, -30, 30))) - target)
        weights = np.maximum(weights - 0.3 * (rows.T @ slope + penalty * weights), 0.0)
        bias -= 0.3 * float(slope.sum())
    total = float(weights.sum())
    return weights / total if total > 0 else np.full(rows.shape[1], 1 / rows.shape[1])


def choose_threshold(inside: Floats, outside: Floats, keep: float = KEEP) -> float:
    """The score above which a row is out of scope.

    Without out-of-scope rows: half-way between the quantile of the held-out in-scope rows, which hangs on the few that
    lie farthest out, and that of a normal distribution of their mean and width, which all of them decide. With them:
    what serves both sides best, though never keeping less than `keep` minus two points.
    """
    if not len(inside):
        return float("inf")
    if not len(outside):
        tail = NormalDist().inv_cdf(keep)
        return float(np.quantile(inside, keep) + np.mean(inside) + tail * np.std(inside)) / 2
    low = float(np.quantile(inside, max(0.0, keep - 0.02)))
    candidates = np.unique(np.concatenate([[low], inside[inside > low], outside[outside > low]]))
    middles = (candidates + np.append(candidates[1:], candidates[-1] + 1e-6)) / 2
    # A wrongly refused request costs more than a stranger who is answered: refusals weigh three times.
    gain = [(outside > t).mean() - 3 * (inside > t).mean() for t in middles]
    return float(middles[int(np.argmax(gain))])


def held_figures(logits: Floats, labels: Ints, scores: Floats, detector: Detector) -> dict[str, object]:
    """What the held-out rows say, of calibrated logits; rough, for they are few. And from where to answer."""
    inside = labels >= 0
    chances = softmax(logits[inside])
    right = chances.argmax(1) == labels[inside]
    refused = scores > detector.threshold
    return {
        "answer_from": round(answer_from(chances.max(1)[~refused[inside]], right[~refused[inside]]), 4),
        "held_out": len(labels),
        "held_out_accuracy": round(float(right.mean()), 4),
        "held_out_ece": round(expected_calibration_error(chances.max(1), right), 4),
        "held_out_kept": round(float((~refused[inside]).mean()), 4),
        "held_out_oos_recall": round(float(refused[~inside].mean()), 4) if (~inside).any() else None,
    }
