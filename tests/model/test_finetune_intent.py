import json
import random
import string
from pathlib import Path

import numpy as np
import pytest

from model import self_training
from model.base import encoder_folder
from model.calibration import WRONG
from model.classifier import IntentClassifier
from model.evaluate import evaluate
from model.finetune_intent import train_intent
from model.intent_data import clean, hold_out
from model.out_of_scope import KEEP
from model.plan import Plan, plan_for
from model.starter import utterances
from model.types import OOS, Example, UnderstudyError


def letters(alphabet: str, rows: int, label: str, seed: int) -> list[Example]:
    """Words of few letters: easy to tell apart even for random weights."""
    chance = random.Random(seed)
    return [Example("".join(chance.choices(alphabet, k=8 + i % 5)), label) for i in range(rows)]


EASY = [row for label, s in (("ab", 1), ("mn", 2), ("yz", 3)) for row in letters(label, 30, f"about_{label}", s)]
STRANGE = letters(string.digits, 60, OOS, 4)


@pytest.mark.parametrize("strange", [[], STRANGE])
def test_a_folder_is_written_that_serves(tiny_base: Path, tmp_path: Path, strange: list[Example]) -> None:
    told: list[tuple[float, str]] = []
    figures = train_intent(
        EASY + strange, tmp_path / "m", base=str(tiny_base), progress=lambda share, text: told.append((share, text))
    )
    classifier = IntentClassifier.load(tmp_path / "m")
    fresh = letters("ab", 20, "about_ab", 9) + letters("yz", 20, "about_yz", 8)
    assert evaluate(classifier, fresh).in_scope_accuracy > 0.9
    assert classifier.intents == ("about_ab", "about_mn", "about_yz")
    stated = json.loads((tmp_path / "m" / "intent.json").read_text())["threshold"]
    assert (stated["target_kept"], stated["target_wrong"]) == (KEEP, WRONG)
    assert stated["answer_from"] == pytest.approx(classifier.predict(["a"])[0].answer_from)
    assert (stated["held_out_oos_recall"] is None) == (not strange)
    assert figures["intents"] == 3
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert told[-1][0] == 1
    assert {p.name for p in (tmp_path / "m").iterdir()} == {
        "encoder.onnx", "encoder.json", "tokenizer.json", "head.npz", "intent.json",
    }  # fmt: skip


@pytest.mark.parametrize(("classes", "rows"), [(2, 2), (2, 5), (30, 3)])
def test_little_data_will_do(tiny_base: Path, tmp_path: Path, classes: int, rows: int) -> None:
    data = [
        Example(f"{a}{b} " * (2 + i), f"intent {a}{b}")
        for a, b in [(x, y) for x in "abcdef" for y in "vwxyz"][:classes]
        for i in range(rows)
    ]
    train_intent(data, tmp_path / "m", base=str(tiny_base), plan=Plan(1, 0.2, rehearsal=1))
    prediction = IntentClassifier.load(tmp_path / "m").predict(["anything"])[0]
    assert 0 < prediction.confidence <= 1
    assert len(prediction.ranking) == min(5, classes)


def test_the_same_seed_gives_the_same_figures(tiny_base: Path, tmp_path: Path) -> None:
    runs = [train_intent(EASY, tmp_path / name, base=str(tiny_base), plan=Plan(1, 0.2)) for name in "ab"]
    for figures in runs:
        del figures["seconds"], figures["bf16"], figures["threads"]
    assert runs[0]["held_out"] == runs[1]["held_out"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([Example("a", "one"), Example("b", "one")], "at least 2 intents"),
        ([Example("a", "one"), Example("b", OOS), Example("c", OOS)], "at least 2 intents"),
        ([Example("a", "one"), Example("b", "one"), Example("c", "two"), Example("C!", "two")], "for two"),
        ([], "found 0"),
    ],
)
def test_too_little_is_refused(rows: list[Example], says: str, tmp_path: Path) -> None:
    with pytest.raises(UnderstudyError, match=says):
        train_intent(rows, tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_rows_are_held_out_of_every_class_that_can_spare_them() -> None:
    data = clean(EASY + STRANGE + [Example("q", "tiny"), Example("w", "tiny")])
    kept, held = hold_out(data, 0.2, 1)
    assert sorted(kept + held) == list(range(len(data.labels)))
    counts = np.bincount([data.labels[i] + 1 for i in held], minlength=5)
    assert counts[0] == 20
    assert all(count in (5, 6) for count in counts[1:4])
    assert counts[4] == 0


def test_more_rows_take_fewer_passes() -> None:
    plans = [plan_for(rows) for rows in (10, 500, 1200, 5000, 20000)]
    passes = [plan.epochs * max(1, 2 * plan.copies) for plan in plans]
    assert passes == sorted(passes, reverse=True)


@pytest.mark.weights
def test_the_real_base_learns_a_few_intents_of_the_starter_shop(tmp_path: Path) -> None:
    names = ["order_status", "cancel_order", "password_reset", "gift_card", OOS]
    rows = [row for row in utterances() if row.label in names]
    test, train = rows[::5], [row for i, row in enumerate(rows) if i % 5]
    train_intent(train, tmp_path / "m", base=str(encoder_folder()), plan=Plan(2, 0.15))
    result = evaluate(IntentClassifier.load(tmp_path / "m"), test)
    assert result.in_scope_accuracy > 0.9
    assert result.oos_auroc is not None
    assert result.oos_auroc > 0.85
    assert json.loads((tmp_path / "m" / "intent.json").read_text())["temperature"] > 0


class Killed(Exception):
    pass


@pytest.mark.parametrize("at", [0.4, 0.9])
def test_a_training_that_was_broken_off_goes_on_where_it_was(tiny_base: Path, tmp_path: Path, at: float) -> None:
    """Finished stages are found; of the first one nothing is kept yet, for 20 s have not passed."""

    def break_off(share: float, text: str) -> None:
        if share >= at:
            raise Killed

    kept = {"base": str(tiny_base), "plan": Plan(3, 0.2, rehearsal=3), "unfinished": tmp_path / ".training"}
    with pytest.raises(Killed):
        train_intent(EASY + STRANGE, tmp_path / "m", progress=break_off, **kept)  # type: ignore[arg-type]
    found = {file.name for file in (tmp_path / ".training").glob("*.safetensors")}
    assert found == ({"1-first.safetensors"} if at > 0.5 else set())
    figures = train_intent(EASY + STRANGE, tmp_path / "m", **kept)  # type: ignore[arg-type]
    assert (figures["resumed_from"] > 0) == bool(found)  # type: ignore[operator]
    assert not (tmp_path / ".training").exists()
    assert evaluate(IntentClassifier.load(tmp_path / "m"), letters("ab", 20, "about_ab", 9)).in_scope_accuracy > 0.9


@pytest.mark.parametrize("how", ["lora", "freeze", "prune"])
def test_each_way_of_adapting_leaves_a_folder_that_serves(how: str, deep_base: Path, tmp_path: Path) -> None:
    train_intent(EASY, tmp_path / "m", base=str(deep_base), plan=Plan(8, 0.2, rehearsal=1), how=how)  # type: ignore[arg-type]
    fresh = letters("ab", 20, "about_ab", 9) + letters("yz", 20, "about_yz", 8)
    assert evaluate(IntentClassifier.load(tmp_path / "m"), fresh).in_scope_accuracy > 0.9


def test_messages_without_labels_are_taught_and_a_text_that_has_one_is_not(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_training, "FEWEST", 10)
    messages = [row.text for row in letters("ab", 25, "", 21) + letters("yz", 25, "", 22)]
    figures = train_intent(
        EASY, tmp_path / "m", base=str(tiny_base), plan=Plan(3, 0.2), unlabelled=[*messages, EASY[0].text, "??"]
    )
    assert figures["unlabelled"] == len({text.lower() for text in messages})
    assert evaluate(IntentClassifier.load(tmp_path / "m"), letters("mn", 20, "about_mn", 9)).in_scope_accuracy > 0.9


def test_what_an_intent_is_called_counts_where_rows_are_few(tiny_base: Path, tmp_path: Path) -> None:
    rows = [Example(text, label) for label, s in (("x", "abba"), ("y", "mnnm")) for text in (s, s * 2, s * 3, s + "a")]
    train_intent(rows, tmp_path / "m", base=str(tiny_base), plan=Plan(40, 0.0), about={"x": "zzzyzz", "y": "kkjjk"})
    assert [p.intent for p in IntentClassifier.load(tmp_path / "m").predict(["zyzzy", "kjkk"])] == ["x", "y"]
