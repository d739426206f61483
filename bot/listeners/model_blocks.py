"""The model's page as Block Kit: how it stands, its trainings, and its versions. Pure."""

from bot.listeners import ids
from bot.listeners.parts import Block, actions, button, confirmed, modal, option, section, sections
from bot.training import TrainingState

TITLE = "The model"
MOST = 99
"""Versions in the menu, beside the chosen one."""


def page(state: TrainingState, status: str, history: str, last: str = "", picked: str = "") -> Block:
    """Everything that `train` and `model` do.

    Args:
        status, history, last: mrkdwn; `last` is what was done just now.
        picked: the version that is chosen in the menu; empty: one that something can be done about.
    """
    blocks = [*(sections(last) if last else []), *sections(status), actions(_trainings(state), "trainings")]
    blocks += sections(f"*Versions*\n{history}")
    if state.versions:
        blocks.append(actions(_versions(state, _picked(state, picked)), ids.VERSIONS_BLOCK))
    return modal(ids.MODEL_VIEW, TITLE, blocks, close="Close")


def _trainings(state: TrainingState) -> list[Block]:
    made = []
    if state.running:
        end = button("End the training", ids.TRAIN_CANCEL, "cancel")
        words = "Nothing of it goes live, and the labels count for the next one."
        made.append(confirmed(end, "End the training?", words, "End it"))
    else:
        made.append(button("Train now", ids.TRAIN_NOW, "now"))
    if state.rests:
        made.append(button("Let scheduled trainings go on", ids.TRAIN_RESUME, "resume"))
    elif state.scheduled:
        made.append(button("Pause scheduled trainings", ids.TRAIN_PAUSE, "pause"))
    return made


def _picked(state: TrainingState, picked: str) -> str:
    """What is chosen at first: what one would go back to, or the newest that is not live."""
    others = (state.former, *(each for each in state.versions if each != state.live), *state.versions)
    return next(each for each in (picked, *others) if each in state.versions)


def _versions(state: TrainingState, picked: str) -> list[Block]:
    """The menu, and what can be done about the version that is chosen in it."""
    # The chosen one is offered, however many are newer.
    named = [each for n, each in enumerate(state.versions) if n < MOST or each == picked]
    options = [option(f"{each} (live)" if each == state.live else each, each) for each in named]
    chosen = next(each for each in options if each["value"] == picked)
    made: list[Block] = [
        {"type": "static_select", "action_id": ids.VERSION, "options": options, "initial_option": chosen}
    ]
    if picked != state.live:
        made.append(button("Compare with the live one", ids.MODEL_COMPARE, "compare"))
        back = button("Go back to it", ids.MODEL_BACK, "back")
        words = "It answers customers from the next message on. The agents' channel is told."
        made.append(confirmed(back, f"Go back to {picked}?", words, "Go back"))
    if picked in state.pinned:
        made.append(button("Keep it no longer", ids.MODEL_UNPIN, "unpin"))
    else:
        made.append(button("Keep it", ids.MODEL_PIN, "pin"))
    return made


def absent(words: str) -> Block:
    """Where this process has no trainer."""
    return modal(ids.MODEL_VIEW, TITLE, [section(words)], close="Close")
