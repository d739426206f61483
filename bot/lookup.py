"""Customers' own orders: what a lookup has to give, and the one gate through which the desk reads it.

A lookup may be the CSV of bot/order_file.py, or a company's own module. Whatever it gives, the gate hands on only what
belongs to the customer who is asked for.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal, Protocol, get_args

from bot.values import Customer

log = logging.getLogger(__name__)

State = Literal["packing", "shipped", "out_for_delivery", "late", "delivered", "cancelled", "returned", "refunded"]
STATES: tuple[str, ...] = get_args(State)
UNDERWAY = frozenset({"packing", "shipped", "out_for_delivery", "late"})
"""States of an order that is still to come."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order. Empty and None: not known."""

    customer: str
    """Whose it is: a Slack user id; of another company `TEAM/USER`, as `key` makes it."""
    number: str
    state: State
    items: str = ""
    """In a customer's words: "2 blue mugs, 1 teapot"."""
    total: str = ""
    """With its currency."""
    placed: date | None = None
    shipped: date | None = None
    expected: date | None = None
    delivered: date | None = None
    carrier: str = ""
    tracking: str = ""
    """A number, or an address that begins with https://."""

    @property
    def underway(self) -> bool:
        return self.state in UNDERWAY


class Lookup(Protocol):
    """Where orders are looked up. Thread-safe, and quick or with a time limit of its own: a customer waits.

    `customer` is what `key` gives: `U0MIA`, or `T0FINCH/U0MIA` for somebody of another company's workspace.
    """

    def orders_of(self, customer: str) -> Sequence[Order]:
        """This customer's orders, in any order; none for somebody unknown."""
        ...

    def order(self, customer: str, number: str) -> Order | None:
        """One of this customer's orders; None where there is none of this number, or it is somebody else's."""
        ...


class NoOrders:
    """A lookup that knows nobody."""

    def orders_of(self, customer: str) -> Sequence[Order]:
        return ()

    def order(self, customer: str, number: str) -> Order | None:
        return None


def key(customer: Customer, host: str) -> str:
    """How a customer is called in a lookup. The same user id in another workspace is somebody else.

    Args:
        host: the bot's own workspace.
    """
    return customer.user if customer.team in ("", host) else f"{customer.team}/{customer.user}"


class OwnOrders:
    """The gate: the only place where orders are read, and where it is looked at whose they are.

    Never raises: a lookup that fails is written to the log, without a word of what was asked, and counts as unknown.

    Args:
        host: the bot's own workspace.
    """

    def __init__(
        self, lookup: Lookup | None = None, host: str = "", now: Callable[[], datetime] = datetime.now
    ) -> None:
        self._lookup: Lookup = lookup or NoOrders()
        self._host, self._now = host, now
        self.known = lookup is not None
        """Whether there is anything to look orders up in."""

    def today(self) -> date:
        """In the desk's time zone."""
        return self._now().date()

    def of(self, customer: Customer) -> tuple[Order, ...]:
        """Every order of this customer, the newest first."""
        who = key(customer, self._host)
        try:
            found = [order for order in self._lookup.orders_of(who) if self._theirs(order, who)]
        except Exception as error:
            # Its words may hold what was asked, or somebody's data: the log has its name alone.
            log.error("orders could not be looked up (%s); answers go out without them", type(error).__name__)
            return ()
        return tuple(sorted(found, key=lambda order: (order.placed or date.min, order.number), reverse=True))

    def one(self, customer: Customer, number: str) -> Order | None:
        """The order of this number, where it is this customer's; else None, whether it exists or not."""
        who = key(customer, self._host)
        try:
            found = self._lookup.order(who, number)
        except Exception as error:
            log.error("an order could not be looked up (%s)", type(error).__name__)
            return None
        return found if found is not None and self._theirs(found, who) else None

    @staticmethod
    def _theirs(order: Order, who: str) -> bool:
        if order.customer == who:
            return True
        log.error("the lookup gave an order of somebody else, which is not used: look at it before you trust it")
        return False


def clock_in(zone: tzinfo) -> Callable[[], datetime]:
    """What time it is there."""
    return lambda: datetime.now(zone)
