"""Figures as Block Kit. Pure."""

from collections.abc import Sequence

from bot.listeners import ids
from bot.listeners.parts import Block, button, modal, section, sections

MOST_OFFERS = 5


def stats(lines: Sequence[str], offers: Sequence[tuple[str, str]]) -> list[Block]:
    """Lines of figures, escaped; and (intent, why) of those that the bot may answer by itself."""
    return [*sections("\n".join(lines)), *trust(offers)]


def trust(offers: Sequence[tuple[str, str]]) -> list[Block]:
    """An offer each, with its button."""
    made = []
    for intent, why in offers[:MOST_OFFERS]:
        press = button("Let the bot answer this by itself", ids.TRUST, intent)
        made.append(section(why) | {"accessory": press})
    return made


def view(lines: Sequence[str], offers: Sequence[tuple[str, str]]) -> Block:
    """The same as a modal."""
    return modal("message", "Statistics", stats(lines, offers), close="Close")
