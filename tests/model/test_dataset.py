from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.dataset import fingerprint, manifest, normalise, read_examples, read_texts
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
    file = write(tmp_path / "a.jsonl", '{"text": "%s", "label": "x"}\n{"text": "a", "label": "x"}' % ("y" * 20_001))
    assert read_examples(file).refused[0][1].startswith("expected a text of at most 20000")


def test_normalise_makes_the_same_text_the_same() -> None:
    assert normalise("  Where is\u00a0my\n PARCEL??") == normalise("where is my parcel")
    assert normalise("??") == "??"
    assert fingerprint("Hi!") == fingerprint("hi") != fingerprint("ho")
    assert fingerprint("hi", "one") != fingerprint("hi", "two")


@given(st.text(max_size=50))
def test_normalise_is_stable(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


ROWS = [Example(f"{topic} {i}", topic) for topic in ("parcel", "refund") for i in range(5)]


def test_the_manifest_does_not_hang_on_the_order() -> None:
    assert manifest(ROWS)["sha256"] == manifest(ROWS[::-1])["sha256"]
    assert manifest(ROWS)["rows"] == 10


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", '{"text": " hi "}\nnonsense\n{"label": "x"}\n{"text": "bye", "label": "y"}\n'),
        ("a.csv", "when,message\n1,hi\n2,bye\n3,\n"),
        ("a.txt", "hi\n\nbye\n"),
    ],
)
def test_messages_need_no_labels(tmp_path: Path, name: str, content: str) -> None:
    assert read_texts(write(tmp_path / name, content)) == ["hi", "bye"]


@pytest.mark.parametrize(("name", "content"), [("a.jsonl", "{}\n"), ("a.csv", "when\n1\n"), ("a.txt", " \n")])
def test_a_file_without_messages_is_named(tmp_path: Path, name: str, content: str) -> None:
    with pytest.raises(UnderstudyError, match=name):
        read_texts(write(tmp_path / name, content))
