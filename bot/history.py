"""What went before a case: the same customer's last one, for agents, and for a customer who comes back to a matter."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import wording
from bot.kit import Kit
from bot.text import ago
from model.types import OOS, Intent
from storage.clicks import Clicks
from storage.conversations import Conversation, Conversations
from storage.corrections import Corrections
from storage.keyvalues import KeyValues
from storage.session import Session
from storage.turns import Turn, Turns

LOOKED_AT = 6
"""So many of a customer's newest cases are looked at for one that came before."""
STILL_FRESH = timedelta(days=1)
"""So long after it was closed a customer is told that it was."""
JUST_NOW = timedelta(minutes=30)
"""Within it a customer goes on with what they asked, and needs no word of it."""
STILL_OPEN = timedelta(days=7)
"""A case that the bot has never closes by itself: so long it counts as open."""
_REWORDED = "reworded:"
"""Key of what an edited turn is about; its id follows."""
STATES = {"bot": "not closed", "waiting": "waits for a person", "human": "with a person", "closed": "resolved"}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A customer's last case."""

    intent: str
    """What it was about last, in today's names."""
    title: str
    state: str
    at: datetime
    """When something happened there last."""
    resolved_at: datetime | None

    def line(self, now: datetime) -> str:
        """As agents read it."""
        return f"{self.title} · {STATES[self.state]} · {ago(self.at, now)}"


def earlier(kit: Kit, case: Conversation) -> Earlier | None:
    """The customer's last case before this one that was about something; tests of agents among themselves."""
    with kit.db.reading() as session:
        theirs = Conversations(session).of_customer(kit.team, case.customer, case.customer_team or kit.team, LOOKED_AT)
        before = [each for each in theirs if each.id < case.id and each.is_test == case.is_test]
        asked = Turns(session).of_conversations([each.id for each in before])
        for each in before:
            if name := _topic(kit, session, [turn for turn in asked if turn.conversation_id == each.id]):
                return Earlier(name, kit.catalogue.title(name), each.state, each.updated_at, each.resolved_at)
    return None


def reworded(kit: Kit, turn_id: int, label: str) -> None:
    """Keep what an edited message is about by now: its prediction in the log is that of its first words."""
    with kit.db.writing() as session:
        KeyValues(session, kit.team).set(f"{_REWORDED}{turn_id}", label)


def reworded_label(session: Session, turn: Turn) -> str | None:
    """That; None of a message that was never edited."""
    kept = KeyValues(session, turn.team_id).get(f"{_REWORDED}{turn.id}")
    return str(kept) if kept is not None else None


def later(kit: Kit, case: Conversation) -> list[int]:
    """The customer's open cases after this one that have a card: it tells of this one."""
    with kit.db.reading() as session:
        theirs = Conversations(session).of_customer(kit.team, case.customer, case.customer_team or kit.team, LOOKED_AT)
    return [each.id for each in theirs if each.id > case.id and each.card_ts and each.state != "closed"]


def _meant(session: Session, turn: Turn) -> str:
    """What a turn was about: an agent's word before the customer's click, and both before the model's guess."""
    if standing := Corrections(session).latest(turn.id):
        return standing.after
    if clicked := Clicks(session).meant(turn.id):
        return clicked
    anew = reworded_label(session, turn)
    return anew if anew is not None else "" if turn.out_of_scope else turn.intent or ""


def _topic(kit: Kit, session: Session, turns: list[Turn]) -> str:
    """The last thing that was asked; empty where that was small talk, or nothing was understood."""
    names, aside = kit.catalogue.names(), kit.catalogue.small_talk()
    # The newest first and one at a time: each asks the database, and mostly the first decides.
    asked = (names.served(name) for turn in reversed(turns) if (name := _meant(session, turn)) and name != OOS)
    return next((name for name in asked if name not in aside and kit.catalogue.has(name)), "")


def again(kit: Kit, case: Conversation, intent: Intent) -> str:
    """One clause for a customer who begins a case about what the last one was about; empty for all others.

    In direct messages alone: elsewhere others would read what somebody had asked.
    """
    found = earlier(kit, case) if case.channel.startswith("D") else None
    if found is None or found.intent != intent.name:
        return ""
    now = kit.clock()
    if found.state in ("waiting", "human"):
        return wording.ASKED_WAITING
    if found.state == "bot":
        return wording.ASKED_BEFORE if JUST_NOW <= now - found.at < STILL_OPEN else ""
    fresh = found.resolved_at is not None and now - found.resolved_at < STILL_FRESH
    return wording.ASKED_CLOSED if fresh else ""
