"""A draft is made of agents' own words, without what was meant for one customer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.gap_draft import asked, drafted, tidy
from model.words import content
from tests.model.fakes import FakeEncoder

NAMES = ("Mia Wong", "Alex Reed")
QUESTIONS = ("do you engrave mugs", "what does engraving of mugs cost")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Hi Mia, we engrave mugs for 5.00.", "We engrave mugs for 5.00."),
        ("Hello Mia! Thanks for asking. We engrave mugs.", "We engrave mugs."),
        ("Dear Ms Wong,\nwe engrave mugs.\n\nKind regards,\nAlex Reed", "We engrave mugs."),
        ("Good morning! Mia, we engrave mugs, Alex", "We engrave mugs"),
        ("We engrave mugs, Mia.", "We engrave mugs."),
        ("Mia has a voucher. We engrave mugs.", "We engrave mugs."),
        ("Your order 10042 can be engraved.", "Your order can be engraved."),
        ("Your order number 10042 can be engraved.", "Your order can be engraved."),
        ("For #10042 we engrave, until 2027 and for 1999 coins.", "For we engrave, until 2027 and for 1999 coins."),
        ("Let me check. One moment please! You're welcome.", ""),
        (
            "We engrave mugs. Your order 10042 is not packed yet. Up to 20 letters.",
            "We engrave mugs. Up to 20 letters.",
        ),
        ("Hello we engrave mugs.", "We engrave mugs."),
        ("Hi hello is what we engrave.", "Hi hello is what we engrave."),
        ("Hi", ""),
        ("First part.\n\nSecond part.", "First part.\n\nSecond part."),
        ("Best sellers are engraved at once.", "Best sellers are engraved at once."),
    ],
)
def test_what_was_for_one_customer_is_taken_out(said: str, left: str) -> None:
    assert tidy(said, NAMES) == left


def test_numbers_that_the_customers_wrote_are_theirs() -> None:
    assert tidy("We engrave 10042 today.", (), {"10042"}) == "We engrave today."
    assert tidy("We engrave 10042 today.") == "We engrave 10042 today."


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=10), max_size=3))
def test_any_text_is_tidied_and_twice_changes_no_more_words(said: str, names: list[str]) -> None:
    assert len(tidy(said, names)) <= len(said) + 1


def test_the_most_central_reply_stands_first_and_the_others_add_what_is_new() -> None:
    replies = [
        "Hi Mia, we engrave mugs for 5.00.",
        "We engrave mugs for 5.00. Delivery of engraved ones takes a week longer.",
        "Engrave mugs? We do, for 5.00. Engraved mugs cannot be returned.",
        "The weather is lovely in Spain.",
    ]
    text = drafted(replies, QUESTIONS, FakeEncoder().encode, NAMES)
    first, *rest = text.split("\n\n")
    assert first == "We engrave mugs for 5.00."
    assert {"Engraved mugs cannot be returned.", "Delivery of engraved ones takes a week longer."} == set(rest)


def test_every_word_is_an_agents_own() -> None:
    replies = ["We engrave mugs.", "Engraved mugs cannot be returned."]
    said = {word for reply in replies for word in content(reply)}
    assert set(content(drafted(replies, QUESTIONS, FakeEncoder().encode))) <= said


def test_a_title_tells_of_no_order_and_no_address() -> None:
    assert asked(["engrave my order 10042", "write to mia@x.example", "Hi, do you engrave?"]) == "Do you engrave?"
    assert "10042" not in asked(["hi, do you engrave mugs? my order is 10042"], NAMES)
    assert asked(["Mia, do you\nengrave?"], NAMES) == "Do you engrave?"
    assert asked(["10042"]) == "10042"


def test_nothing_said_is_no_draft() -> None:
    assert drafted([], QUESTIONS, FakeEncoder().encode) == ""
    assert drafted(["Hi Mia!", "One moment.", "ok"], QUESTIONS, FakeEncoder().encode, NAMES) == ""
