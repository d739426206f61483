"""The small pieces of Block Kit that the builders share; each keeps within Slack's sizes. Pure."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from bot import text

Block = dict[str, Any]
BUTTON_LIMIT = 75
VALUE_LIMIT = 2000


def section(mrkdwn: str) -> Block:
    """One section; `mrkdwn` is escaped already."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn or " ", "verbatim": True}}


def sections(mrkdwn: str) -> list[Block]:
    return [section(piece) for piece in text.sections(mrkdwn)] or [section(" ")]


def fitting(rows: Iterable[Block], most: int, characters: int = 11_000) -> list[Block]:
    """The first sections of a list: as many as `most`, and as fit into one view with the rest of it."""
    kept: list[Block] = []
    for row in islice(rows, most):
        characters -= len(row["text"]["text"])
        if characters < 0:
            break
        kept.append(row)
    return kept


def context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn or " ", "verbatim": True}]}


def header(words: str) -> Block:
    return {"type": "header", "text": plain(words, 150)}


def plain(words: str, limit: int = BUTTON_LIMIT) -> Block:
    return {"type": "plain_text", "text": text.shorten(words.strip(), limit) or "…", "emoji": True}


def button(words: str, action_id: str, value: str, style: str = "") -> Block:
    made: Block = {"type": "button", "text": plain(words), "action_id": action_id, "value": value[:VALUE_LIMIT] or "-"}
    return made | {"style": style} if style else made


def confirmed(made: Block, title: str, words: str, yes: str) -> Block:
    """The same element behind a dialog; `words` are plain."""
    dialog = {"title": plain(title, 100), "text": plain(words, 300), "confirm": plain(yes, 30)}
    return made | {"confirm": {**dialog, "deny": plain("Cancel", 30), "style": "danger"}}


def picture(file_id: str, alt: str) -> Block:
    """A file of the platform's that the bot may see; `alt` says what it shows."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": text.shorten(alt.strip(), 1900) or "A picture"}


def actions(elements: Sequence[Block], block_id: str = "") -> Block:
    made: Block = {"type": "actions", "elements": list(elements)}
    return made | {"block_id": block_id} if block_id else made


def option(words: str, value: str, description: str = "") -> Block:
    made: Block = {"text": plain(words), "value": value[: text.OPTION_LIMIT] or "-"}
    return made | {"description": plain(description)} if description.strip() else made


def field_input(block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """An input block; its element's action id tells the listener nothing, its block id does."""
    made: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 200),
        "element": element,
        "optional": optional,
    }
    return made | {"hint": plain(hint, 200)} if hint else made


def text_input(action_id: str, initial: str = "", *, multiline: bool = True, placeholder: str = "") -> Block:
    made: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": 3000,
    }
    if initial:
        made["initial_value"] = text.shorten(initial, 3000)
    return made | {"placeholder": plain(placeholder, 150)} if placeholder else made


def modal(
    callback_id: str, title: str, blocks: Sequence[Block], data: str = "", submit: str = "", close: str = ""
) -> Block:
    made: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain(close or "Cancel", 24),
        "blocks": list(blocks),
        "private_metadata": data,
    }
    return made | {"submit": plain(submit, 24)} if submit else made
