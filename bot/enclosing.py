"""What came with a case's messages, as its card shows it."""

from collections.abc import Sequence

from bot.values import Enclosed
from storage.attachments import Attachment, Attachments
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turn, Turns


def enclosed(session: Session, turn: Turn, others: Sequence[Turn]) -> tuple[Enclosed, ...]:
    """What came with a turn and, after that, with the case's other turns, the newest first: what was read in a picture
    is known of the case, also where its customer writes on."""
    turns, case = Turns(session), turn.conversation_id
    # With those that have joined one of them: a picture often follows the words about it.
    of = {each.id: each.joined_to or each.id for each in (*others, *turns.pieces(case), turn)}
    came = [each for each in Attachments(session).of_turns(list(of)) if ERASED not in (each.name, each.text)]
    own = [each for each in came if of[each.turn_id] == turn.id]
    beside = sorted((each for each in came if of[each.turn_id] != turn.id), key=lambda each: -each.id)
    return (*(_shown(each) for each in own), *(_shown(each, other=True) for each in beside))


def _shown(one: Attachment, *, other: bool = False) -> Enclosed:
    sound = one.kind == "file" and one.status == "read"
    return Enclosed(
        one.kind,
        one.name,
        one.text,
        one.confidence or 0.0,
        one.link,
        one.reason,
        # One picture may fill the card: those of other messages have a link.
        one.file_id if sound and not other else "",
        other,
    )
