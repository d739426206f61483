"""What a person filled in or clicked, in the words of Slack's `actions` and `state.values`."""

from collections.abc import Callable, Iterator
from typing import Any

from .blocks import elements, options_of
from .errors import Refused
from .state import Json

OPTION = ("static_select", "external_select", "radio_buttons", "overflow")
OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")
PLAIN = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
Served = Callable[[str], Json | None]
"""An option by its value, among those the bot served for external selects."""


def chosen(element: Json, value: Any, served: Served) -> Json:
    """type and value of one element as Slack reports them. Raises Refused for an option that is not there."""
    kind = element["type"]
    if kind in OPTION:
        return {"type": kind, "selected_option": _option(element, value, served) if value else None}
    if kind in OPTIONS:
        picked = value if isinstance(value, list) else [value] if value else []
        return {"type": kind, "selected_options": [_option(element, one, served) for one in picked]}
    if kind in PLAIN:
        return {"type": kind, PLAIN[kind]: value or ([] if kind.startswith("multi_") else None)}
    return {"type": kind, "value": str(value) if value not in (None, "") else None}


def _option(element: Json, value: Any, served: Served) -> Json:
    wanted = value.get("value") if isinstance(value, dict) else str(value)
    # What a menu shows from the beginning is sent back as it is, though no search has served it.
    for option in (*options_of(element), *_initial_options(element)):
        if option.get("value") == wanted:
            return option
    if "external" in element["type"]:
        found = served(str(wanted)) or (value if isinstance(value, dict) else None)
        if found:
            return found
    raise Refused("no_such_option", f"{wanted!r} is not among the options")


def _initial_options(element: Json) -> list[Json]:
    first = element.get("initial_option")
    return [first] if first else list(element.get("initial_options") or [])


def initial(element: Json) -> Any:
    """What the element shows before anybody touches it, as a value for `chosen`."""
    for key, value in element.items():
        if key.startswith("initial_"):
            return value
    return None


def form_state(view: Json, values: Json, served: Served) -> Json:
    """state.values of a view. An element nobody touched has its initial value."""
    state: Json = {}
    for block in view["blocks"]:
        for element in elements(block):
            if element["type"] in ("button", "overflow", "feedback_buttons", "icon_button", "workflow_button"):
                continue
            given = values.get(block["block_id"], {})
            touched = element["action_id"] in given
            value = given[element["action_id"]] if touched else initial(element)
            state.setdefault(block["block_id"], {})[element["action_id"]] = chosen(element, value, served)
    return {"values": state}


def missing(view: Json, state: Json) -> Json:
    """Required inputs left empty: block_id -> what the page says."""
    wrong = {}
    for block in view["blocks"]:
        if block.get("type") == "input" and not block.get("optional"):
            given = state["values"].get(block["block_id"], {})
            if not all(_filled(value) for value in given.values()):
                wrong[block["block_id"]] = "Please complete this required field."
    wrong.update(_lengths(view, state))
    return wrong


def _filled(value: Json) -> bool:
    return any(part not in (None, "", []) for key, part in value.items() if key != "type")


def _lengths(view: Json, state: Json) -> Iterator[tuple[str, str]]:
    for block in view["blocks"]:
        for element in elements(block):
            text = state["values"].get(block["block_id"], {}).get(element["action_id"], {}).get("value")
            if not isinstance(text, str) or element["type"] != "plain_text_input":
                continue
            if len(text) > element.get("max_length", 3000):
                yield block["block_id"], f"Please use {element.get('max_length', 3000)} characters or fewer."
            elif len(text) < element.get("min_length", 0):
                yield block["block_id"], f"Please use {element['min_length']} characters or more."


def action(block: Json, element: Json, value: Any, ts: str, served: Served) -> Json:
    """One entry of a block_actions payload's `actions`."""
    kind = element["type"]
    done: Json = {"action_id": element["action_id"], "block_id": block["block_id"], "type": kind, "action_ts": ts}
    if kind == "button":
        done["text"] = element["text"]
        done |= {key: element[key] for key in ("value", "style", "url") if element.get(key)}
    elif kind == "feedback_buttons":
        done |= _feedback(element, value)
    elif kind == "icon_button":
        done |= {key: element[key] for key in ("icon", "value") if element.get(key)}
    else:
        done |= chosen(element, value, served)
    return done


def _feedback(element: Json, value: Any) -> Json:
    for name in ("positive_button", "negative_button"):
        button = element.get(name) or {}
        if value in (button.get("value"), name):
            return {"text": button.get("text"), "value": button.get("value")}
    raise Refused("no_such_option", f"{value!r} is neither of the two feedback buttons")
