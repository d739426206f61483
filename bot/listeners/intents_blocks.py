"""The intents as Block Kit: the list, and the forms that change it. Pure."""

from collections.abc import Callable, Sequence

from bot import text
from bot.intents import Listed, line
from bot.listeners import ids, modals
from bot.listeners.parts import (
    Block,
    actions,
    button,
    context,
    field_input,
    fitting,
    modal,
    option,
    section,
    text_input,
)

TITLE = "Intents"
MOST = 40
"""Intents that are listed; the others are found by the menu."""
DEEDS = {"rename": "Rename", "merge": "Merge into another", "archive": "Archive"}
LONGEST = 140
"""Characters of a name that a menu's option carries; a longer one is changed by the command."""
EVERY = "*"
"""In the menu that looks for one; no intent is called so."""
NAMED = "Letters, digits and _ . + / -."


def page(listed: Sequence[Listed], last: str = "", only: str = "", called: Callable[[str], str] = str) -> Block:
    """Every intent with its rows, former names and last change, and what may be done about it.

    Args:
        last: what was done just now, escaped.
        only: the one that was looked for.
        called: gives somebody's name.
    """
    blocks = [section(last)] if last else []
    find: Block = {"type": "external_select", "action_id": ids.INTENT_FIND, "min_query_length": 0}
    find["placeholder"] = {"type": "plain_text", "text": "Find an intent…"}
    blocks.append(actions([button("New intent", ids.INTENT_ADD, "add"), find], ids.INTENTS_LIST))
    shown = [each for each in listed if only in ("", each.name)]
    rows = fitting((_row(each, called) for each in shown), MOST)
    blocks += rows
    if not listed:
        blocks.append(section("There are no intents yet."))
    elif not shown:
        blocks.append(section(f"There is no intent {text.escaped(only, 200)} any more."))
    if len(shown) > len(rows):
        blocks.append(context(f"... and {len(shown) - len(rows)} more: find them above."))
    return modal(ids.INTENTS_VIEW, TITLE, blocks, close="Close")


def _row(each: Listed, called: Callable[[str], str]) -> Block:
    deeds = {"restore": "Restore"} if each.archived else DEEDS
    options = [option(words, f"{deed} {each.name}") for deed, words in deeds.items()]
    shown = section(text.escaped(line(each, called), 1000))
    if len(each.name) > LONGEST:
        return shown
    return shown | {"accessory": {"type": "overflow", "action_id": ids.INTENT_MORE, "options": options}}


def add(over: str) -> Block:
    """The form of a new intent. `over`: the view that it is put upon, drawn again afterwards."""
    title = text_input(ids.VALUE, multiline=False, placeholder="Do you engrave mugs?")
    blocks = [
        _name("", f"{NAMED} Correct messages to it: from ten the next training learns it."),
        field_input(ids.TITLE_BLOCK, "Its title, in a customer's words", title, optional=True),
    ]
    return modal(ids.INTENT_VIEW, "New intent", blocks, modals.pack(do="add", over=over), "Add")


def rename(name: str, over: str) -> Block:
    blocks = [_name(name, f"{NAMED} All that was labelled so follows, and the live model too.")]
    return modal(ids.INTENT_VIEW, "Rename", blocks, modals.pack(do="rename", of=name, over=over), "Rename")


def merge(name: str, over: str) -> Block:
    menu: Block = {"type": "external_select", "action_id": ids.SEARCH, "min_query_length": 0}
    menu["placeholder"] = {"type": "plain_text", "text": "Into which one?"}
    blocks = [
        section(f"The rows and corrections of *{text.escaped(name, 200)}* count as the other's, with its answer."),
        field_input(ids.INTENT_BLOCK, "Into", menu),
    ]
    return modal(ids.INTENT_VIEW, "Merge", blocks, modals.pack(do="merge", of=name, over=over), "Merge")


def _name(initial: str, hint: str) -> Block:
    element = text_input(ids.VALUE, initial, multiline=False, placeholder="mug_engraving") | {"max_length": 200}
    return field_input(ids.NAME_BLOCK, "Name", element, hint=hint)
