from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.dataset import fingerprint, manifest, normalise, read_examples, split
from model.types import Example, UnderstudyError


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_jsonl_is_read_and_bad_lines_are_refused_by_number(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.jsonl",
        '{"text": "hi", "label": "greet"}\n\nnonsense\n[1]\n{"text": "  ", "label": "x"}\n{"text": "a"}\n'
        '{"text": "bye", "label": "leave", "extra": 1}\n',
    )
    result = read_examples(file)
    assert [(e.text, e.label) for e in result.examples] == [("hi", "greet"), ("bye", "leave")]
    assert [line for line, _ in result.refused] == [3, 4, 5, 6]


def test_csv_is_read_with_quotes_and_other_names(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", '\ufeffUtterance,Intent\n"hi, you",greet\nonly one\n"two\nlines",x\nbye,leave\n')
    result = read_examples(file)
    assert [e.text for e in result.examples] == ["hi, you", "two\nlines", "bye"]
    assert result.refused == [(3, "expected 2 columns, found 1")]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl", "", "found none"),
        ("a.jsonl", "x\n", "line 1"),
        ("a.csv", "a,b\n1,2\n", "columns text and label"),
    ],
)
def test_useless_files_are_refused_in_one_line(tmp_path: Path, name: str, content: str, says: str) -> None:
    with pytest.raises(UnderstudyError, match=says):
        read_examples(write(tmp_path / name, content))


def test_missing_and_binary_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe\x00")
    for name in ("nothing.jsonl", "b.jsonl"):
        with pytest.raises(UnderstudyError, match="readable data file"):
            read_examples(tmp_path / name)


def test_too_long_a_text_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", '{"text": "%s", "label": "x"}\n{"text": "a", "label": "x"}' % ("y" * 40_001))
    assert read_examples(file).refused[0][1].startswith("expected a text of at most 40000")


def test_normalise_makes_the_same_text_the_same() -> None:
    assert normalise("  Where is\u00a0my\n PARCEL??") == normalise("where is my parcel")
    assert normalise("??") == "??"
    assert fingerprint("Hi!") == fingerprint("hi") != fingerprint("ho")
    assert fingerprint("hi", "one") != fingerprint("hi", "two")


@given(st.text(max_size=50))
def test_normalise_is_stable(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


TOPICS = ("parcel", "refund", "password", "colour", "voucher")
ROWS = [Example(f"{topic} w{i} x{i * 7 % 31} y{i}", topic, "starter") for topic in TOPICS for i in range(25)]


def test_the_starters_share_holds_for_each_intent() -> None:
    cut = split(ROWS)
    for topic in TOPICS:
        assert sum(row.label == topic for row in cut.test) >= 0.3 * 25
    assert len(cut.train) + len(cut.test) + len(cut.held_back) == len(ROWS)


@given(st.lists(st.tuples(st.text("abcdef ", min_size=1, max_size=20), st.sampled_from(["", "c1", "c2", "c3"]))))
def test_nothing_moves_and_nothing_straddles_when_rows_come(new: list[tuple[str, str]]) -> None:
    more = [Example(text, "parcel", "correction", group) for text, group in new if text.strip()]
    before, after = split(ROWS), split(ROWS + more)
    assert set(before.test) <= set(after.test)
    assert not {normalise(r.text) for r in after.train} & {normalise(r.text) for r in after.test}
    assert not {r.group for r in after.train if r.group} & {r.group for r in after.test if r.group}


def test_near_copies_of_test_rows_are_held_back() -> None:
    test_row = split(ROWS).test[0]
    copy = Example(test_row.text.upper() + " !!", test_row.label, "correction")
    cut = split([*ROWS, copy])
    assert copy in cut.held_back or copy in cut.test


def test_the_manifest_does_not_hang_on_the_order() -> None:
    assert manifest(ROWS)["sha256"] == manifest(ROWS[::-1])["sha256"]
    assert manifest(ROWS)["rows"] == 125
