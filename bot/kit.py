"""What every part of the desk works with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.catalogue import Catalogue
from bot.hours import ALWAYS, Hours
from bot.languages import Languages
from bot.lookup import OwnOrders
from bot.modes import Rules
from bot.people import People
from bot.surface import Surface
from storage.attachments import Attachments
from storage.clicks import Clicks
from storage.conversations import Conversation, Conversations
from storage.database import Database
from storage.tables import ERASED, utcnow
from storage.turns import Turn, Turns


@dataclass(frozen=True, slots=True)
class Heard:
    """What a turn says."""

    own: str
    """The customer's own words, written or spoken."""
    seen: str = ""
    """What matters of the words in its pictures."""

    @property
    def words(self) -> str:
        return _lines([self.own, self.seen])

    def then(self, more: "Heard") -> "Heard":
        """The same and what follows it."""
        return Heard(_lines([self.own, more.own]), _lines([self.seen, more.seen]))


@dataclass(frozen=True, slots=True)
class Kit:
    """One workspace's database, surface, people and intents."""

    db: Database
    team: str
    bot: str
    """The bot's own user id."""
    surface: Surface
    people: People
    catalogue: Catalogue
    languages: Languages = field(default_factory=Languages)
    hours: Hours = ALWAYS
    """When somebody is there to take a case."""
    clock: Callable[[], datetime] = utcnow
    """What time it is, for all that waits."""
    orders: OwnOrders = field(default_factory=OwnOrders)
    """Customers' own orders."""

    def rules(self) -> Rules:
        """How the desk answers, in today's names of intents."""
        return self.people.rules(self.catalogue.names().of)

    def turn(self, turn_id: int) -> Turn | None:
        """A turn of this workspace."""
        with self.db.reading() as session:
            found = Turns(session).get(turn_id)
        return found if found is not None and found.team_id == self.team else None

    def case(self, case_id: int) -> Conversation | None:
        """A conversation of this workspace."""
        with self.db.reading() as session:
            found = Conversations(session).get(case_id)
        return found if found is not None and found.team_id == self.team else None

    @contextmanager
    def doing(self, turn_id: int, user: str, kind: str, value: str = "") -> Iterator[None]:
        """Do what a click has claimed; where that fails the click is taken back, so that another may try."""
        try:
            yield
        except Exception:
            with self.db.writing() as session:
                Clicks(session).take_back(turn_id, user, kind, value)
            raise

    def words(self, turn: Turn) -> str:
        """The turn's text as its customer last worded it, and what was read in its pictures."""
        return self.heard(turn).words

    def erased(self, turn: Turn) -> bool:
        """Whether nothing is left of what a turn said, because its customer has taken it back."""
        with self.db.reading() as session:
            words, came = Turns(session).wording(turn), Attachments(session).of_turn(turn.id)
        return words == ERASED or (not words and any(ERASED in (one.name, one.text) for one in came))

    def heard(self, turn: Turn) -> Heard:
        """The same, apart."""
        with self.db.reading() as session:
            turns = Turns(session)
            written, joined = turns.wording(turn), turns.joined(turn.id)
            came = Attachments(session).of_turns([turn.id, *(each.id for each in joined)])
        read = [one for one in came if one.status == "read" and one.matters != ERASED]
        own = [written, *(one.matters for one in read if one.kind == "voice")]
        return Heard(_lines(own), _lines([one.matters for one in read if one.kind != "voice"]))


def _lines(texts: list[str]) -> str:
    return "\n".join(filter(None, texts))
