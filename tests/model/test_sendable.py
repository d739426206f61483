import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.grounding import Checker
from model.restored import LONGEST, restored
from model.sendable import sendable
from tests.model.fakes import FakeEncoder

TOURS = "Guided tours in English start at 11:30 daily and in German at 14:00 on weekends only."
SOURCES = (
    "Prints larger than A3 are made on Tuesdays and Fridays and can be collected the next day. "
    "Smaller ones are ready while you wait. They are not posted.",
    TOURS,
)


def sent(sentence: str, question: str = "", *, verdicts: bool = True) -> str | None:
    checker = Checker(SOURCES, FakeEncoder(), allowed=("Mia",), question=question)
    return sendable(checker, sentence, verdicts=verdicts)


def test_what_leaves_out_a_limit_is_said_in_its_sources_words() -> None:
    assert sent("Guided tours in English start at 11:30 daily and in German at 14:00, Mia.") == TOURS


def test_a_word_that_came_out_as_another_is_put_right() -> None:
    assert sent(TOURS.replace("Guided", "Guarded")) == TOURS


def test_a_copy_is_sent_as_it_stands() -> None:
    assert sent("Smaller ones are ready while you wait.") == "Smaller ones are ready while you wait."


def test_a_yes_may_go_and_the_rest_be_sent() -> None:
    words = "Smaller ones are ready while you wait."
    assert sent(f"Yes, {words}", verdicts=False) == words


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "We give you a voucher.",
        "Prints cost £5 at our shop in Leeds.",
        "They are posted to islands, with insurance, for £4.",
    ],
)
def test_what_no_source_has_all_but_said_is_not_sent(sentence: str) -> None:
    assert sent(sentence) is None


def test_a_sentence_that_leans_on_the_one_before_stands_in_for_nothing() -> None:
    checker = Checker(SOURCES, FakeEncoder())
    assert checker.restored("Prints are not posted.") is None


def test_a_long_sentence_stands_in_for_no_short_one() -> None:
    long = "Prints are made on Tuesdays " + "and on other days " * LONGEST
    assert restored("Prints are made on Tuesdays", [long]) is None


@given(st.text(alphabet="abcdefg PrintsTuesdays.,0123", max_size=60))
def test_what_stands_in_is_always_a_sentence_of_a_source(words: str) -> None:
    found = restored(words, list(SOURCES))
    assert found is None or found in SOURCES
