import shutil
from pathlib import Path

import numpy as np
import pytest

from model.classifier import LONG_TEXT, IntentClassifier, parts
from model.dataset import fingerprint
from model.explain import MOST_VARIANTS, explain
from model.finetune_intent import train_intent
from model.plan import Plan
from model.types import OOS, Example

WORDS = {"fruit": "apple pear plum cherry grape melon", "tool": "hammer saw drill wrench pliers file"}
ROWS = [Example(f"{word} {other}", label) for label, s in WORDS.items() for word in s.split() for other in s.split()]
STRANGE = [Example(f"{i} {i * 7} {i * 31}", OOS) for i in range(60)]


@pytest.fixture(scope="module", params=["with a finish and out-of-scope rows", "without"])
def folder(request: pytest.FixtureRequest, tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models") / "v3"
    finish = request.param != "without"
    train_intent(ROWS + STRANGE * finish, out, base=str(tiny_base), plan=Plan(4, 0.1, rehearsal=finish))
    return out


@pytest.fixture(scope="module")
def classifier(folder: Path) -> IntentClassifier:
    return IntentClassifier.load(folder)


def test_it_names_three_intents_at_most_and_what_the_classifier_says(classifier: IntentClassifier) -> None:
    made = explain(classifier, "apple plum")
    assert made.top == made.prediction.ranking[:3]
    assert made.prediction == classifier.predict(["apple plum"])[0]
    assert made.threshold == classifier.threshold
    assert made.milliseconds > 0


def test_the_words_stand_where_it_says(classifier: IntentClassifier) -> None:
    text = "  please, an apple & a plum !!\nnow"
    made = explain(classifier, text)
    assert [word.text for word in made.words] == ["please,", "an", "apple", "a", "plum", "now"]
    assert all(text[word.start : word.end] == word.text for word in made.words)


def test_what_is_left_out_is_what_the_weight_is_of(classifier: IntentClassifier) -> None:
    made = explain(classifier, "apple hammer")
    winner = made.prediction.intent
    without = classifier.predict(["hammer"])[0]
    chance = next(ranked.probability for ranked in without.ranking if ranked.intent == winner)
    # The int8 runtime scales activations by batch, so the last digits differ.
    assert made.words[0].fall == pytest.approx(made.prediction.confidence - chance, abs=0.05)


def test_neighbours_are_training_rows_by_fingerprint(classifier: IntentClassifier) -> None:
    keys = {fingerprint(row.text): row.label for row in ROWS + STRANGE}
    near = explain(classifier, "apple pear").neighbours
    assert near[0].key == fingerprint("apple pear")
    assert near[0].similarity == pytest.approx(1, abs=0.02)
    assert [one.similarity for one in near] == sorted((one.similarity for one in near), reverse=True)
    assert all(keys[one.key] == one.label for one in near)
    every = classifier.neighbours("apple", 1000)
    assert {one.label for one in every} <= {"fruit", "tool", OOS}
    assert all(keys[one.key] == one.label for one in every)


def test_a_folder_holds_no_text_of_its_rows(folder: Path) -> None:
    for file in folder.iterdir():
        assert b"apple pear" not in file.read_bytes(), file


def test_folders_from_before_still_load(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    with np.load(old / "head.npz") as stored:
        kept = {name: stored[name] for name in stored.files if not name.startswith("row_")}
    np.savez(old / "head.npz", **kept)
    made = explain(IntentClassifier.load(old), "apple")
    assert made.neighbours == ()
    assert made.words


@pytest.mark.parametrize("text", ["", "?!", "apple", "x" * 3000, " \n "])
def test_any_text_can_be_explained(classifier: IntentClassifier, text: str) -> None:
    made = explain(classifier, text)
    assert len(made.words) <= 1
    assert len(made.moved()) <= 1


def test_a_long_text_is_explained_by_the_part_that_decides(classifier: IntentClassifier) -> None:
    text = "zzzz qqqq xxxx. " * 40 + "apple plum cherry. " + "zzzz qqqq xxxx. " * 40
    assert len(text) > LONG_TEXT
    made = explain(classifier, text)
    assert made.text in parts(text)[1:]
    run_on = explain(classifier, " ".join(f"w{i}" for i in range(79)))
    assert len(run_on.words) <= MOST_VARIANTS
    assert "".join(word.text for word in run_on.words).count("w") == 79
