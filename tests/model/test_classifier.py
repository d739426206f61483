import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from model.classifier import BEGINNING, LONG_TEXT, MOST_PARTS, IntentClassifier, parts
from model.finetune_intent import train_intent
from model.plan import Plan
from model.types import Example, UnderstudyError

WORDS = {"fruit": "apple pear plum cherry grape melon", "tool": "hammer saw drill wrench pliers file"}
ROWS = [Example(f"{word} {other}", label) for label, s in WORDS.items() for word in s.split() for other in s.split()]


@pytest.fixture(scope="module")
def folder(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models") / "v3"
    train_intent(ROWS, out, base=str(tiny_base), plan=Plan(4, 0.1))
    return out


@pytest.fixture(scope="module")
def classifier(folder: Path) -> IntentClassifier:
    return IntentClassifier.load(folder)


def test_a_batch_says_what_one_by_one_says(classifier: IntentClassifier) -> None:
    texts = [row.text for row in ROWS] + ["", "?", "x" * 3000]
    batch = classifier.predict(texts)
    for text, together in zip(texts, batch, strict=True):
        alone = classifier.predict([text])[0]
        assert together.text == text
        # The int8 runtime scales activations by batch, so the last digits differ.
        assert together.confidence == pytest.approx(alone.confidence, abs=0.05)


def test_threads_say_what_one_says(classifier: IntentClassifier) -> None:
    texts = [row.text for row in ROWS] * 3
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda text: classifier.predict([text])[0], texts))
    assert results == [classifier.predict([text])[0] for text in texts]


def test_a_prediction_is_whole(classifier: IntentClassifier) -> None:
    prediction = classifier.predict(["apple plum"])[0]
    assert prediction.intent == prediction.ranking[0].intent == "fruit"
    assert prediction.confidence == prediction.ranking[0].probability
    assert sum(ranked.probability for ranked in prediction.ranking) == pytest.approx(1)
    assert prediction.version == "v3"
    assert np.linalg.norm(classifier.embed(["apple"])) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", "  \n", "😀😀😀", "?!", "\0"])
def test_texts_without_words_are_out_of_scope(classifier: IntentClassifier, text: str) -> None:
    assert classifier.predict([text])[0].out_of_scope


def test_no_texts_give_no_predictions(classifier: IntentClassifier) -> None:
    assert classifier.predict([]) == []


@pytest.mark.parametrize("where", ["start", "middle", "end"])
def test_a_long_text_is_read_to_its_end(where: str) -> None:
    filler = "I have been a customer here for years and years. " * 200
    request = "Where is my refund?"
    story = {"start": request + " " + filler, "middle": filler + request + " " + filler, "end": filler + request}[where]
    cut = parts(story)
    assert cut[0] == story[:BEGINNING]
    assert request in cut
    assert len(cut) == 3


def test_of_lines_that_differ_in_numbers_alone_one_is_read() -> None:
    log = "".join(
        f"2026-03-02T10:11:{i % 60}Z INFO worker[{i}] GET /items/{i * 7} id={i * 977:x}a\n" for i in range(200)
    )
    cut = parts(f"{log}\nwhere is my refund please\n{log}")
    assert "where is my refund please" in cut
    assert len(cut) < 8


def test_parts_are_few_and_lose_no_word() -> None:
    words = ["w" + "".join("abcdefghij"[int(digit)] for digit in str(i)) for i in range(12_000)]
    for text in (" ".join(words), ". ".join(words), "\n".join(" ".join(words[i : i + 9]) for i in range(0, 12_000, 9))):
        cut = parts(text)
        assert len(cut) <= MOST_PARTS + 1
    run_on = parts(" ".join(words[:500]))
    assert set(" ".join(run_on[1:]).split()) == set(words[:500])
    assert parts("x" * LONG_TEXT) == ["x" * LONG_TEXT]


@pytest.mark.parametrize("name", ["head.npz", "intent.json", "encoder.onnx", "encoder.json", "tokenizer.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"PK\x03\x04 cut off"])
def test_a_broken_folder_is_refused_in_one_line(folder: Path, tmp_path: Path, name: str, content: bytes | None) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / name).unlink()
    if content is not None:
        (copy / name).write_bytes(content)
    with pytest.raises(UnderstudyError) as caught:
        IntentClassifier.load(copy)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_pickled_head_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    np.savez(copy / "head.npz", head=np.array([{"a": 1}], dtype=object))
    with pytest.raises(UnderstudyError, match=r"head\.npz"):
        IntentClassifier.load(copy)


def test_classifying_loads_no_torch(folder: Path) -> None:
    code = (
        "import sys; from bot.cli import main; "
        f"main(['classify', '--json', '--model', {str(folder)!r}, 'apple']); "
        "sys.exit(9 if {'torch', 'transformers', 'sklearn'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert '"intent": "fruit"' in done.stdout
