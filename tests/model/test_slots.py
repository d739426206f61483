import re

from hypothesis import given
from hypothesis import strategies as st

from model.slots import fill, names


def test_known_slots_are_filled_and_unknown_ones_go_with_the_blank_before() -> None:
    text = "Hi {first_name}, your order {order_number} is packed."
    assert fill(text, {"first_name": "Mia", "order_number": "10042"}) == "Hi Mia, your order 10042 is packed."
    assert fill(text, {}) == "Hi, your order is packed."
    assert fill(text, {"first_name": " "}) == "Hi, your order is packed."


def test_a_text_that_begins_with_an_unknown_slot_still_begins_well() -> None:
    assert fill("{first_name}, we are on it.", {}) == "We are on it."
    assert fill("{first_name}, we are on it.", {"first_name": "Mia"}) == "Mia, we are on it."


def test_names_are_listed_once() -> None:
    assert names("{a} {b} {a} {Not}") == ("a", "b")


@given(st.text(min_size=1).filter(lambda value: value.strip() == value))
def test_values_are_inserted_verbatim(value: str) -> None:
    assert fill("Your order {order_number}.", {"order_number": value}) == f"Your order {value}."


@given(st.text(alphabet="ab {}_,.", max_size=40))
def test_no_slot_is_left_over(text: str) -> None:
    assert not re.search(r"\{[a-z_]+\}", fill(text, {})) or "{" in re.sub(r"\{[a-z_]+\}", "", text)
