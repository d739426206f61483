"""The tests of difference say what scikit-learn and arithmetic say."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from model.paired import chance_of_losing, macro_f1_difference, mean_difference

RNG = np.random.default_rng(3)
TRUTH = [f"i{i}" for i in RNG.integers(0, 8, 400)]


def noisy(share: float, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [t if rng.random() > share else f"i{rng.integers(0, 9)}" for t in TRUTH]


def test_value_is_scikit_learns_macro_f1() -> None:
    first, second = noisy(0.3, 1), noisy(0.1, 2)
    labels = sorted(set(TRUTH))
    expected = [f1_score(TRUTH, said, labels=labels, average="macro", zero_division=0) for said in (first, second)]
    found = macro_f1_difference(TRUTH, first, second)
    assert found.value == pytest.approx(expected[1] - expected[0], abs=1e-5)
    assert 0 < found.low < found.value < found.high


def test_interval_holds_the_resampled_scores() -> None:
    first, second = noisy(0.2, 1), noisy(0.2, 2)
    rng, labels = np.random.default_rng(0), sorted(set(TRUTH))
    drawn = []
    for _ in range(300):
        rows = rng.integers(0, len(TRUTH), len(TRUTH))
        truth = [TRUTH[i] for i in rows]
        a, b = (
            f1_score(truth, [said[i] for i in rows], labels=labels, average="macro", zero_division=0)
            for said in (first, second)
        )
        drawn.append(b - a)
    low, high = np.percentile(drawn, [2.5, 97.5])
    found = macro_f1_difference(TRUTH, first, second)
    assert found.low == pytest.approx(low, abs=0.012)
    assert found.high == pytest.approx(high, abs=0.012)


def test_same_seed_same_interval() -> None:
    first, second = noisy(0.2, 1), noisy(0.2, 2)
    assert macro_f1_difference(TRUTH, first, second) == macro_f1_difference(TRUTH, first, second)


def test_share() -> None:
    found = mean_difference([True] * 50 + [False] * 50, [True] * 80 + [False] * 20)
    assert found.value == pytest.approx(0.3)
    assert 0.15 < found.low < 0.3 < found.high < 0.45


@pytest.mark.parametrize(("lost", "won", "chance"), [(0, 0, 1.0), (4, 0, 0.0625), (5, 0, 0.03125), (1, 1, 0.75)])
def test_sign_test(lost: int, won: int, chance: float) -> None:
    assert chance_of_losing(lost, won) == pytest.approx(chance)
