import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.picture_reader import Line, Point
from model.picture_text import MOST_READ, Row, Seen, matters, seen


def line(text: str, x: float, y: float, *, size: float = 20, confidence: float = 0.95, turned: float = 0) -> Line:
    """Words at a place of a page that is turned by so many degrees."""
    wide = 10 * len(text)
    cos, sin = math.cos(math.radians(turned)), math.sin(math.radians(turned))

    def at(px: float, py: float) -> Point:
        return px * cos - py * sin, px * sin + py * cos

    return Line(text, confidence, (at(x, y), at(x + wide, y), at(x + wide, y + size), at(x, y + size)))


RECEIPT = (("Total", 0, 100), ("34.50", 400, 103), ("Marlow & Finch", 0, 0), ("Mug", 0, 50), ("12.00", 400, 47))


@given(turned=st.floats(-20, 20), order=st.permutations(range(5)))
def test_rows_are_read_from_the_top_and_across_on_a_page_that_hangs_askew(turned: float, order: list[int]) -> None:
    lines = [line(*RECEIPT[i], turned=turned) for i in order]
    assert [row.text for row in seen(lines).rows] == ["Marlow & Finch", "Mug 12.00", "Total 34.50"]


def test_what_was_hardly_read_is_left_out() -> None:
    found = seen([line("Order 10042", 0, 0, confidence=0.9), line("#@!x", 0, 40, confidence=0.3)])
    assert found.text == "Order 10042"
    assert found.confidence == pytest.approx(0.9)


def test_an_empty_picture_says_nothing() -> None:
    assert (seen([]).text, seen([]).confidence, seen([]).readable, matters(seen([]))) == ("", 0.0, False, "")


def test_furniture_of_the_screen_does_not_join_the_message() -> None:
    rows = ["9:41", "100%", "Back", "marlow.example/pay", "Payment declined.", "Order 10042", "OK"]
    assert matters(Seen(tuple(Row(each, 0.9, 20) for each in rows))) == "Payment declined. Order 10042"


def test_where_there_is_nothing_but_furniture_it_is_all_there_is() -> None:
    assert matters(Seen((Row("Cancel", 0.9, 20),))) == "Cancel"


PAGE = tuple(Row(f"We hope that you like our new plates number {n}", 0.9, 20) for n in range(40))


def test_of_a_long_page_what_went_wrong_and_the_headings_are_kept() -> None:
    rows = (*PAGE[:20], Row("Card declined", 0.9, 20), *PAGE[20:], Row("Your basket", 0.9, 44))
    kept = matters(Seen(rows))
    assert "Card declined" in kept
    assert kept.endswith("Your basket")
    assert len(kept) <= MOST_READ


def test_of_a_long_page_what_is_near_to_the_question_is_kept() -> None:
    rows = (*PAGE, Row("Plates may go into the dishwasher", 0.9, 20))

    def encode(texts: list[str]) -> np.ndarray:
        return np.array([[1.0, 0.0] if "dishwasher" in text else [0.0, 1.0] for text in texts])

    assert "dishwasher" not in matters(Seen(rows))
    assert "dishwasher" in matters(Seen(rows), "is the dishwasher fine?", encode)  # type: ignore[arg-type]
