import pytest

from bench.accuracy import SETS, line, shares
from model.types import OOS, Example, Prediction


def said(intent: str, score: float) -> Prediction:
    return Prediction("", intent, 0.9, (), score, score > 1, "v")


def test_refused_rows_count_as_not_answered_and_strangers_apart() -> None:
    test = [Example("", label) for label in ("a", "a", "b", "b", OOS, OOS)]
    found = shares(test, [said("a", 0), said("a", 2), said("a", 0), said("b", 0), said("a", 3), said("b", 0.5)])
    assert found["right"] == 0.75
    assert found["kept"] == 0.75
    assert found["right_and_kept"] == 0.5
    assert found["oos_recall"] == 0.5
    assert found["oos_auroc"] == pytest.approx(7 / 8)


def test_a_set_without_strangers_has_no_figures_for_them() -> None:
    assert set(shares([Example("", "a")], [said("a", 0)])) == {"right", "kept", "right_and_kept"}
    runs = [{"right": 80.0, "right_and_kept": 70.0, "ece": 1.0, "seconds": 3.0}] * 2
    assert line("x", runs) == ["x", "80.00 ± 0.00", "-", "70.00", "-", "-", "-", "1.00", "3.00"]


def test_training_and_test_files_are_never_the_same() -> None:
    assert all(chosen.test not in (chosen.train, chosen.unlabelled) for chosen in SETS.values())
