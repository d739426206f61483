"""Makes a confidence mean what it says: temperature scaling (Guo et al. 2017), the error left, and the confidence from
which answers are given. Loads no torch."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.integer]

PRIOR_ROWS = 60.0
"""How many rows the belief in a temperature near `prior` weighs: it holds few held-out rows in check."""


WRONG = 0.05
"""Share of the automatic answers that may be for the wrong intent."""
LOWEST, HIGHEST = 0.5, 0.95
"""Bounds of what a version may ask of its confidence: below one half an answer is more likely wrong than right, and
above the other hardly anybody would be answered."""


def softmax(logits: Floats) -> npt.NDArray[np.float64]:
    """[n, c] logits to probabilities; rows add up to 1."""
    wide = np.asarray(logits, np.float64)
    powers = np.exp(wide - wide.max(-1, keepdims=True))
    result: npt.NDArray[np.float64] = powers / powers.sum(-1, keepdims=True)
    return result


def energy(logits: Floats) -> npt.NDArray[np.float64]:
    """log of the sum of exponentials of [n, c] logits, [n]: higher is more familiar (Liu et al. 2020)."""
    wide = np.asarray(logits, np.float64)
    top = wide.max(-1)
    result: npt.NDArray[np.float64] = top + np.log(np.exp(wide - top[:, None]).sum(-1))
    return result


def fit_temperature(logits: Floats, labels: Ints, prior: float = 1.0) -> float:
    """The temperature in 0.1 to 10 with the least negative log-likelihood on held-out rows, drawn towards `prior`.

    Args:
        logits: [n, c] of rows that were not trained on; n may be 0, which gives the prior.
        labels: [n] class numbers.
    """
    candidates = np.exp(np.linspace(np.log(0.1), np.log(10), 231))
    losses = [_loss(logits / t, labels) + 0.5 * PRIOR_ROWS * np.log(t / prior) ** 2 for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def _loss(logits: Floats, labels: Ints) -> float:
    if not len(labels):
        return 0.0
    return float((energy(logits) - logits[np.arange(len(labels)), labels]).sum())


def answer_from(confidence: Floats, right: npt.NDArray[np.bool_], wrong: float = WRONG) -> float:
    """The lowest confidence from which at most the share `wrong` of what is answered is expected to be wrong.

    What a confidence itself says of the errors above it, and what they were among the held-out rows, which are few and
    so weigh beside `PRIOR_ROWS` others: the worse of the two counts.

    Args:
        confidence: [n] calibrated, of held-out in-scope rows that are not refused; n may be 0.
        right: [n] whether the intent was.
    """
    order = np.argsort(-np.asarray(confidence), kind="stable")
    sure, hits = np.asarray(confidence, np.float64)[order], np.asarray(right)[order]
    rows = np.arange(1, len(sure) + 1)
    expected = np.cumsum(1 - sure) / rows
    seen = (np.cumsum(~hits) + PRIOR_ROWS * expected) / (rows + PRIOR_ROWS)
    fine = np.flatnonzero(np.maximum(expected, seen) <= wrong)
    if (len(fine) and fine[-1] == len(sure) - 1) or not len(sure):
        return LOWEST
    return float(np.clip(sure[fine[-1]] if len(fine) else HIGHEST, LOWEST, HIGHEST))


def expected_calibration_error(confidence: Floats, correct: npt.NDArray[np.bool_], bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over bins of equal width, weighted by rows. 0 where there are none."""
    if not len(confidence):
        return 0.0
    which = np.clip(np.ceil(np.asarray(confidence) * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(which, np.asarray(confidence) - correct, bins)
    return float(np.abs(gaps).sum() / len(confidence))
