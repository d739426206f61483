"""Which order a customer means: by its number, by "the last one", by what is in it, or as the only one. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.lookup import Order
from bot.order_words import SHOWN
from model.words import content, tokens, word_set

_NUMBER = re.compile(r"(?:#|\border\b\D{0,20}|\bnumber\b\D{0,10}|\bnr\.?\s{0,2})(\d{4,12})\b", re.IGNORECASE)
_LONE_NUMBER = re.compile(r"(?<!\d)(\d{5,8})(?!\d)")
_THING = r"(?:one|order|parcel|package|purchase|delivery)\b"
_LATEST = re.compile(
    rf"\b(?:last|latest|newest|most recent|recent)\s+(?:\w+\s+)?{_THING}"
    r"|\b(?:the|my)\s+(?:last|latest|newest|most recent)\W*$"
    rf"|\b{_THING}\s+(?:that\s+)?i\s+(?:have\s+)?(?:placed|made|bought|ordered)\s+(?:last|most recently)\W*$",
    re.IGNORECASE,
)
_OLDER = re.compile(
    rf"\b(?:the|my|an)\s+(?:older|earlier|previous)(?:\s+(?:\w+\s+)?{_THING}|\W*$)"
    rf"|\b{_THING}\s+before\s+(?:the\s+last|that)\b",
    re.IGNORECASE,
)
_OLDEST = re.compile(rf"\b(?:the|my)\s+oldest(?:\s+(?:\w+\s+)?{_THING}|\W*$)", re.IGNORECASE)
_ANY_THING = re.compile(rf"\b(?:the|my|that|this|an?)\s+{_THING}", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|they|them|this|that)\b", re.IGNORECASE)
_PART = re.compile(r"[\n,;.?!]+")
_POINTING = word_set(
    "hi hello hey sorry please no yes ok i mean meant have had got a an the my it its s is was this that about "
    "regarding re with for on of and one order orders parcel package purchase delivery number nr question query quick"
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
    if (older := _older(words, fitting)) is not None:
        return Meant((older,))
    return _by_items(words, orders)


def _older(words: str, fitting: Sequence[Order]) -> Order | None:
    """The one before the newest, of those that are to come where there are two; or the oldest of all."""
    if len(fitting) < 2:
        return None
    if _OLDEST.search(words):
        return fitting[-1]
    coming = [order for order in fitting if order.underway]
    return (coming if len(coming) > 1 else fitting)[1] if _OLDER.search(words) else None


def only_points(words: str, orders: Sequence[Order]) -> bool:
    """Whether words say which order they are about, or that they are about one, and nothing of it."""
    left = words
    for pattern in (_LATEST, _OLDER, _OLDEST, _NUMBER, _LONE_NUMBER):
        left = pattern.sub(" ", left)
    things = set().union(*(_things(order) for order in orders))
    for order in orders:
        left = left.replace(order.number, " ")
    return all(word in _POINTING or things & {*content(word)} for word in tokens(left))


def spelled_out(words: str, earlier: Sequence[str], orders: Sequence[Order]) -> str:
    """What is asked of an order that is named beside it, with its number in place of what points there: "about my
    order", "the older one", "has it arrived" are "has order 10057 arrived". Empty where no single one of theirs is
    named, or nothing asked of it.

    Args:
        earlier: words before these which go on in them.
    """
    parts = [part.strip() for part in _PART.split(words) if part.strip()]
    asked = ", ".join(part for part in parts if not only_points(part, orders))
    found = (_named(each, orders, orders) for each in (words, *reversed(earlier)))
    named = next((each for each in found if each is not None), None)
    if not asked or named is None or len(named.orders) != 1:
        return ""
    order = f"order {named.orders[0].number}"
    if order in asked.lower():
        return asked
    for pattern in (_LATEST, _OLDER, _OLDEST, _IT, _ANY_THING):
        spelled, count = pattern.subn(order, asked, count=1)
        if count:
            return spelled
    return f"{order}: {asked}"


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
