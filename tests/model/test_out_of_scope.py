import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from model.encoder import Vectors, unit
from model.out_of_scope import KEEP, SURE, Detector, choose_threshold, fit, may_be_refused, nearest, weigh

RNG = np.random.default_rng(1)
CENTRES = unit(RNG.normal(size=(4, 16)).astype(np.float32))


def near_centres(rows: int) -> Vectors:
    return unit((np.repeat(CENTRES, rows // 4, 0) + 0.1 * RNG.normal(size=(rows // 4 * 4, 16))).astype(np.float32))


def anywhere(rows: int) -> Vectors:
    return unit(RNG.normal(size=(rows, 16)).astype(np.float32))


def with_logits(vectors: Vectors) -> tuple[Vectors, Vectors]:
    return vectors, 16 * vectors @ CENTRES.T


@pytest.mark.parametrize("known", [0, 40])
def test_strangers_are_told_apart_with_and_without_examples_of_them(known: int) -> None:
    detector = fit(near_centres(80), anywhere(known), with_logits(near_centres(80)), with_logits(anywhere(known)))
    inside, outside = (detector.score(*with_logits(rows)) for rows in (near_centres(200), anywhere(200)))
    assert (inside <= detector.threshold).mean() > 0.85
    assert (outside > detector.threshold).mean() > 0.9


def test_the_arrays_give_the_same_detector_back() -> None:
    detector = fit(near_centres(80), anywhere(40), with_logits(near_centres(80)), with_logits(anywhere(40)))
    again = Detector.from_arrays(detector.arrays())
    rows = with_logits(anywhere(20))
    np.testing.assert_allclose(detector.score(*rows), again.score(*rows), atol=0.05)
    assert again.threshold == detector.threshold


def test_a_bank_smaller_than_the_neighbours_will_do() -> None:
    np.testing.assert_allclose(nearest(CENTRES[:1], CENTRES[:2]), (CENTRES[:1] @ CENTRES[:2].T).mean(1), rtol=1e-5)


def test_weights_are_never_negative_and_useless_signs_get_little() -> None:
    useful = np.concatenate([RNG.normal(0, 1, 100), RNG.normal(4, 1, 100)])
    rows = np.stack([useful, RNG.normal(size=200), -useful], 1)
    weights = weigh(rows[:100], rows[100:])
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > 0.8
    assert (weights >= 0).all()


def test_the_threshold_keeps_what_it_should() -> None:
    inside = np.linspace(0, 1, 201)
    assert KEEP <= (inside <= choose_threshold(inside, np.zeros(0))).mean() < KEEP + 0.04
    assert (inside <= choose_threshold(inside, np.full(50, 0.5))).mean() >= 0.93
    apart = choose_threshold(inside, np.full(50, 3.0))
    assert 1 < apart < 3
    assert choose_threshold(np.zeros(0), np.zeros(0)) == float("inf")


@given(st.integers(0, 2000))
def test_fewer_rows_may_be_refused_than_the_share_and_never_all(rows: int) -> None:
    refused = may_be_refused(rows)
    assert 0 <= refused <= (1 - KEEP) * rows
    assert may_be_refused(rows + 1) >= refused


def test_the_threshold_keeps_its_promise() -> None:
    """Of many draws of 150 held-out rows, at most one in twenty leaves a threshold that keeps too few."""
    chance = np.random.default_rng(0)
    limit = scipy.stats.norm.ppf(KEEP)
    kept = [choose_threshold(chance.normal(size=150), np.zeros(0)) >= limit for _ in range(2000)]
    assert SURE - 0.015 <= np.mean(kept) <= 1
