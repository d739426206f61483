import json
from pathlib import Path

import pytest

from model.evaluate_search import check_labels, figures_of, milliseconds, read_kb
from model.types import Example, UnderstudyError

RANKED = {"one": ["a", "b", "c"], "two": ["b", "a", "c"], "three": ["c", "b", "a"]}


def test_figures_are_what_one_counts_by_hand() -> None:
    rows = [Example("one", "a"), Example("two", "a"), Example("three", "a")]
    it = figures_of(RANKED.__getitem__, rows)
    assert (it.n, it.hit_at_1, it.hit_at_5) == (3, pytest.approx(1 / 3), 1)
    assert it.mrr == it.map == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_a_question_with_two_right_articles_counts_once() -> None:
    it = figures_of(RANKED.__getitem__, [Example("two", "a"), Example("two", "b"), Example("one", "c")])
    assert it.n == 2
    assert it.mrr == pytest.approx((1 + 1 / 3) / 2)
    assert it.map == pytest.approx((1 + 1 / 3) / 2)
    it = figures_of(RANKED.__getitem__, [Example("one", "b"), Example("one", "c")])
    assert (it.mrr, it.map) == (pytest.approx(1 / 2), pytest.approx((1 / 2 + 2 / 3) / 2))


def test_what_is_not_found_counts_as_nothing() -> None:
    it = figures_of(lambda _: [], [Example("one", "a")])
    assert (it.hit_at_1, it.mrr, it.map) == (0, 0, 0)
    with pytest.raises(UnderstudyError, match="found none"):
        figures_of(lambda _: [], [])


def test_every_question_is_timed() -> None:
    asked: list[str] = []
    times = milliseconds(lambda text: asked.append(text) or [], ["a", "b"])
    assert len(asked) == 4
    assert 0 <= times["p50"] <= times["p95"]


def kb(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "kb.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_a_knowledge_base_is_read_with_and_without_its_questions(tmp_path: Path) -> None:
    path = kb(
        tmp_path, {"id": "a", "question": "How?", "answers": ["So.", "Or so."]}, "", {"id": "b", "answers": "Yes."}
    )
    first, second = read_kb(path)
    assert (first.id, first.title, first.body) == ("a", "How?", "So.\n\nOr so.")
    assert (second.title, second.body) == ("", "Yes.")
    assert read_kb(path, questions=False)[0].title == ""


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "expected JSON in .*kb.jsonl:1"),
        ([1], "found no object"),
        ({"id": 7, "question": "x", "answers": []}, 'expected {"id"'),
        ({"id": "a", "question": "x", "answers": [1]}, 'expected {"id"'),
        ("", "found none"),
    ],
)
def test_what_is_wrong_with_a_knowledge_base_is_one_line(tmp_path: Path, row: object, told: str) -> None:
    with pytest.raises(UnderstudyError, match=told):
        read_kb(kb(tmp_path, row))


def test_ids_are_there_once_and_labels_are_ids(tmp_path: Path) -> None:
    row = {"id": "a", "question": "x", "answers": ["y"]}
    with pytest.raises(UnderstudyError, match="1 ids twice"):
        read_kb(kb(tmp_path, row, row))
    with pytest.raises(UnderstudyError, match="expected a readable knowledge base"):
        read_kb(tmp_path / "missing.jsonl")
    with pytest.raises(UnderstudyError, match="found 'z'"):
        check_labels([Example("x", "z")], read_kb(kb(tmp_path, row)))
