from pathlib import Path

import pytest

from bench.strangers import by_kind, curve, judged, kinds_of, plot
from model.types import OOS, Example, Prediction

TEST = [Example(str(i), label) for i, label in enumerate(("a", "a", "b", "b", OOS, OOS, OOS))]


def said(intent: str, score: float) -> Prediction:
    return Prediction("", intent, 0.9, (), score, score > 1, "v")


SAID = [said("a", 0.1), said("b", 0.2), said("b", 0.3), said("b", 4), said("a", 0.25), said("a", 5), said("b", 6)]


def test_a_curve_trades_what_is_kept_for_what_is_told() -> None:
    few, all_of_them = curve(judged(TEST, SAID), (0.5, 1.0))
    assert few == {"kept": 75.0, "right_and_kept": 50.0, "oos_recall": pytest.approx(66.67)}
    assert all_of_them == {"kept": 100.0, "right_and_kept": 75.0, "oos_recall": pytest.approx(66.67)}


def test_each_kind_of_stranger_stands_by_itself() -> None:
    found = by_kind(TEST, SAID, {"4": "near", "5": "far", "6": "far"})
    assert found == {"auroc near": 50.0, "recall near": 0.0, "auroc far": 100.0, "recall far": 100.0}
    assert by_kind(TEST, SAID, {}) == {}


def test_kinds_are_read_and_a_picture_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(
        '{"text": " x", "label": "oos", "kind": "far"}\n\n{"text": "y", "label": "a"}\n{"text": "", "label": "z"}\n'
    )
    assert kinds_of(tmp_path / "rows.jsonl") == {"x": "far"}
    plot({"seed 7": curve(judged(TEST, SAID))}, {"7": (50.0, 66.0)}, tmp_path / "p.png")
    assert (tmp_path / "p.png").stat().st_size > 5000
