import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.clauses import adds, asks, clauses, points_back, sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for sentence in sentences(text) for start, end in clauses(text, sentence)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cancel my order, and where is my refund?", ["cancel my order", "and where is my refund?"]),
        ("Stop it. Also how do I pay?", ["Stop it.", "Also how do I pay?"]),
        ("two plates and bowls, please", ["two plates and bowls, please"]),
        ("line one\nline two", ["line one", "line two"]),
        ("1) I need a receipt. 2) Please correct my name.", ["1) I need a receipt.", "2) Please correct my name."]),
        ("I'd also like a receipt", ["I'd also like a receipt"]),
        ("The fast one works for 3.5 kg", ["The fast one works for 3.5 kg"]),
        ("it came broken :( where is my refund", ["it came broken :(", "where is my refund"]),
        ("it came broken 😡 where is my refund", ["it came broken 😡", "where is my refund"]),
        ("press Orders :( or /:) and go", ["press Orders :(", "or /:) and go"]),
        ("", []),
    ],
)
def test_where_a_text_is_cut(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


PIECES = [*"ab.?!,;\n -–)'", " and ", " where ", " i ", "please "]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_pieces_lie_in_order_within_the_text_and_are_never_blank(text: str) -> None:
    end = 0  # of the piece before
    for sentence in sentences(text):
        parts = clauses(text, sentence)
        assert parts
        assert parts[0][0] >= sentence[0] >= end
        for start, stop in parts:
            assert end <= start < stop <= sentence[1]
            assert text[start:stop] == text[start:stop].strip()
            end = stop


def test_the_form_of_a_clause() -> None:
    for text in ("where is it", "and please cancel 10402", "I'd also like a receipt", "Oh, can you help", "10057?"):
        assert asks(text), text
    for text in ("my lamp is broken", "I ordered a jumper in M", "The tracking says delivered"):
        assert not asks(text), text
    assert adds("Also, how do I pay")
    assert adds("I'd also like a receipt")
    assert not adds("How do I pay")
    assert points_back("how do I cancel it?")
    assert not points_back("how do I cancel 10402?")


@pytest.mark.parametrize("filler", [" ", ".", ",", "-", "\n", "1", "and ", "too ", "oh, ", "' ", "\u00a0", "also "])
def test_no_text_takes_long(filler: str) -> None:
    text = filler * 8000
    began = time.process_time()
    for start, end in sentences(text)[:50]:
        clauses(text, (start, end))
        asks(text[start:end])
        adds(text[start:end])
        points_back(text[start:end])
    assert time.process_time() - began < 1.0
