"""Which order a customer means: by its number, by "the last one", by what is in it, or as the only one. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.lookup import Order
from bot.order_words import SHOWN
from model.words import content

_NUMBER = re.compile(r"(?:#|\border\b\D{0,20}|\bnumber\b\D{0,10}|\bnr\.?\s{0,2})(\d{4,12})\b", re.IGNORECASE)
_LONE_NUMBER = re.compile(r"(?<!\d)(\d{5,8})(?!\d)")
_THING = r"(?:one|order|parcel|package|purchase|delivery)\b"
_LATEST = re.compile(
    rf"\b(?:last|latest|newest|most recent|recent)\s+(?:\w+\s+)?{_THING}"
    r"|\b(?:the|my)\s+(?:last|latest|newest|most recent)\W*$"
    rf"|\b{_THING}\s+(?:that\s+)?i\s+(?:have\s+)?(?:placed|made|bought|ordered)\s+(?:last|most recently)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Meant:
    """What was found."""

    orders: tuple[Order, ...] = ()
    """The one that is meant, or those of which one is; none where nothing is known."""
    unknown: bool = False
    """A number was named that is none of theirs, whether it exists or not."""
    guessed: bool = False
    """Nothing was named, and there is but one that may be meant."""


def number_in(words: str, earlier: Sequence[str] = ()) -> str:
    """What looks like an order's number in a customer's words, the latest ones first; empty where nothing does."""
    for each in (words, *reversed(earlier)):
        match = _NUMBER.search(each) or _LONE_NUMBER.search(each)
        if match:
            return match.group(1)
    return ""


def named_in(order: Order, words: str) -> bool:
    """Whether the order's number stands in these words."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(order.number)}(?![A-Za-z0-9])", words, re.IGNORECASE) is not None


def meant(
    words: str, earlier: Sequence[str], orders: Sequence[Order], fits: Callable[[Order], bool] = lambda _: True
) -> Meant:
    """Which of a customer's own orders these words are about.

    Args:
        earlier: their words before, in this case, oldest first; what is named there goes on counting.
        orders: all of theirs, the newest first.
        fits: whether the answer has something to tell of an order. One that is named counts in any case.
    """
    fitting = [order for order in orders if fits(order)]
    named = _named(words, orders, fitting)
    if named is None:
        before = (_named(each, orders, fitting) for each in reversed(earlier))
        named = next((found for found in before if found is not None and len(found.orders) == 1), None)
    if named is not None:
        return named
    found = [order for order in fitting if order.underway] or fitting
    return Meant(tuple(found[:SHOWN]), guessed=len(found) == 1)


def _named(words: str, orders: Sequence[Order], fitting: Sequence[Order]) -> Meant | None:
    """What the words themselves say; None where they say nothing."""
    exact = [order for order in orders if named_in(order, words)]
    if exact:
        return Meant(tuple(exact[:SHOWN]))
    if number_in(words):
        return Meant(unknown=True)
    if _LATEST.search(words) and fitting:
        return Meant((fitting[0],))
    return _by_items(words, orders)


def _by_items(words: str, orders: Sequence[Order]) -> Meant | None:
    """The orders that hold most of what is named; None where nothing in them is."""
    asked = set(content(words))
    shared = {order.number: len(asked & _things(order)) for order in orders}
    most = max(shared.values(), default=0)
    if not most:
        return None
    return Meant(tuple(order for order in orders if shared[order.number] == most)[:SHOWN])


def _things(order: Order) -> set[str]:
    return {word for word in content(order.items) if not word.isdigit()}
