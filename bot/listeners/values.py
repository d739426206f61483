"""What was filled into a modal's inputs, and typed into its menus. Pure."""

from collections.abc import Mapping
from typing import Any

from rapidfuzz import process

from bot.listeners import ids
from bot.text import visible

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


def chosen(values: Values, block: str) -> str:
    """The one value of an input block, whatever its element is: what was typed, without the blanks around it."""
    for element in values.get(block, {}).values():
        option = element.get("selected_option") or {}
        picked = element.get("selected_conversation") or element.get("selected_user")
        typed = str(element.get("value") or "").strip()
        return str((typed if visible(typed) else "") or option.get("value") or picked or "")
    return ""


def picked(values: Values, block: str) -> list[str]:
    """The values of an input block in which several may be chosen, in the order in which they were."""
    elements = values.get(block, {}).values()
    return [str(option["value"]) for element in elements for option in element.get("selected_options") or []]


def nearest(words: Mapping[str, str], query: str, most: int) -> list[str]:
    """The keys whose words are most like what was typed into a menu; the first ones while nothing is."""
    return [key for *_, key in process.extract(query, words, limit=most)] if query else list(words)[:most]


def ticked(values: Values, block: str) -> bool:
    """Whether anything is ticked in a block of checkboxes."""
    return bool((values.get(block, {}).get(ids.VALUE) or {}).get("selected_options"))
