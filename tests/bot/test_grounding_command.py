"""`understudy check-grounding` and `evaluate-response`, as other programs call them."""

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.cli import main
from tests.model.chat_server import ChatServer
from tests.model.fakes import FakeEncoder

SOURCE = "You can return an item within 30 days of delivery. Gift cards cannot be returned."


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("model.encoder.base_encoder", lambda *_: FakeEncoder())


def check(monkeypatch: pytest.MonkeyPatch, *rows: Any, words: tuple[str, ...] = ("--json",)) -> int:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text.encode()), isatty=lambda: False))
    return main(["check-grounding", *words])


def test_a_verdict_and_reasons_for_each_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"reply": "You can return an item within 30 days of delivery.", "sources": [SOURCE]},
        {"reply": "You can return an item within 60 days of delivery.", "sources": [SOURCE]},
        {"reply": "Gift cards cannot be returned, Mia.", "sources": [SOURCE], "allowed": ["Mia"]},
        {"reply": "", "sources": []},
    ]
    assert check(monkeypatch, *rows, "") == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["grounded"] for each in told] == [True, False, True, False]
    assert [bool(each["why"]) for each in told] == [False, True, False, True]
    assert "number: 60 day" in told[1]["why"][0]
    check(monkeypatch, *rows[:2], words=())
    assert capsys.readouterr().out.startswith("1: grounded\n2: refused: number: 60")


@pytest.mark.parametrize(
    "row",
    ["nonsense", "[]", {"sources": []}, {"reply": "a"}, {"reply": "a", "sources": "b"}, {"reply": 1, "sources": []}],
)
def test_wrong_input_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], row: Any) -> None:
    assert check(monkeypatch, row) == 2
    said = capsys.readouterr().err
    assert "line 1: " in said
    assert said.count("\n") == 1


def test_replies_are_measured_beside_approved_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"text": "can I return {{Order Number}}?", "response": "Yes, within 30 days.", "facts": [SOURCE]}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n" + json.dumps({"text": "qqq?", "response": "No."}))
    with ChatServer(reply="You can return an item within 30 days of delivery.") as server:
        monkeypatch.setenv("GENERATOR_URL", server.url)
        monkeypatch.setenv("GENERATOR_MODEL", "small")
        assert main(["evaluate-response", "--data", "rows.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == "endpoint:small"
    assert (told["n"], told["without_facts"], told["grounded"], told["placeholders_kept"]) == (1, 1, 1.0, 1.0)
    assert 0 < told["chrf"] < 1
    assert {"rouge_l", "tokens_per_second", "nearest_chrf", "nearest_rouge_l"} <= set(told)
    assert (told["sent_as_written"], told["written_chrf"]) == (1.0, told["chrf"])


def test_what_would_be_sent_is_measured_and_what_was_written_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    approved = "Your order {{Order Number}} is on its way."
    row = {"text": "where is my order?", "response": approved, "facts": [approved]}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    with ChatServer(reply="Your order {{Order Nr}} is on its way.") as server:
        monkeypatch.setenv("GENERATOR_URL", server.url)
        monkeypatch.setenv("GENERATOR_MODEL", "small")
        assert main(["evaluate-response", "--data", "rows.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["written_placeholders_kept"], told["written_placeholders_said"]) == (0.0, 0.0)
    assert (told["grounded"], told["sent_as_written"]) == (0.0, 0.0)
    assert told["written_chrf"] < told["chrf"] == told["nearest_chrf"] == 1.0
    assert told["placeholders_kept"] == told["placeholders_said"] == 1.0
