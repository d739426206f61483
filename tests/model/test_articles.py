from pathlib import Path

import pytest

from model.articles import MAX_BYTES, parse, read, slug
from model.types import UnderstudyError

GOOD = "---\ntitle: What delivery costs\nintents: [delivery_cost]\nupdated: 2026-10-12\n---\n\nIt costs £3.90.\n"


def test_an_article_is_read_with_its_front_matter() -> None:
    article = parse(GOOD, "delivery-cost")
    assert article.title == "What delivery costs"
    assert article.intents == ("delivery_cost",)
    assert article.updated == "2026-10-12"
    assert article.body == "It costs £3.90."


def test_windows_line_ends_a_byte_order_mark_and_a_rule_in_the_body_are_harmless() -> None:
    text = "\ufeff" + (GOOD + "\n---\n\nMore.\n").replace("\n", "\r\n")
    assert parse(text, "a").body == "It costs £3.90.\n\n---\n\nMore."


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("No front matter.", "first line"),
        ("---\ntitle: A\nNo end.", "closes"),
        ("---\ntitle: [A\n---\nText.", "broken"),
        ("---\n- title\n---\nText.", "something else"),
        ("---\nintents: [a]\n---\nText.", "title"),
        ("---\ntitle: A\n---\n \n", "body"),
        ("---\ntitle: A\nintents: {a: 1}\n---\nText.", "intents"),
        ("", "first line"),
        ("---\ntitle: A\nupdated: last week\n---\nText.", "updated: expected a day"),
        ("---\ntitle: A\nupdated: 2026-06-31\n---\nText.", "broken"),
        ("---\ntitle: A\nlocale: the Queen's\n---\nText.", "locale: expected a language"),
        (f"---\ntitle: {'A' * 201}\n---\nText.", "at most 200 characters, found 201"),
        (f"---\ntitle: {'[' * 5000}\n---\nText.", "broken"),
    ],
)
def test_what_is_wrong_is_named(text: str, word: str) -> None:
    with pytest.raises(UnderstudyError, match=word) as caught:
        parse(text, "a")
    assert "\n" not in str(caught.value)


def test_a_folder_gives_what_is_good_and_says_why_the_rest_is_not(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "a.md").write_text(GOOD)
    (tmp_path / "more" / "a.md").write_text(GOOD)
    (tmp_path / "more" / "b.md").write_bytes(b"---\ntitle: \xff\n---\nText.")
    (tmp_path / "big.md").write_text(GOOD + "x" * MAX_BYTES)
    (tmp_path / "notes.txt").write_text("no article")
    (tmp_path / "nul.md").write_text(GOOD + "\x00")
    found = read(tmp_path)
    assert [article.id for article in found.articles] == ["a"]
    assert [name for name, _ in found.refused] == ["big.md", "more/a.md", "more/b.md", "nul.md"]
    assert "UTF-8" in found.refused[2][1]


def test_nothing_there_is_said() -> None:
    with pytest.raises(UnderstudyError, match="found nothing there"):
        read(Path("no-such-folder"))


def test_slugs() -> None:
    assert slug("Where we deliver (2026)") == "where-we-deliver-2026"
