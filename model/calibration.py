"""Makes a confidence mean what it says: temperature scaling (Guo et al. 2017), and the error left. Loads no torch."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.integer]

PRIOR_ROWS = 60.0
"""How many rows the belief in a temperature near `prior` weighs: it holds few held-out rows in check."""


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


def expected_calibration_error(confidence: Floats, correct: npt.NDArray[np.bool_], bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over bins of equal width, weighted by rows. 0 where there are none."""
    if not len(confidence):
        return 0.0
    which = np.clip(np.ceil(np.asarray(confidence) * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(which, np.asarray(confidence) - correct, bins)
    return float(np.abs(gaps).sum() / len(confidence))
