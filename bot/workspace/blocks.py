"""Block Kit on its way in: checked as Slack checks it, its ids filled in."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from .errors import SlackError
from .ids import short
from .state import Json

MOST_IN_MESSAGE, MOST_IN_VIEW = 50, 100
TEXT_IN_ALL = 13_200
BUTTON_TEXT, ACTION_ID, BUTTON_VALUE, OPTION_VALUE, OPTION_TEXT = 75, 255, 2000, 150, 75
# fmt: off
INTERACTIVE = (
    "button", "checkboxes", "datepicker", "datetimepicker", "email_text_input", "feedback_buttons",
    "file_input", "icon_button", "number_input", "overflow", "plain_text_input", "radio_buttons",
    "rich_text_input", "static_select", "external_select", "users_select", "conversations_select",
    "channels_select", "multi_static_select", "multi_external_select", "multi_users_select",
    "multi_conversations_select", "multi_channels_select", "timepicker", "url_text_input", "workflow_button",
)
# fmt: on


def elements(block: Json) -> Iterator[Json]:
    """The interactive elements of one block, wherever they stand."""
    found = list(block.get("elements") or [])
    found += [block.get("accessory"), block.get("element")]
    for one in found:
        if isinstance(one, dict) and one.get("type") in INTERACTIVE:
            yield one


def find(blocks: list[Json], action_id: str, block_id: str = "") -> tuple[Json, Json] | None:
    """The block and the element of an action id."""
    for block in blocks:
        if block_id and block.get("block_id") != block_id:
            continue
        for element in elements(block):
            if element.get("action_id") == action_id:
                return block, element
    return None


def check(blocks: Any, most: int = MOST_IN_MESSAGE) -> list[Json]:
    """Blocks as the app sent them, or SlackError `invalid_blocks_format`, `invalid_blocks`, `msg_blocks_too_long`."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    if len(blocks) > most:
        raise invalid([f"no more than {most} items allowed [json-pointer:/blocks]"])
    wrong = [f"{why} [json-pointer:/blocks/{at}]" for at, block in enumerate(blocks) for why in _faults(block)]
    names = [block["block_id"] for block in blocks if block.get("block_id")]
    wrong += [f"block_id {name} is not unique" for name in sorted({n for n in names if names.count(n) > 1})]
    if wrong:
        raise invalid(wrong)
    if most == MOST_IN_MESSAGE and sum(_letters(block) for block in blocks) > TEXT_IN_ALL:
        raise SlackError("msg_blocks_too_long")
    return blocks


def invalid(why: list[str]) -> SlackError:
    return SlackError.explained("invalid_blocks", *why, errors=why)


def _faults(block: Json) -> Iterator[str]:
    try:
        parsed = Block.parse(dict(block))
        if parsed is None:
            yield f"unsupported type: {block.get('type')}"
            return
        parsed.to_dict()
    except SlackObjectFormationError as error:
        yield str(error)
    except Exception as error:  # the parser raises TypeError, KeyError and more on a shape it does not know
        yield f"failed to match the shape of {block.get('type')}: {error}"
    ids = []
    for element in elements(block):
        ids.append(element.get("action_id"))
        yield from _element_faults(element)
    named = [name for name in ids if name]
    if len(named) != len(set(named)):
        yield "action_id is not unique within its block"


def _element_faults(element: Json) -> Iterator[str]:
    if len(str(element.get("action_id") or "")) > ACTION_ID:
        yield f"must be less than {ACTION_ID + 1} characters: action_id"
    if element["type"] == "button":
        text = (element.get("text") or {}).get("text", "")
        if not 0 < len(text) <= BUTTON_TEXT:
            yield f"a button's text must be between 1 and {BUTTON_TEXT} characters, found {len(text)}"
        if len(str(element.get("value") or "")) > BUTTON_VALUE:
            yield f"a button's value must be less than {BUTTON_VALUE + 1} characters"
    for option in options_of(element):
        if len(str(option.get("value", ""))) > OPTION_VALUE:
            yield f"an option's value must be less than {OPTION_VALUE + 1} characters"
        if not 0 < len((option.get("text") or {}).get("text", "")) <= OPTION_TEXT:
            yield f"an option's text must be between 1 and {OPTION_TEXT} characters"


def options_of(element: Json) -> list[Json]:
    """Every option that stands in the element itself, groups included."""
    found = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        found += group.get("options") or []
    return found


def _letters(value: Any) -> int:
    """Characters that people read in a block."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_letters(part) for part in value.values() if not isinstance(part, str))
    if isinstance(value, list):
        return sum(_letters(part) for part in value)
    return 0


def complete(blocks: list[Json]) -> list[Json]:
    """A copy with every block_id, action_id and text flag filled in, as Slack gives them back."""
    return [_complete(block) for block in blocks]


def _complete(block: Json) -> Json:
    done: Json = _flags(block)
    if not done.get("block_id"):
        done["block_id"] = short()
    for element in elements(done):
        if not element.get("action_id"):
            element["action_id"] = short()
    return done


def _flags(value: Any) -> Any:
    if isinstance(value, list):
        return [_flags(part) for part in value]
    if not isinstance(value, dict):
        return value
    done = {key: _flags(part) for key, part in value.items()}
    if done.get("type") == "plain_text":
        done.setdefault("emoji", True)
    elif done.get("type") == "mrkdwn":
        done.setdefault("verbatim", False)
    return done


def check_view(view: Any, kind: str) -> Json:
    """A view as the app sent it, or `invalid_arguments` with what is wrong."""
    if not isinstance(view, dict):
        raise SlackError.explained("invalid_arguments", "must provide an object [json-pointer:/view]")
    if view.get("type") != kind:
        raise SlackError.explained("invalid_arguments", f"must be {kind} [json-pointer:/view/type]")
    wrong = list(_view_faults(view, kind))
    if wrong:
        raise SlackError.explained("invalid_arguments", *wrong)
    try:
        check(view["blocks"], MOST_IN_VIEW)
    except SlackError as error:
        messages = error.extra.get("response_metadata", {}).get("messages", [error.code])
        raise SlackError("invalid_arguments", response_metadata={"messages": messages}) from error
    return view


def _view_faults(view: Json, kind: str) -> Iterator[str]:
    try:
        View(**(view | {"blocks": [{"type": "divider"}]})).validate_json()
    except (SlackObjectFormationError, TypeError, AttributeError) as error:
        yield str(error)
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        yield "missing required field: blocks [json-pointer:/view/blocks]"
        return
    if kind == "modal" and not view.get("title"):
        yield "missing required field: title [json-pointer:/view/title]"
    inputs = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if kind == "modal" and inputs and not view.get("submit"):
        yield "a view with input blocks needs submit [json-pointer:/view]"
    if len(str(view.get("external_id") or "")) > 255:
        yield "must be less than 256 characters [json-pointer:/view/external_id]"
