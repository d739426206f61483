"""An order in words: what fills the slots of an approved answer, and what stands on a button. Pure; English."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.lookup import Order
from bot.values import OrderChoice

SHOWN = 3
"""Orders that are offered to choose from, and shown to agents."""
_STATES: Mapping[str, str] = {
    "packing": "is being packed",
    "shipped": "is on its way",
    "out_for_delivery": "is out for delivery",
    "late": "is late",
    "delivered": "was delivered",
    "cancelled": "is cancelled",
    "returned": "has come back to us, and its refund is under way",
    "refunded": "has come back to us and is refunded",
}
_REFUNDS: Mapping[str, str] = {
    "cancelled": "it is cancelled",
    "returned": "it has come back to us, and its refund is under way",
    "refunded": "it has come back to us and is refunded",
}
_SHORT: Mapping[str, str] = {
    "packing": "being packed",
    "shipped": "on its way",
    "out_for_delivery": "out for delivery",
    "returned": "returned",
    "refunded": "refunded",
}


def day(found: date, today: date) -> str:
    """`Monday 23 November`; with the year where it is another."""
    year = "" if found.year == today.year else f" {found.year}"
    return f"{found:%A} {found.day} {found:%B}{year}"


def slots(order: Order, today: date) -> dict[str, str]:
    """What fills an answer's slots (model/slots.py); what is not known of the order is not there."""

    def on(found: date | None) -> str:
        return day(found, today) if found is not None else ""

    link = order.tracking if order.tracking.startswith(("https://", "http://")) else ""
    coming = order.underway and order.state != "late"
    made = {
        "order_number": order.number,
        "order_state": _state(order, today),
        "items": order.items,
        "total": order.total,
        "placed_date": on(order.placed),
        "shipped_date": on(order.shipped),
        "expected_date": on(order.expected) if coming else "",
        "delivered_date": on(order.delivered),
        "refund_state": _REFUNDS.get(order.state, ""),
        "carrier": order.carrier,
        "tracking_number": "" if link else order.tracking,
        "tracking_link": link if order.underway else "",
    }
    return {name: value for name, value in made.items() if value}


def _state(order: Order, today: date) -> str:
    """What follows "Your order ...": "was delivered on Monday 23 November"."""
    said = _STATES[order.state]
    if order.state == "delivered" and order.delivered is not None:
        return f"{said} on {day(order.delivered, today)}"
    if order.state == "late" and order.expected is not None:
        return f"{said}: it should have been with you on {day(order.expected, today)}, and we are sorry"
    if order.state == "shipped":
        carrier = f" with {order.carrier}" if order.carrier else ""
        since = f" since {day(order.shipped, today)}" if order.shipped is not None else ""
        return f"{said}{carrier}{since}"
    return said


def choice(order: Order) -> OrderChoice:
    """What stands on an order's button."""
    state = _SHORT.get(order.state, order.state)
    return OrderChoice(order.number, " · ".join(filter(None, (order.number, order.items, state))))


def for_agents(orders: Sequence[Order], today: date) -> tuple[str, ...]:
    """Orders as agents see them on a card, a line each."""
    return tuple(
        " · ".join(filter(None, (each.number, each.items, f"{_state(each, today)}", each.total))) for each in orders
    )
