"""Amounts that a question asks for, on sentences written for this test."""

import pytest

from model.amounts import Kind, asked, given, missing


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how much for express?", "price"),
        ("What does delivery to Ireland cost?", "price"),
        ("what's the delivery fee", "price"),
        ("How long does a refund take", "time"),
        ("how much time do I have", "time"),
        ("how many days to send it back?", "time"),
        ("How many mugs come in a box?", "number"),
        ("how much does the jug hold?", "number"),
        ("what's your opening hours", "hours"),
        ("when are you open?", "hours"),
        ("where is my parcel??", None),
        ("do you take paypal", None),
        ("I paid too much", None),
    ],
)
def test_what_is_asked_for(question: str, kind: Kind | None) -> None:
    assert asked(question) == kind


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("price", "Delivery costs £3.90."),
        ("price", "Returns are free."),
        ("price", "You pay half."),
        ("time", "It takes 2-4 working days."),
        ("time", "We send it on Monday."),
        ("time", "Your account stays for good."),
        ("time", "We answer until 17:30."),
        ("hours", "We are there Monday to Friday."),
        ("hours", "The phone is answered 9:00-17:00."),
        ("number", "Six to a box, so 6 mugs."),
        ("number", "You may order as many as you like."),
    ],
)
def test_what_gives_it(kind: Kind, text: str) -> None:
    assert given(kind, text)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what are your opening hours", "Outside the hours above a colleague answers when we are next open."),
        ("how much for express?", "The surcharge is not refunded when you return the order."),
        ("How long does an exchange take?", "An exchange is free when the new item has the same price."),
    ],
)
def test_a_reply_without_it_answers_something_else(question: str, said: str) -> None:
    source = "Express costs £7.90 and comes the next working day."
    assert missing(question, [said], [source])
    assert not missing(question, [said, source], [source])
    assert not missing(question, [said], ["We deliver to Ireland."]), "no source knows it either"
