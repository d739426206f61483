"""The rounds and the comparison of bench.serving, on a very small model."""

import argparse
import json
from pathlib import Path

import pytest

from bench import serving
from model.export import keeping_fp32
from model.finetune_intent import train_intent
from model.types import OOS, Example, UnderstudyError

ROWS = [Example(f"{word} {n}", word) for word in ("refund", "parcel", "invoice") for n in "abcdefgh"]


@pytest.fixture(scope="module")
def trained(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serving") / "model"
    with keeping_fp32():
        train_intent(ROWS, folder, base=str(tiny_base))
    return folder


def test_the_best_of_the_rounds_is_the_quickest_and_the_smallest() -> None:
    first = {"p50_ms": 2.0, "a_second": 10.0, "peak_mb": 90, "torch": False}
    second = {"p50_ms": 1.0, "a_second": 20.0, "peak_mb": 95, "torch": False}
    assert serving.best([first, second]) == {"p50_ms": 1.0, "a_second": 20.0, "peak_mb": 90, "torch": False}


def test_int8_is_compared_with_its_own_twin(trained: Path, tmp_path: Path) -> None:
    rows = [*ROWS, Example("something else", OOS)]
    found = serving.compare(trained, serving.fp32_folder(trained, tmp_path / "fp32"), rows)
    assert (found["rows"], found["oos_rows"]) == (24, 1)
    assert found["cosine_mean"] > 0.98
    assert found["int8_accuracy"] == pytest.approx(found["fp32_accuracy"], abs=0.15)
    assert "ours, int8 | 24 |" in serving.accuracy_table(found)


def test_what_only_classifies_loads_no_torch(trained: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts.json"
    texts.write_text(json.dumps([row.text for row in ROWS]))
    found = serving.contestant("int8", trained, texts, argparse.Namespace(timed=5))
    assert found["torch"] is False
    assert found["peak_mb"] < 200
    assert found["a_second"] > 0


def test_a_folder_without_a_twin_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnderstudyError, match=r"expected fp32\.onnx in .*: let this command train"):
        serving.fp32_folder(tmp_path, tmp_path / "out")
