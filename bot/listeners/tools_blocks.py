"""The menu of the rarer tools as Block Kit. Pure."""

from bot.listeners import ids
from bot.listeners.parts import Block, option

INTENTS, PRIVACY, SETUP, COMMANDS = "intents", "privacy", "setup", "commands"
TOOLS = {INTENTS: "Intents", PRIVACY: "A customer's data", SETUP: "Set-up", COMMANDS: "All commands"}
OWNERS = frozenset({PRIVACY, SETUP})
"""Shown to owners alone."""


def more(owner: bool) -> Block:
    """Five entries at most, says Slack, and two at least."""
    options = [option(words, name) for name, words in TOOLS.items() if owner or name not in OWNERS]
    return {"type": "overflow", "action_id": ids.HOME_MORE, "options": options}
