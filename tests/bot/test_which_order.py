"""Which order a customer means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookup import Order
from bot.which_order import meant, number_in, only_points, spelled_out

LAMP = Order("U1", "10063", "packing", "1 brass desk lamp", placed=date(2026, 11, 24))
MUG = Order("U1", "10042", "shipped", "2 blue stoneware mugs", placed=date(2026, 11, 20))
WHITE = Order("U1", "10031", "delivered", "1 white mug", placed=date(2026, 10, 2))
ALL = (LAMP, MUG, WHITE)


def numbers(words: str, *earlier: str, orders: tuple[Order, ...] = ALL) -> list[str]:
    return [order.number for order in meant(words, earlier, orders).orders]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("where is my order 10042", "10042"),
        ("has 10042 shipped??", "10042"),
        ("#10031 please", "10031"),
        ("the last one", "10063"),
        ("my latest order", "10063"),
        ("where's my most recent parcel?", "10063"),
        ("the newest", "10063"),
        ("the order I placed last", "10063"),
        ("the older one", "10042"),
        ("has my previous order come", "10042"),
        ("the oldest", "10031"),
        ("the blue mug one", "10042"),
        ("the white one", "10031"),
        ("where are my blue mugs", "10042"),
        ("the lamp", "10063"),
    ],
)
def test_by_its_number_its_place_or_what_is_in_it(words: str, number: str) -> None:
    assert numbers(words) == [number]


@pytest.mark.parametrize("words", ["I ordered it last week", "where is my parcel", "it was due last Tuesday"])
def test_else_those_that_are_still_to_come(words: str) -> None:
    assert numbers(words) == ["10063", "10042"]
    assert not meant(words, (), ALL).guessed


def test_the_only_one_that_is_still_to_come_is_guessed() -> None:
    found = meant("where is my parcel", (), (MUG, WHITE))
    assert (found.guessed, [order.number for order in found.orders]) == (True, ["10042"])


def test_where_nothing_is_to_come_those_that_were() -> None:
    assert numbers("where is it", orders=(WHITE,)) == ["10031"]
    assert numbers("where is it", orders=()) == []


def test_the_older_one_is_the_one_before_the_newest_whatever_has_come_of_it() -> None:
    assert numbers("the older one", orders=(MUG, WHITE)) == ["10031"]
    assert numbers("the older one", orders=(MUG,)) == ["10042"], "the only one"
    assert numbers("older than a month", orders=ALL) == ["10063", "10042"]


@pytest.mark.parametrize(
    ("words", "earlier", "spelled"),
    [
        ("about my order\nthe older one\nhas it arrived", (), "has order 10042 arrived"),
        ("has it arrived?", ("about my order", "the older one"), "has order 10042 arrived"),
        ("has it arrived?", ("the older one", "sorry, 10031"), "has order 10031 arrived"),
        ("has the older one arrived", (), "has order 10042 arrived"),
        ("it's about the lamp, when does it come", (), "when does order 10063 come"),
        ("the lamp\nany news", (), "order 10063: any news"),
        ("where is order 10031", (), "where is order 10031"),
        ("about my order\nhas it arrived", (), ""),
        ("has it arrived", ("the mug",), ""),
        ("has it arrived", ("10057",), ""),
        ("about the older one", (), ""),
        ("", ("the older one",), ""),
    ],
)
def test_what_is_asked_of_an_order_is_asked_with_its_number(words: str, earlier: tuple[str, ...], spelled: str) -> None:
    assert spelled_out(words, earlier, ALL) == spelled


@pytest.mark.parametrize(
    ("words", "points"),
    [
        ("about my order", True),
        ("the older one please", True),
        ("#10042", True),
        ("I mean the blue mugs", True),
        ("the lamp is broken", False),
        ("cancel my order", False),
        ("where is it", False),
    ],
)
def test_what_only_points_to_an_order(words: str, points: bool) -> None:
    assert only_points(words, ALL) is points


def test_two_that_hold_the_same_thing_are_both_meant() -> None:
    assert numbers("the mug") == ["10042", "10031"]


def test_what_was_named_before_goes_on_counting_until_another_is_named() -> None:
    assert numbers("when will it come?", "where is 10042") == ["10042"]
    assert numbers("and the lamp?", "where is 10042") == ["10063"]
    assert numbers("when will it come?", "the mug please") == ["10063", "10042"]


def test_a_number_that_is_none_of_theirs_is_unknown_whatever_else_is_said() -> None:
    assert meant("where is my order 10057, the lamp", (), ALL).unknown
    assert not meant("where is my parcel then", ("where is 10057",), ALL).unknown


def test_what_the_answer_cannot_tell_of_is_not_asked_for_but_may_be_named() -> None:
    def returned(order: Order) -> bool:
        return order.state == "delivered"

    assert [order.number for order in meant("my money", (), ALL, returned).orders] == ["10031"]
    assert [order.number for order in meant("my money for 10042", (), ALL, returned).orders] == ["10042"]


def test_a_number_with_letters_and_one_within_another() -> None:
    order = Order("U1", "AB-10042", "packing")
    assert meant("where is ab-10042?", (), (order,)).orders == (order,)
    assert meant("where is order 100421", (), (MUG,)).unknown
    assert number_in("order 7", ("no. 5", "it is 10042")) == "10042"


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3))
def test_only_ones_own_orders_are_ever_meant(words: str, earlier: list[str]) -> None:
    assert set(meant(words, earlier, ALL).orders) <= set(ALL)
    assert len(meant(words, earlier, ALL * 3).orders) <= 3
