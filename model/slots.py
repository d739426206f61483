"""Fills the slots of an approved answer: `{first_name}`, `{order_number}`."""

import re
from collections.abc import Mapping

_SLOT = re.compile(r"(?P<before>[ \t]*)\{(?P<name>[a-z_][a-z0-9_]*)\}")
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


def _opens_empty(text: str, slots: Mapping[str, str]) -> bool:
    """Whether the text begins with a slot that has no value ("{first_name}, we have ...")."""
    first = _SLOT.match(text)
    return first is not None and not slots.get(first["name"], "").strip()
