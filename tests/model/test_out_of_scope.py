import numpy as np
import pytest

from model.encoder import Vectors, unit
from model.out_of_scope import KEEP, Detector, choose_threshold, fit, nearest, weigh

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
    assert (inside <= choose_threshold(inside, np.zeros(0))).mean() == pytest.approx(KEEP, abs=0.03)
    assert (inside <= choose_threshold(inside, np.full(50, 0.5))).mean() >= 0.93
    apart = choose_threshold(inside, np.full(50, 3.0))
    assert 1 < apart < 3
    assert choose_threshold(np.zeros(0), np.zeros(0)) == float("inf")


def test_of_few_rows_the_threshold_hangs_less_on_the_farthest_than_a_quantile_does() -> None:
    chance = np.random.default_rng(0)
    drawn = [chance.normal(size=120) for _ in range(500)]
    thresholds = [choose_threshold(inside, np.zeros(0)) for inside in drawn]
    assert np.mean(thresholds) == pytest.approx(1.645, abs=0.05)
    assert np.std(thresholds) < 0.9 * np.std([np.quantile(inside, KEEP) for inside in drawn])
