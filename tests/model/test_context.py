import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.context import ADDED, ALONE, ALWAYS, SHORT, believed_from, topic
from model.types import Prediction


def said(text: str, intent: str = "delivery_time", *, oos: bool = False) -> Prediction:
    return Prediction(text, intent, 0.9, (), 0.0, oos, "v1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("and to Norway?", ALWAYS),
        ("10057", ALWAYS),
        ("it's order 10311, thanks", ALWAYS),
        ("same for sale items?", ALWAYS),
        ("and the blue one?", ADDED),
        ("what about my surname", ADDED),
        ("the wool blanket too?", ADDED),
        ("Belfast?", SHORT),
        ("how much?", SHORT),
        ("make that two", SHORT),
        ("Who painted the Mona Lisa?", ALONE),
        ("tracking number please", ALONE),
        ("potato", ALONE),
        ("Unsubscribe me from the newsletter", ALONE),
        ("And please tell me how long standard delivery to Norway takes", ALONE),
        ("", ALONE),
        ("🙂", ALONE),
    ],
)
def test_how_much_a_message_leans(text: str, expected: float) -> None:
    assert believed_from(text) == expected


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert believed_from(text) in (ALONE, SHORT, ADDED, ALWAYS)


def test_the_topic_is_the_latest_message_that_is_no_addition() -> None:
    question, addition = said("How long does delivery to Cork take?"), said("and Galway?")
    thanks = said("ok thanks a lot", "thanks")
    assert topic([said("I need a receipt"), question, addition, thanks], {"thanks"}) == f"{question.text} and Galway?"
    assert topic([question, said("Can you recommend me a film?", oos=True)]) == ""
    assert topic([addition]) == ""
    assert topic([]) == ""


@pytest.mark.parametrize("filler", ["1", " ", "it ", "and ", "?", "10057 ", "yes, "])
def test_no_text_takes_long(filler: str) -> None:
    began = time.process_time()
    believed_from(filler * 8000 + "x")
    assert time.process_time() - began < 1.0
