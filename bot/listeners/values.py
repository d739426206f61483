"""What was filled into a modal's inputs. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.listeners import ids

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


def chosen(values: Values, block: str) -> str:
    """The one value of an input block, whatever its element is."""
    for element in values.get(block, {}).values():
        option = element.get("selected_option") or {}
        picked = element.get("selected_conversation") or element.get("selected_user")
        return str(element.get("value") or option.get("value") or picked or "")
    return ""


def ticked(values: Values, block: str) -> bool:
    """Whether anything is ticked in a block of checkboxes."""
    return bool((values.get(block, {}).get(ids.VALUE) or {}).get("selected_options"))
