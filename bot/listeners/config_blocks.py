"""How the desk answers, as a form. Pure."""

from collections.abc import Sequence

from bot import text
from bot.listeners import ids, modals
from bot.listeners.parts import Block, context, field_input, modal, option, sections, text_input
from bot.modes import Mode, Rule
from model.types import Intent

WORDS = {
    Mode.AUTOMATIC: "Automatic: the bot answers, agents correct",
    Mode.DRAFT: "Draft: an agent sends each answer",
    Mode.SILENT: "Silent: understood and logged, nothing said",
}
AS_DESK = option("As the desk", "default")
ALL = option("Answer every message here, not only mentions", "all")


def form(channel: str, desk: Mode, here: Rule, answer_all: bool, intents: Sequence[Intent], shown: str) -> Block:
    """The owner's form.

    Args:
        channel: where it was opened; empty where no customer can be, so nothing is asked about it.
        shown: what stands now, escaped.
    """
    blocks: list[Block] = [field_input(ids.MODE_BLOCK, "The desk", _radio(desk))]
    if channel:
        everything: Block = {"type": "checkboxes", "action_id": ids.VALUE, "options": [ALL]}
        if answer_all:
            everything["initial_options"] = [ALL]
        blocks += [
            field_input(ids.CHANNEL_MODE_BLOCK, "This channel", _menu(here.mode)),
            field_input(ids.ANSWER_ALL_BLOCK, "Messages here", everything, optional=True),
        ]
    blocks += [*(_intent(intents) if intents else []), *_below(shown)]
    # What it showed: only what was changed in it is said anew, so that a stale form takes nothing back.
    kept = modals.pack(channel=channel, desk=desk.value, here=(here.mode or ""), all=answer_all)
    return modal(ids.CONFIG_VIEW, "How the bot answers", blocks, kept, "Save")


def _intent(intents: Sequence[Intent]) -> list[Block]:
    menu = modals.intent_menu(intents, (), out_of_scope=False)
    return [
        field_input(ids.INTENT_BLOCK, "One intent", menu, optional=True, hint="Leave empty to change no intent."),
        field_input(ids.INTENT_MODE_BLOCK, "That intent's mode", _menu(None), optional=True),
        field_input(
            ids.THRESHOLD_BLOCK,
            "Answered from which confidence",
            text_input(ids.VALUE, multiline=False, placeholder="0.8; empty: as everywhere"),
            optional=True,
        ),
    ]


def _below(shown: str) -> list[Block]:
    words = "Where a channel and an intent both have a mode of their own, the more careful counts."
    return [context(words), *sections(text.shorten(shown, 2800))]


def seen(shown: str) -> Block:
    """The same for agents who may not change it."""
    blocks = [*sections(text.shorten(shown, 2800)), context("The bot's owners can change this.")]
    return modal("message", "How the bot answers", blocks, close="Close")


def _radio(mode: Mode) -> Block:
    options = [option(words, each.value) for each, words in WORDS.items()]
    chosen = options[list(WORDS).index(mode)]
    return {"type": "radio_buttons", "action_id": ids.VALUE, "options": options, "initial_option": chosen}


def _menu(mode: Mode | None) -> Block:
    options = [AS_DESK, *(option(words, each.value) for each, words in WORDS.items())]
    chosen = options[0] if mode is None else options[1 + list(WORDS).index(mode)]
    return {"type": "static_select", "action_id": ids.VALUE, "options": options, "initial_option": chosen}
