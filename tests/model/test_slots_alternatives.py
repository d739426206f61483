"""An approved answer in several texts: what is known decides which of them is said."""

from hypothesis import given
from hypothesis import strategies as st

from model.slots import ORDER_SLOTS, about_order, alternatives, chosen, fill, fills, names

ANSWER = """Hi {first_name}, order {order_number} {order_state}. Due on {expected_date}.
---
Hi {first_name}, order {order_number} {order_state}.
-----
Hi {first_name}, your order {order_number} comes soon."""


def said(slots: dict[str, str]) -> str | None:
    text = chosen(ANSWER, slots)
    return None if text is None else fill(text, slots)


def test_the_first_text_is_said_whose_slots_all_have_values() -> None:
    known = {"order_number": "10042", "order_state": "is packed", "expected_date": "Monday"}
    assert said(known) == "Hi, order 10042 is packed. Due on Monday."
    assert said({**known, "expected_date": " "}) == "Hi, order 10042 is packed."
    assert said({"order_number": "10042", "first_name": "Mia"}) == "Hi Mia, your order 10042 comes soon."
    assert said({}) == "Hi, your order comes soon."


def test_a_lone_text_whose_order_is_not_known_is_not_said() -> None:
    assert chosen("Order {order_number} {order_state}.", {"order_number": "1"}) is None
    assert chosen("Your order {order_number} is {colour}.", {}) == "Your order {order_number} is {colour}."


def test_only_an_answer_that_tells_of_an_order_wants_one_looked_up() -> None:
    assert about_order(ANSWER)
    assert not about_order("Your order {order_number} comes soon, {first_name}.")
    assert not about_order(None)
    assert fills(ANSWER, {"order_number": "1", "order_state": "is packed"})
    assert not fills(ANSWER, {"order_number": "1"})


def test_a_text_without_a_line_of_dashes_is_one_text() -> None:
    assert alternatives("Open 9-17 -- every day") == ("Open 9-17 -- every day",)
    assert alternatives("---\none\n\n---\n") == ("one",)
    assert alternatives("") == ("",)


@given(st.dictionaries(st.sampled_from(sorted(ORDER_SLOTS | {"first_name"})), st.text(max_size=8)))
def test_no_text_is_said_with_a_hole_where_an_order_should_be(slots: dict[str, str]) -> None:
    text = chosen(ANSWER, slots)
    assert text is not None
    filled = {name for name, value in slots.items() if value.strip()}
    assert set(names(text)) <= filled | {"first_name", "order_number"}
    assert text == alternatives(ANSWER)[-1] or "order_number" in filled
