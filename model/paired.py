"""Two classifiers on the same rows: which difference is more than chance. Loads no torch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 2000
_CHUNK = 250


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first, with the interval that holds 95 % of the resamples."""

    value: float
    low: float
    high: float


def macro_f1_difference(truth: Sequence[str], first: Sequence[str], second: Sequence[str], seed: int = 7) -> Difference:
    """Paired bootstrap (Efron; Koehn 2004 for paired tests) of macro-F1 over the labels that occur in `truth`."""
    labels = sorted(set(truth))
    gold = _one_hot(truth, labels)
    counts = [_counts(gold, _one_hot(said, labels)) for said in (first, second)]
    whole = np.ones((1, len(truth)), np.float32)
    value = _macro_f1(whole, gold, counts[1])[0] - _macro_f1(whole, gold, counts[0])[0]
    drawn = [
        _macro_f1(weights, gold, counts[1]) - _macro_f1(weights, gold, counts[0])
        for weights in _resamples(len(truth), seed)
    ]
    return _interval(float(value), np.concatenate(drawn))


def mean_difference(first: Sequence[float], second: Sequence[float], seed: int = 7) -> Difference:
    """Paired bootstrap of the difference of two means (of shares: 0 and 1) over the same rows."""
    gain = np.asarray(second, np.float32) - np.asarray(first, np.float32)
    drawn = [weights @ gain / len(gain) for weights in _resamples(len(gain), seed)]
    return _interval(float(gain.mean()), np.concatenate(drawn))


def turned(before: Sequence[bool], after: Sequence[bool]) -> tuple[int, int]:
    """How many of the same rows are true no more, and how many have become so."""
    pairs = list(zip(before, after, strict=True))
    return sum(old and not new for old, new in pairs), sum(new and not old for old, new in pairs)


def chance_of_losing(lost: int, won: int) -> float:
    """Exact one-sided sign test (McNemar): how likely so many of the changed rows are lost by chance alone."""
    n = lost + won
    return sum(math.comb(n, k) for k in range(lost, n + 1)) / 2**n if n else 1.0


def _one_hot(said: Sequence[str], labels: Sequence[str]) -> npt.NDArray[np.float32]:
    """[n, labels]; a row of zeros where the label is none of them."""
    index = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(said), len(labels)), np.float32)
    for row, label in enumerate(said):
        if label in index:
            table[row, index[label]] = 1
    return table


def _counts(gold: npt.NDArray[np.float32], said: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Hits and claims side by side, [n, 2 * labels]."""
    return np.concatenate([gold * said, said], axis=1)


def _macro_f1(
    weights: npt.NDArray[np.float32], gold: npt.NDArray[np.float32], counts: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Macro-F1 of each resample [b], over the labels that it drew."""
    rows = weights @ gold
    hits, claims = np.split(weights @ counts, 2, axis=1)
    f1 = 2 * hits / np.maximum(rows + claims, 1)
    drawn = rows > 0
    result: npt.NDArray[np.float32] = (f1 * drawn).sum(axis=1) / np.maximum(drawn.sum(axis=1), 1)
    return result


def _resamples(n: int, seed: int) -> list[npt.NDArray[np.float32]]:
    """How often each row is drawn: chunks of [b, n]."""
    rng = np.random.default_rng(seed)
    even = np.full(n, 1 / n)
    return [rng.multinomial(n, even, size=_CHUNK).astype(np.float32) for _ in range(RESAMPLES // _CHUNK)]


def _interval(value: float, drawn: npt.NDArray[np.float32]) -> Difference:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Difference(value, float(low), float(high))
