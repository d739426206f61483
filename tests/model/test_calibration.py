import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.calibration import (
    HIGHEST,
    LOWEST,
    WRONG,
    answer_from,
    energy,
    expected_calibration_error,
    fit_temperature,
    softmax,
)


def drawn(temperature: float, rows: int = 4000) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Logits whose labels follow the soft-max at `temperature`."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(rows, 5)) * 3
    chances = softmax(logits / temperature)
    return logits, np.array([rng.choice(5, p=row) for row in chances])


@pytest.mark.parametrize("truth", [0.5, 1.0, 2.5])
def test_the_temperature_is_found_again(truth: float) -> None:
    assert fit_temperature(*drawn(truth)) == pytest.approx(truth, rel=0.1)


def test_few_rows_stay_near_the_prior_and_none_gives_it() -> None:
    logits, labels = drawn(6.0, rows=5)
    assert fit_temperature(logits, labels) < 2.0
    assert fit_temperature(np.zeros((0, 5)), np.zeros(0, int)) == pytest.approx(1.0)


def test_calibrated_confidence_has_a_small_error() -> None:
    logits, labels = drawn(2.0)
    before, after = softmax(logits), softmax(logits / fit_temperature(logits, labels))
    errors = [expected_calibration_error(p.max(1), p.argmax(1) == labels) for p in (before, after)]
    assert errors[1] < 0.03 < errors[0]


def test_the_error_by_hand() -> None:
    confidence = np.array([0.9, 0.9, 0.55, 0.55])
    assert expected_calibration_error(confidence, np.array([True, False, True, False])) == pytest.approx(0.225)
    assert expected_calibration_error(np.zeros(0), np.zeros(0, bool)) == 0


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=1, max_size=5))
def test_softmax_adds_up_and_energy_is_above_the_maximum(rows: list[list[float]]) -> None:
    logits = np.array(rows)
    np.testing.assert_allclose(softmax(logits).sum(1), 1)
    assert (energy(logits) >= logits.max(1) - 1e-6).all()


def test_answers_begin_where_few_of_them_are_wrong() -> None:
    chance = np.random.default_rng(1)
    confidence = chance.uniform(0.1, 1, 4000)
    right = chance.uniform(size=4000) < confidence
    start = answer_from(confidence, right)
    assert (~right[confidence >= start]).mean() == pytest.approx(WRONG, abs=0.01)
    # Confidences that claim too much are not believed where rows say otherwise.
    assert answer_from(confidence, chance.uniform(size=4000) < confidence - 0.03) > start + 0.01


def test_answers_never_begin_at_a_guess_nor_out_of_reach() -> None:
    assert answer_from(np.full(50, 0.99), np.ones(50, bool)) == LOWEST
    assert answer_from(np.linspace(0.01, 0.99, 50), np.zeros(50, bool)) == HIGHEST
    assert answer_from(np.array([1.0, 0.2, 0.1]), np.array([True, True, True])) == 0.95
    assert answer_from(np.zeros(0), np.zeros(0, bool)) == LOWEST
