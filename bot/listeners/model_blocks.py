"""The model's page as Block Kit: how it stands, its trainings, and its versions. Pure."""

from bot.listeners import ids
from bot.listeners.parts import Block, actions, button, confirmed, modal, option, section, sections
from bot.training import TrainingState

TITLE = "The model"


def page(state: TrainingState, status: str, history: str, last: str = "", picked: str = "") -> Block:
    """Everything that `train` and `model` do.

    Args:
        status, history, last: mrkdwn; `last` is what was done just now.
        picked: the version that is chosen in the menu.
    """
    blocks = [*(sections(last) if last else []), *sections(status), actions(_trainings(state), "trainings")]
    blocks += sections(f"*Versions*\n{history}")
    if state.versions:
        blocks.append(actions(_versions(state, picked), ids.VERSIONS_BLOCK))
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


def _versions(state: TrainingState, picked: str) -> list[Block]:
    options = [option(version, version) for version in state.versions[:100]]
    chosen = next((each for each in options if each["value"] == picked), options[0])
    menu: Block = {"type": "static_select", "action_id": ids.VERSION, "options": options, "initial_option": chosen}
    back = button("Go back to it", ids.MODEL_BACK, "back")
    words = "It answers customers from the next message on. The agents' channel is told."
    return [
        menu,
        button("Compare with the live one", ids.MODEL_COMPARE, "compare"),
        confirmed(back, "Go back to this version?", words, "Go back"),
        button("Keep it", ids.MODEL_PIN, "pin"),
        button("Keep it no longer", ids.MODEL_UNPIN, "unpin"),
    ]


def absent(words: str) -> Block:
    """Where this process has no trainer."""
    return modal(ids.MODEL_VIEW, TITLE, [section(words)], close="Close")
