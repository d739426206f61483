import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.augment import slip
from model.spelling import BUDGET, Speller, arrays, slips

ROWS = ["where is my parcel", "the parcel is late", "unblock my card", "refund please", "please refund the parcel"]
KNOWN = frozenset({"parking", "reading"})


@pytest.fixture
def speller() -> Speller:
    return Speller.from_arrays(arrays(ROWS), KNOWN.__contains__)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("where is my pracel??", "where is my parcel??"),
        ("REFUNF now, Plese", "refund now, please"),
        ("unblock it", "unblock it"),
        ("unblok it", "unblok it"),
        ("parking", "parking"),
        ("I cant wont", "I cant wont"),
        ("order 10042 abc-parcl", "order 10042 abc-parcel"),
        ("Päckchen", "Päckchen"),
        ("", ""),
    ],
)
def test_a_word_is_read_as_one_of_two_rows_or_more(speller: Speller, text: str, read: str) -> None:
    assert speller.corrected([text]) == [read]


def test_words_of_the_rows_and_of_the_vocabulary_stay(speller: Speller) -> None:
    assert speller.corrected(ROWS) == ROWS
    assert speller.corrected(sorted(KNOWN)) == sorted(KNOWN)


def test_the_word_of_most_rows_is_taken() -> None:
    counted = Speller.from_arrays(arrays(["card card", "card", "cart", "cart", "cart"]), lambda word: False)
    assert counted.corrected(["carx"]) == ["cart"]


def test_without_words_nothing_changes() -> None:
    assert Speller.from_arrays({}, lambda word: False).corrected(["pracel"]) == ["pracel"]


def test_a_long_text_costs_no_more_than_its_budget(speller: Speller) -> None:
    asked: list[str] = []
    counting = Speller.from_arrays(arrays(ROWS), lambda word: bool(asked.append(word)))
    strange = ["".join(chr(97 + int(d)) for d in f"{i:07}") for i in range(1000)]
    counting.corrected([" ".join(strange), "pracel"])
    assert len(asked) == BUDGET


@given(st.from_regex(r"[a-z]{4,10}", fullmatch=True), st.randoms())
def test_a_slip_is_among_the_slips(word: str, chance: object) -> None:
    typed = slip(word, chance)  # type: ignore[arg-type]
    assert word in slips(typed) | {typed}


@given(st.text(max_size=200))
def test_any_text_keeps_its_blanks_and_its_length_of_words(text: str) -> None:
    counted = Speller.from_arrays(arrays(ROWS), lambda word: False)
    [read] = counted.corrected([text])
    assert len(read.split()) == len(text.split())


def test_no_word_can_be_read_in_what_is_kept() -> None:
    kept = arrays(ROWS)
    assert kept["word_keys"].dtype == np.uint64
    assert all(array.dtype != object and b"parcel" not in array.tobytes() for array in kept.values())
