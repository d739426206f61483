"""The App Home as Block Kit. Pure."""

from collections.abc import Sequence

from bot import text
from bot.listeners import ids
from bot.listeners.parts import Block, actions, button, context, header, section
from model.types import Intent

WHAT = (
    "Ask me anything about your order, delivery, returns or your account: write to me under *Messages*. "
    "I answer from what our team has approved, and call a person when I am not sure."
)


def customer(topics: Sequence[Intent], notice: str) -> Block:
    """What it does, that it is a bot, and the topics people ask about most."""
    blocks = [header("Understudy, the support bot"), section(WHAT)]
    if topics:
        elements = [
            button(intent.title or intent.name, f"{ids.HOME_TOPIC}_{number}", intent.name)
            for number, intent in enumerate(topics[:8])
        ]
        blocks += [section("*Topics*"), actions(elements)]
    blocks += [
        actions([button("Talk to a person", ids.HOME_PERSON, "home", "primary")]),
        context(text.escaped(notice, 600)),
    ]
    return {"type": "home", "blocks": blocks}
