"""Fills the slots of an approved answer: `{first_name}`, `{order_number}`, `{order_state}`.

An approved answer may be several texts, parted by a line of dashes, the best one first. What is known decides: said is
the first whose slots all have values, and the last one where no other can be. A customer's name may always be missing.

What stands in doubled braces (`{{order_number}}`) is the placeholder of another system, which fills it later or never
(model/placeholders.py): it is no slot, and stays letter by letter.
"""

import re
from collections.abc import Mapping

ORDER_SLOTS = frozenset(
    {
        "order_number",
        "order_state",
        "items",
        "total",
        "placed_date",
        "shipped_date",
        "expected_date",
        "delivered_date",
        "refund_state",
        "carrier",
        "tracking_number",
        "tracking_link",
    }
)
"""What an order of the customer's own fills. A customer's words alone may fill the first."""
_ALWAYS_FREE = frozenset({"first_name"})
_SAID_ANYWAY = frozenset({"order_number"})
"""May be missing in the last text: "your order {order_number}" reads well without it."""
_PARTED = re.compile(r"(?:^|\n)[ \t]*-{3,}[ \t]*(?:\n|$)")
_DOUBLED = r"(?<=\{)\{[a-z0-9_]+\}\}"
_SLOT = re.compile(rf"(?P<before>[ \t]*)(?!{_DOUBLED})\{{(?P<name>[a-z_][a-z0-9_]*)\}}")
_LONE_OPENING = re.compile(r"^[ \t]*[,;:.!?]+[ \t]*")


def fill(text: str, slots: Mapping[str, str]) -> str:
    """`text` with each slot's value, verbatim; an unknown slot goes, together with the blank before it.

    Values are inserted once and never read again, so braces in them are harmless.
    """

    def value(match: re.Match[str]) -> str:
        found = slots.get(match["name"], "").strip()
        return f"{match['before']}{found}" if found else ""

    filled = _SLOT.sub(value, text)
    if not _opens_empty(text, slots):
        return filled
    rest = _LONE_OPENING.sub("", filled).lstrip()
    return rest[:1].upper() + rest[1:]


def names(text: str) -> tuple[str, ...]:
    """The slots that stand in `text`, in order, each once."""
    return tuple(dict.fromkeys(match["name"] for match in _SLOT.finditer(text)))


def alternatives(answer: str) -> tuple[str, ...]:
    """The texts of an approved answer, the best one first; at least one."""
    found = tuple(text.strip() for text in _PARTED.split(answer) if text.strip())
    return found or (answer.strip(),)


def chosen(answer: str, slots: Mapping[str, str]) -> str | None:
    """The text of an approved answer to be filled from these; none where even the last one lacks what it tells of."""
    *better, last = alternatives(answer)
    known = {name for name, value in slots.items() if value.strip()} | _ALWAYS_FREE
    for text in better:
        if set(names(text)) <= known:
            return text
    missing = set(names(last)) - known - _SAID_ANYWAY
    return None if missing & ORDER_SLOTS else last


def tells_of_order(text: str) -> bool:
    """Whether a text tells of one order of the customer's, and so wants it looked up."""
    return bool(set(names(text)) & ORDER_SLOTS - _SAID_ANYWAY)


def about_order(answer: str | None) -> bool:
    """The same of any text of an approved answer."""
    return answer is not None and any(map(tells_of_order, alternatives(answer)))


def fills(answer: str, slots: Mapping[str, str]) -> bool:
    """Whether a text that tells of an order can be filled from these."""
    text = chosen(answer, slots)
    return text is not None and tells_of_order(text)


def _opens_empty(text: str, slots: Mapping[str, str]) -> bool:
    """Whether the text begins with a slot that has no value ("{first_name}, we have ...")."""
    first = _SLOT.match(text)
    return first is not None and not slots.get(first["name"], "").strip()
