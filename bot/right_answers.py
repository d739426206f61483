"""The answer that an agent's label asks for: offered after the correction where it can be sent, and sent once."""

from bot.showing import RIGHT_SENT
from model.types import OOS
from storage.clicks import Clicks
from storage.conversations import Conversations
from storage.corrections import Correction
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turns


def answer_of(fix: Correction) -> str:
    """Which answer a correction asks for, as the click is kept that sends it; empty where it asks for none."""
    if fix.text == ERASED:
        return ""
    if fix.better_answer:
        return f"better:{fix.id}"
    return "" if fix.after == OOS else fix.after


def to_send(session: Session, fix: Correction) -> bool:
    """Whether the author of a correction may send its answer: not in a case that is resolved or that a colleague has,
    and not what was sent already."""
    answer, turn = answer_of(fix), Turns(session).get(fix.turn_id or 0)
    if not answer or turn is None:
        return False
    case = Conversations(session).get(turn.conversation_id)
    if case is None or case.state == "closed" or (case.state == "human" and case.holder != fix.by):
        return False
    return not any((each.kind, each.value) == (RIGHT_SENT, answer) for each in Clicks(session).of_turn(turn.id))
