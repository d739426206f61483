"""What a customer said before a turn: in its case, or where it begins the case, in their last one; and what the bot
had asked them last, whether they answer in its thread or, as many people do, beside it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.kit import Kit
from storage.conversations import Conversation
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turn, Turns

ANSWERED_WITHIN = timedelta(minutes=30)
"""So long a message may be the answer to what the bot asked last."""


def lately(session: Session, turn: Turn, since: datetime) -> list[Turn]:
    """The same customer's turns before this one in its channel, oldest first."""
    return [each for each in Turns(session).before(turn, turn.user, since) if each.channel == turn.channel]


def asked_last(session: Session, turn: Turn) -> Turn | None:
    """The turn to whose reply this one may be the answer: the customer's last in its channel, not long ago."""
    before = lately(session, turn, turn.created_at - ANSWERED_WITHIN)
    return before[-1] if before else None


@dataclass(frozen=True, slots=True)
class Past:
    """What a customer said before a turn, oldest first; read once for each turn that is answered."""

    own: tuple[str, ...]
    """In its case."""
    before: tuple[str, ...]
    """Where the turn begins its case: in the last one, a while ago at the most."""

    @property
    def words(self) -> tuple[str, ...]:
        return self.own or self.before


def past_of(kit: Kit, case: Conversation, turn: Turn, context: timedelta) -> Past:
    """The past of a turn.

    Args:
        context: how long a customer's last case is read as context of a new one; 0: not at all.
    """
    with kit.db.reading() as session:
        turns = Turns(session)
        own = turns.earlier(turn)
        before: list[Turn] = []
        if not own and context:
            before = lately(session, turn, datetime.now(UTC) - context)
        return Past(_words(turns, own), _words(turns, before))


def _words(turns: Turns, those: list[Turn]) -> tuple[str, ...]:
    return tuple(words for words in turns.wordings(those[-5:]) if words not in ("", ERASED))
