import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.slots import fill, names, tells_of_order


def test_known_slots_are_filled_and_unknown_ones_go_with_the_blank_before() -> None:
    text = "Hi {first_name}, your order {order_number} is packed."
    assert fill(text, {"first_name": "Mia", "order_number": "10042"}) == "Hi Mia, your order 10042 is packed."
    assert fill(text, {}) == "Hi, your order is packed."
    assert fill(text, {"first_name": " "}) == "Hi, your order is packed."


def test_a_text_that_begins_with_an_unknown_slot_still_begins_well() -> None:
    assert fill("{first_name}, we are on it.", {}) == "We are on it."
    assert fill("{first_name}, we are on it.", {"first_name": "Mia"}) == "Mia, we are on it."


@pytest.mark.parametrize(
    "text",
    ["Your order {{order_number}} is packed.", "{{first_name}}, hello.", "See {{Order Number}}.", "{{{order_number}}}"],
)
def test_doubled_braces_are_another_systems_and_stay(text: str) -> None:
    assert fill(text, {"first_name": "Mia", "order_number": "10042"}) == text
    assert fill(text, {}) == text
    assert names(text) == ()
    assert not tells_of_order(text.replace("order_number", "order_state"))


def test_beside_doubled_braces_slots_are_filled_and_a_brace_too_many_is_no_pair() -> None:
    slots = {"first_name": "Mia", "order_number": "10042"}
    assert fill("Hi {first_name}, {{order_number}} is {order_number}.", slots) == "Hi Mia, {{order_number}} is 10042."
    assert fill("{{first_name}, {order_number}}", slots) == "{Mia, 10042}"
    assert fill("{first_name}{{order_number}}{order_number}", slots) == "Mia{{order_number}}10042"


@given(st.text(alphabet="a_{}. ", max_size=30))
def test_what_stands_in_doubled_braces_is_there_afterwards(text: str) -> None:
    kept = re.compile(r"\{\{[a-z_]+\}\}")
    for slots in ({"a": "B"}, {}):
        filled = fill(text, slots)
        assert all(one in filled for one in kept.findall(text))


def test_names_are_listed_once() -> None:
    assert names("{a} {b} {a} {Not}") == ("a", "b")


@given(st.text(min_size=1).filter(lambda value: value.strip() == value))
def test_values_are_inserted_verbatim(value: str) -> None:
    assert fill("Your order {order_number}.", {"order_number": value}) == f"Your order {value}."


@given(st.text(alphabet="ab {}_,.", max_size=40))
def test_no_slot_is_left_over(text: str) -> None:
    assert not re.search(r"\{[a-z_]+\}", fill(text, {})) or "{" in re.sub(r"\{[a-z_]+\}", "", text)
