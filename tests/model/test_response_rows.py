import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.response_rows import ResponseRow, a_pass, parse, read_rows, vary
from model.types import UnderstudyError

STARTER = Path(__file__).parents[2] / "model" / "starter"
ROW = ResponseRow("is it free?", ("It costs £3.90.", "Free from £50, Mia said nothing."), "It costs £3.90, Tom.", "Tom")


def test_the_starter_has_enough_rows_and_the_test_rows_are_others() -> None:
    rows, held_out = read_rows(STARTER / "response.jsonl"), read_rows(STARTER / "response_test.jsonl")
    assert not rows.refused
    assert not held_out.refused
    assert len(rows.rows) >= 400
    assert len(held_out.rows) >= 60
    assert not {row.question.lower() for row in rows.rows} & {row.question.lower() for row in held_out.rows}


def test_bad_lines_are_named(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    good = {"question": "q", "facts": ["f"], "reply": "r", "first_name": None}
    file.write_text(
        "\n".join([json.dumps(good), "{", "[]", json.dumps(good | {"facts": []}), json.dumps(good | {"reply": ""})])
    )
    found = read_rows(file)
    assert len(found.rows) == 1
    assert [line for line, _ in found.refused] == [2, 3, 4, 5]
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(UnderstudyError, match="found none"):
        read_rows(tmp_path / "empty.jsonl")
    with pytest.raises(UnderstudyError, match="reply"):
        parse(json.dumps(good | {"reply": 3}))


@given(st.integers(0, 10_000))
def test_numbers_in_a_varied_reply_are_those_of_its_facts(seed: int) -> None:
    varied = vary(ROW, ["Ana", "Tom", "Kofi"], random.Random(seed))
    numbers = set(re.findall(r"\d+", " ".join(varied.facts)))
    assert set(re.findall(r"\d+", varied.reply)) <= numbers
    assert varied.first_name in varied.reply
    assert len(varied.facts) == 2


def test_numbers_stay_where_the_question_has_some() -> None:
    row = ResponseRow("is £40 enough?", ("Free from £50.",), "No, it is free from £50.")
    assert all(vary(row, [], random.Random(seed)) == row for seed in range(20))


def test_a_pass_has_every_answer_and_half_of_the_rest() -> None:
    rows = [ROW] * 20 + [ResponseRow("?", ("f",), "I do not have that information here.")] * 200
    kept = a_pass(rows, random.Random(1))
    assert 90 <= len(kept) <= 150
    assert sum("costs" in row.reply for row in kept) == 20
