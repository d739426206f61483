"""Intents that were made for one correction: they go when it is taken back, where nothing else needs them."""

from bot import text
from bot.kit import Kit
from bot.material import gather
from storage.intent_events import IntentEvents
from storage.intents import Intents
from storage.keyvalues import KeyValues

_KEY = "made_intent:"
"""Key of the intent that was made for a correction; its id follows."""


def keep(kit: Kit, correction_id: int, name: str) -> None:
    """Remember that an intent was made for this correction."""
    with kit.db.writing() as session:
        KeyValues(session, kit.team).set(f"{_KEY}{correction_id}", name)


def put_away(kit: Kit, correction_id: int, by: str) -> str:
    """Archive what was made for a correction that is undone; says so, escaped, or nothing where it stays.

    It stays where other rows are labelled so, where it has an answer, and where anything was done with it since.
    """
    with kit.db.reading() as session:
        name = str(KeyValues(session, kit.team).get(f"{_KEY}{correction_id}") or "")
    if not name or any(row.label == name for row in gather(kit.db, kit.team).examples):
        return ""
    with kit.db.writing() as session:
        events = [event for event in IntentEvents(session, kit.team).all() if name in (event.name, event.into)]
        row = Intents(session, kit.team).get(name)
        if row is None or row.archived or row.answer or not events or events[-1].kind != "add":
            return ""
        Intents(session, kit.team).archive(name)
        IntentEvents(session, kit.team).add("archive", name, by)
    kit.catalogue.forget()
    return f" `{text.escape(name)}`, which was made for it, is archived."
