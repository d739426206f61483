"""What a customer said before a turn: in its case, or where it begins the case, in their last one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.kit import Kit
from storage.conversations import Conversation
from storage.tables import ERASED
from storage.turns import Turn, Turns


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
            since = datetime.now(UTC) - context
            lately = turns.before(turn, case.customer, since)
            before = [each for each in lately if each.channel == case.channel]
        return Past(_words(turns, own), _words(turns, before))


def _words(turns: Turns, those: list[Turn]) -> tuple[str, ...]:
    return tuple(words for words in turns.wordings(those[-5:]) if words not in ("", ERASED))
