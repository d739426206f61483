"""Where each command is at hand without being typed: in a thread commands do not work at all, and few know them.

`python -m bot.listeners.reach` prints the table of docs/operating.md; tests hold both to the commands and the buttons.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot import manifest
from bot.listeners import ids
from bot.listeners.tools_blocks import COMMANDS, INTENTS, PRIVACY, SETUP, TOOLS

HOME, CARD, MENU, CUSTOMER = "agents' Home", "card", "message's menu", "customers' Home"
REVIEW, GAPS, MODEL, FIGURES = (
    f"{HOME}, *{name}*" for name in ("Review", "Knowledge gaps", "Versions and schedule", "Statistics")
)


@dataclass(frozen=True, slots=True)
class Place:
    """A button, an entry of a menu, or a message shortcut."""

    surface: str
    label: str
    """How it begins: a number or a version may follow."""
    id: str
    value: str = ""
    """Of a menu's entry, how it begins."""


def _tool(name: str) -> Place:
    return Place(HOME, TOOLS[name], ids.HOME_MORE, name)


def _shortcut(callback_id: str) -> Place:
    return next(Place(MENU, name, id) for name, id, _ in manifest.SHORTCUTS if id == callback_id)


_PAGE = Place(HOME, "Versions and schedule", ids.HOME_MODEL)
REACH: Mapping[str, tuple[Place, ...]] = {
    "help": (_tool(COMMANDS),),
    "setup": (_tool(SETUP),),
    "status": (Place(HOME, "Statistics", ids.HOME_STATS),),
    "stats": (
        Place(HOME, "Statistics", ids.HOME_STATS),
        Place(FIGURES, "The last 30 days", ids.STATS_SPAN, "30d"),
        Place(FIGURES, "All intents", ids.STATS_INTENT, "all"),
    ),
    "review": (
        Place(HOME, "Review", ids.HOME_REVIEW),
        Place(REVIEW, "Narrow…", ids.REVIEW_NARROW),
    ),
    "config": (Place(HOME, "Modes", ids.HOME_CONFIG),),
    "explain": (Place(CARD, "Explain", ids.EXPLAIN), _shortcut(manifest.EXPLAIN_SHORTCUT)),
    "handoff": (
        Place(CARD, "Hand over", ids.GIVE),
        Place(CARD, "Release to bot", ids.MORE, "release"),
        _shortcut(manifest.HANDOFF_SHORTCUT),
    ),
    "intents": (_tool(INTENTS), Place(CARD, "New intent…", ids.MORE, "new")),
    "kb gaps": (
        Place(HOME, "Knowledge gaps", ids.HOME_GAPS),
        Place(GAPS, "The last 30 days", ids.GAP_SPAN, "30d"),
    ),
    "kb": (Place(HOME, "Articles", ids.HOME_ARTICLES), _shortcut(manifest.ARTICLE_SHORTCUT)),
    "search": (Place(HOME, "Search", ids.HOME_SEARCH),),
    "privacy": (_tool(PRIVACY),),
    "train now": (Place(HOME, "Train now", ids.HOME_TRAIN), Place(MODEL, "Train now", ids.TRAIN_NOW)),
    "train cancel": (Place(MODEL, "End the training", ids.TRAIN_CANCEL),),
    "train pause": (Place(MODEL, "Pause scheduled trainings", ids.TRAIN_PAUSE),),
    "train resume": (Place(MODEL, "Let scheduled trainings go on", ids.TRAIN_RESUME),),
    "model status": (_PAGE,),
    "model history": (_PAGE,),
    "model compare": (Place(MODEL, "Compare with the live one", ids.MODEL_COMPARE),),
    "model pin": (Place(MODEL, "Keep it", ids.MODEL_PIN),),
    "model unpin": (Place(MODEL, "Keep it no longer", ids.MODEL_UNPIN),),
    "model rollback": (
        Place(HOME, "Go back to", ids.HOME_ROLLBACK),
        Place(MODEL, "Go back to it", ids.MODEL_BACK),
    ),
    "/relabel": (
        Place(CARD, "Correct label", ids.CORRECT),
        _shortcut(manifest.RELABEL_SHORTCUT),
        Place(HOME, "Review", ids.HOME_REVIEW),
    ),
    "/ask": (Place(CUSTOMER, "", f"{ids.HOME_TOPIC}_0"),),
}
"""Every subcommand of the agents' command, and the other two commands."""
_OVERFLOWS = (ids.HOME_MORE, ids.MORE)


def markdown() -> str:
    """The table of docs/operating.md."""
    rows = ["| command | at a click |", "|---|---|"]
    for name, places in REACH.items():
        command = name if name.startswith("/") else f"/support {name}"
        rows.append(f"| `{command}` | {'; '.join(map(_told, places))} |")
    return "\n".join(rows) + "\n"


def _told(place: Place) -> str:
    named = f"*{place.label}*" if place.label else "a topic, or a message to the bot"
    return f"{place.surface}: {'⋯ ' if place.id in _OVERFLOWS else ''}{named}"


if __name__ == "__main__":
    print(markdown(), end="")
