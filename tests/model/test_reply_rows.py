from pathlib import Path

import pytest

from model import reply_rows
from model.placeholders import placeholders
from model.response_rows import ResponseRow
from model.retriever import Retriever
from model.types import UnderstudyError
from tests.model.fakes import FakeEncoder


def test_rows_are_read_with_their_own_facts_where_they_have_some(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"text": "a?", "response": "b."}\n\n{"text": "c?", "response": "d.", "facts": ["e."]}\n')
    rows = reply_rows.read(file)
    assert rows == [ResponseRow("a?", (), "b."), ResponseRow("c?", ("e.",), "d.")]
    found = list(reply_rows.with_facts(rows, lambda question: ()))
    assert found == [rows[1]], "without facts nothing can be written"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("[]", ":1: expected a JSON object"),
        ('{"text": "a"}', "response: expected text"),
        ('{"text": " ", "response": "b"}', "text: expected text"),
        ('{"text": "a", "response": "b", "facts": "c"}', "facts: expected a list"),
        ("", "found none"),
    ],
)
def test_what_is_no_row_is_named(tmp_path: Path, line: str, named: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(line)
    with pytest.raises(UnderstudyError, match=named):
        reply_rows.read(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnderstudyError, match="No such file or directory"):
        reply_rows.read(tmp_path / "none.jsonl")


def test_the_nearest_questions_replies_are_the_facts() -> None:
    examples = [ResponseRow("how to cancel my order", (), "Press cancel."), ResponseRow("where is it", (), "Underway.")]
    facts = reply_rows.from_examples(examples, lambda found: Retriever(FakeEncoder(), found))
    assert facts("cancel order please")[0] == "Press cancel."


def test_a_row_is_never_written_from_its_own_reply(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(
        '{"text": "how to cancel my order", "response": "Press cancel."}\n'
        '{"text": "cancel my order", "response": "It is under Orders."}\n'
        '{"text": "where is it", "response": "Underway.", "facts": ["Look."]}\n'
    )
    assert reply_rows.looks_like(file)
    made = reply_rows.of_others(reply_rows.read(file), lambda found: Retriever(FakeEncoder(), found))
    assert [row.facts[0] for row in made] == ["It is under Orders.", "Press cancel.", "Look."]
    assert all(row.reply not in row.facts for row in made)
    file.write_text('{"question": "a", "facts": ["b"], "reply": "c"}\n')
    assert not reply_rows.looks_like(file)
    assert not reply_rows.looks_like(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("Order {{Order Number}} is on its way.", True),
        ("Nothing to say.", True),
        ("Order {{Order Nr}} is on its way.", False),
        ("Order {{Order Number is on its way.", False),
        ("Order {Order Number} is on its way.", False),
    ],
)
def test_placeholders_are_kept_letter_by_letter(reply: str, kept: bool) -> None:
    row = ResponseRow("where is {{Order Number}}?", ("Look under {order_number}.",), "-")
    assert placeholders(" ".join((row.question, *row.facts))) == ("{{Order Number}}", "{order_number}")
    assert reply_rows.keeps_placeholders(reply, row) is kept
