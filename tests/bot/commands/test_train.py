import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands.retrain import workshop
from bot.settings import load
from storage.database import Database
from tests.model.conftest import tiny_base  # noqa: F401 - a fixture

ROWS = [
    {"text": f"{word} {i}", "label": label}
    for label, words in {"fruit": "apple pear plum", "tool": "saw drill file"}.items()
    for word in words.split()
    for i in "abcd"
]


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_base: Path) -> Path:  # noqa: F811
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("INTENT_BASE", str(tiny_base))
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)) + "\nno JSON\n")
    return file


def test_train_evaluate_and_classify_one_after_the_other(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    assert main(["train", "intent", "--data", str(rows), "--test", str(rows), "--out", str(out), "--json"]) == 0
    said = capsys.readouterr()
    trained = json.loads(said.out)
    assert trained["folder"] == str(out)
    assert trained["seconds"] > 0
    assert trained["test"]["n"] == len(ROWS)
    assert f"{rows}:25: left out" in said.err
    manifest = json.loads((out / "manifest.json").read_text())
    assert {"version", "kind", "created", "command", "seed", "data", "figures"} <= set(manifest)
    assert len(manifest["data"]["sha256"]) == 64

    assert main(["evaluate", "--model", str(out), "--data", str(rows), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == len(ROWS)
    assert main(["evaluate", "--model", str(out), "--data", str(rows)]) == 0
    assert "weakest intents" in capsys.readouterr().out
    assert main(["classify", "--model", str(out), "apple", "", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == ["apple", ""]
    assert {"intent", "confidence", "out_of_scope", "ranking", "version"} <= set(lines[0])
    assert main(["classify", "--model", str(out), "apple"]) == 0
    assert "%" in capsys.readouterr().out
    assert main(["train", "intent", "--data", str(rows), "--out", str(out), "--json"]) == 0, "a model may be replaced"


def test_a_training_that_was_killed_goes_on(rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["train", "intent", "--data", str(rows), "--out", str(tmp_path / "model"), "--json"]
    child = subprocess.Popen(
        [sys.executable, "-m", "bot", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    kept = tmp_path / ".model.training"
    while not list(kept.glob("1-*.safetensors")):
        assert child.poll() is None
        time.sleep(0.01)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert not (tmp_path / "model").exists()

    assert main(words) == 0
    assert 0 < json.loads(capsys.readouterr().out)["resumed_from"] < 1
    assert not kept.exists()


def test_what_is_trained_is_said_by_option_or_setting(
    rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", "intent", "--data", str(rows), "--out", str(tmp_path / "model")]
    assert main([*words, "--adapt", "prune"]) == 2
    assert "more than 3 layers" in capsys.readouterr().err
    monkeypatch.setenv("INTENT_ADAPT", "lora")
    shop = workshop(load(), Database(load().url), "T")
    assert shop.train.keywords == {"how": "lora", "unfinished": shop.registry.root / ".training"}  # type: ignore[attr-defined]
    monkeypatch.setenv("INTENT_ADAPT", "some")
    assert main(words) == 2
    assert "INTENT_ADAPT" in capsys.readouterr().err


def test_without_out_the_first_version_goes_live_and_the_second_does_not(
    rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live = []
    for _ in range(2):
        assert main(["train", "intent", "--data", str(rows), "--json"]) == 0
        result = json.loads(capsys.readouterr().out)
        live.append((result["version"], result["live"]))
    assert live == [("v1", True), ("v2", False)]
    assert main(["classify", "apple", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == "v1"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["evaluate", "--data", "nowhere.jsonl", "--model", "nowhere"], "readable data file"),
        (["classify", "--model", "nowhere", "hello"], "encoder.json"),
        (["classify", "hello"], "expected a live intent model"),
        (["train", "intent", "--data", "nowhere.jsonl"], "readable data file"),
        (["train", "response", "--data", "nowhere.jsonl"], "nowhere.jsonl"),
        (["train", "response", "--start", "nowhere"], "--start: expected adapter_model.safetensors in nowhere"),
    ],
)
def test_wrong_input_ends_in_one_line(
    rows: Path, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    error = capsys.readouterr().err
    assert says in error
    assert len(error.strip().splitlines()) == 1


def test_a_folder_of_something_else_is_not_overwritten(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "intent", "--data", str(rows), "--out", str(rows.parent)]) == 2
    assert rows.exists()
    assert "choose another" in capsys.readouterr().err
