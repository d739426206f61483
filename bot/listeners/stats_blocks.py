"""Figures as Block Kit. Pure."""

from collections.abc import Sequence

from bot.listeners import ids, modals
from bot.listeners.parts import Block, actions, button, context, modal, option, section, sections

MOST_OFFERS = 5
SPANS = {"24h": "The last 24 hours", "7d": "The last 7 days", "30d": "The last 30 days", "90d": "The last 90 days"}
EVERY = option("All intents", "all")
"""In the menu of intents."""


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


def view(
    lines: Sequence[str], offers: Sequence[tuple[str, str]], span: str = "7d", intent: Block = EVERY, last: str = ""
) -> Block:
    """The same as a modal, in which another time and one intent may be chosen.

    Args:
        intent: the option that is chosen in the menu of intents.
        last: what was done just now.
    """
    spans = [option(words, value) for value, words in SPANS.items()]
    chosen = next((each for each in spans if each["value"] == span), spans[1])
    times: Block = {"type": "static_select", "action_id": ids.STATS_SPAN, "options": spans, "initial_option": chosen}
    which: Block = {"type": "external_select", "action_id": ids.STATS_INTENT, "min_query_length": 0}
    pressed = button("Post the picture", ids.STATS_POST, "post")
    blocks = [
        actions([times, which | {"initial_option": intent}, pressed], ids.STATS_BLOCK),
        *([context(last)] if last else []),
        *stats(lines, offers),
    ]
    return modal(ids.STATS_VIEW, "Statistics", blocks, modals.pack(span=span, intent=intent), close="Close")
