"""The relabel modal as Block Kit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import text
from bot.listeners import ids, modals
from bot.listeners.cards import judged
from bot.listeners.parts import Block, field_input, modal, option, section, text_input
from bot.values import Case
from model.types import OOS, Intent

NEW = "+new"
"""Stands in the menu for an intent that is not there yet; no intent can be called so at the beginning of a name."""
NEW_INTENT = option("New intent…", NEW)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields already."""

    intent: str = ""
    answer: str = ""
    note: str = ""


def relabel(
    case: Case, intents: Sequence[Intent], kept: Mapping[str, Any], *, new: bool = False, typed: Typed | None = None
) -> Block:
    """What should have been understood, and answered.

    Args:
        kept: travels with the modal: turn, seen, channel, source, and ids of near-identical turns under `also`.
        new: whether there are fields for a new intent.
    """
    typed = typed or Typed()
    blocks = [section(text.quoted(case.text)), *judged(case.judged), _intent(case, intents, new, typed)]
    if new:
        blocks += _new_intent()
    better = text_input(ids.VALUE, typed.answer, placeholder="Leave empty if only the label was wrong")
    blocks.append(field_input(ids.ANSWER_BLOCK, "A better answer", better, optional=True))
    if kept.get("also"):
        blocks.append(_also(len(kept["also"])))
    note = text_input(ids.VALUE, typed.note, multiline=False)
    blocks.append(field_input(ids.NOTE_BLOCK, "Note for colleagues", note, optional=True))
    return modal(ids.RELABEL_VIEW, "Correct this answer", blocks, modals.pack(**kept), "Correct")


def _intent(case: Case, intents: Sequence[Intent], new: bool, typed: Typed) -> Block:
    first = [guess.name for guess in case.guesses][:5]
    initial = OOS if case.out_of_scope else (first[0] if first else "")
    menu = modals.intent_menu(intents, first, NEW if new else typed.intent or initial, further=(NEW_INTENT,))
    made = field_input(ids.INTENT_BLOCK, "What did the customer want?", menu)
    return made | {"dispatch_action": True}


def _new_intent() -> list[Block]:
    name = text_input(ids.VALUE, multiline=False, placeholder="gift_card_balance") | {"max_length": 200}
    title = text_input(ids.VALUE, multiline=False, placeholder="How much is left on my gift card?")
    hint = "Letters, digits and _ . + / -. It is there at once; from ten messages the next training learns it."
    return [
        field_input(ids.NAME_BLOCK, "Name of the new intent", name, hint=hint),
        field_input(ids.TITLE_BLOCK, "Its title, in a customer's words", title, optional=True),
    ]


def _also(number: int) -> Block:
    turns = "turn" if number == 1 else "turns"
    boxes: Block = {
        "type": "checkboxes",
        "action_id": ids.VALUE,
        "options": [option(f"The label holds for {number} near-identical {turns} too", "also")],
    }
    hint = "Turns that nobody has labelled yet, a correction each; one Undo takes all back."
    return field_input(ids.ALSO_BLOCK, "Apply to all", boxes, optional=True, hint=hint)
