"""What agents answer: the answer that their label asks for, offered after the correction where it can be sent, and sent
once; and since when a turn has an answer of theirs."""

from datetime import datetime

from bot import showing
from bot.history import reworded_label
from bot.showing import DRAFT, RIGHT_SENT, SENT, WORDED
from model.types import OOS
from storage.clicks import Clicks
from storage.conversations import Conversations
from storage.corrections import Correction, Corrections
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turn, Turns


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


def answered_label(session: Session, turn: Turn) -> str:
    """What an agent's answer to a turn is about: an agent's label before the customer's choice, and both before what
    the model said."""
    latest, meant = Corrections(session).latest(turn.id), Clicks(session).meant(turn.id)
    return latest.after if latest is not None else meant or showing.label(turn)


def worded_label(session: Session, turn: Turn, words: str) -> str:
    """What a turn is about as it is worded now: a label that an agent gave other words says nothing of these."""
    latest, anew = Corrections(session).latest(turn.id), reworded_label(session, turn)
    if latest is not None and (anew is None or latest.text == words):
        return latest.after
    return Clicks(session).meant(turn.id) or (showing.label(turn) if anew is None else anew)


def spoken(session: Session, turn: Turn) -> datetime | None:
    """When an agent answered a turn last: sent an answer, worded the bot's anew, or its draft; None where none did."""
    clicked = [each.at for each in Clicks(session).of_turn(turn.id) if each.kind in (SENT, RIGHT_SENT, WORDED)]
    latest = Corrections(session).latest(turn.id) if turn.reply_kind == DRAFT else None
    return max([*clicked, *([latest.at] if latest is not None else [])], default=None)
