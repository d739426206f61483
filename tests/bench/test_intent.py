"""The rows, the scores, the words and the picture of bench.intent; two quick peers go the whole way."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bench import intent, intent_sets
from bench.intent_report import better, draw, report
from bench.peers import NAMES, module, said
from model.types import OOS, Example

SHARED = Path(os.environ.get("SHARED_DIR") or Path(__file__).parents[3] / "shared")
OURS = {
    "title": "ours", "note": "the product", "came_to": "", "accuracy": 0.9, "auroc": 0.98, "ece": 0.02,
    "training_s": 60.0, "p50_ms": 1.0, "serving_mb": 110, "training_mb": 1400,
}  # fmt: skip
QUICK = {
    **OURS,
    "title": "quick",
    "came_to": "3 steps",
    "accuracy": 0.8,
    "auroc": None,
    "training_s": 0.5,
    "p50_ms": 0.2,
}


def result(**peers: dict[str, Any]) -> dict[str, Any]:
    return {"set": "banking10", "train": 770, "test": 4000, "oos": 920, "peers": peers}


def test_a_peer_is_named_for_what_it_does_better_and_for_nothing_else() -> None:
    assert better({"ours": OURS, "quick": QUICK}) == [
        "quick is better at: training s 0.5 against 60.0, ms a message 0.20 against 1.00."
    ]
    assert better({"ours": OURS, "same": {**OURS, "title": "same"}}) == ["No peer is better at anything measured."]
    assert better({"quick": QUICK}) == []


def test_the_table_says_how_far_a_training_came_and_leaves_open_what_was_not_measured() -> None:
    text = report(result(ours=OURS, quick=QUICK))
    assert "770 rows to train on, 3080 in scope and 920 out of scope" in text
    assert "| quick | 80.0 | - | 0.020 | 0.5 | 0.20 | 110 | 1400 | the product; 3 steps |" in text


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    draw(result(ours=OURS, quick=QUICK), tmp_path / "new" / "intent.png")
    assert (tmp_path / "new" / "intent.png").stat().st_size > 10_000


def test_scores_count_intents_in_scope_and_doubt_on_both_sides() -> None:
    test = [Example("a", "x"), Example("b", "y"), Example("c", OOS)]
    told = [
        {"intent": "x", "confidence": 1.0, "doubt": 0.0},
        {"intent": "x", "confidence": 0.0, "doubt": 0.6},
        {"intent": "y", "confidence": 0.5, "doubt": 0.5},
    ]
    assert intent.score(test, told) == {"accuracy": 0.5, "auroc": 0.5, "ece": 0.0}
    assert intent.score(test[:2], told[:2])["auroc"] is None


def test_the_most_probable_class_is_said_with_what_it_lacks() -> None:
    [first, second] = said(["a", "b"], [[0.75, 0.25], [0.5, 0.5]])
    assert (first.intent, first.confidence, first.doubt) == ("a", 0.75, 0.25)
    assert second.intent == "a"


def test_out_of_scope_texts_are_fresh_and_come_once() -> None:
    known = [Example("What is the weather?", "weather")]
    rows = [Example(text, OOS) for text in ("what is the weather", "tell a joke", "Tell a joke", "sing")]
    assert [row.text for row in intent_sets.fresh(rows, known)] == ["tell a joke", "sing"]


def test_a_trial_takes_rows_from_the_whole_file_and_few_intents() -> None:
    rows = [Example(str(n), label) for n, label in enumerate(("a", "b", "c", OOS) * 5)]
    assert [row.text for row in intent_sets.thinned(rows, 4)] == ["0", "5", "10", "15"]
    assert intent_sets.thinned(rows, 0) == intent_sets.thinned(rows, 99) == rows
    assert {row.label for row in intent_sets.few(rows, 2)} == {"a", "b", OOS}


def test_every_peer_says_what_it_is_without_loading_its_package() -> None:
    for name in NAMES:
        assert module(name).TITLE
        assert module(name).NOTE


def test_unknown_peers_and_missing_rows_are_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert intent.main(["--only", "ours,theirs"]) == 2
    assert "found theirs: correct --only" in capsys.readouterr().err
    assert intent.main(["--shared", str(tmp_path)]) == 2
    assert "give their folder by --shared" in capsys.readouterr().err


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "data/BANKING77").is_dir(), reason="no benchmark data")
@pytest.mark.parametrize(("name", "train", "outside"), [("banking10", 770, 1000), ("clinc10", 1500, 1000)])
def test_sets_hold_what_they_say(name: str, train: int, outside: int) -> None:
    rows = intent_sets.read(name, SHARED)
    assert len(rows.train) == train
    assert rows.outside >= outside
    assert OOS not in {row.label for row in rows.train}
    texts = {row.text for row in rows.train}
    assert not [row for row in rows.test if row.label == OOS and row.text in texts]


@pytest.mark.shared
@pytest.mark.weights
@pytest.mark.skipif(not (SHARED / "data/BANKING77").is_dir(), reason="no benchmark data")
def test_a_peer_goes_the_whole_way_and_one_without_its_packages_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bench.machine.OUT", tmp_path)
    words = ["--only", "tfidf,static", "--intents", "5", "--rows", "100", "--timed", "5", "--shared", str(SHARED)]
    assert intent.main([*words, "--peers-python", str(tmp_path / "none"), "--picture", str(tmp_path / "a.png")]) == 0
    printed = capsys.readouterr().out
    assert "model2vec + logistic regression: left out" in printed
    peers = json.loads((tmp_path / "intent-banking10.json").read_text())["peers"]
    assert list(peers) == ["tfidf"]
    assert peers["tfidf"]["accuracy"] > 0.5
    assert peers["tfidf"]["auroc"] > 0.5
    assert (tmp_path / "a.png").exists()
