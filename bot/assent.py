"""Yes and no to what the bot has just asked: whether to ask a colleague, what was meant, whether that was all. English.

To a classifier "yes please" says nothing, and "no thanks" as much as goodbye.
"""

from datetime import datetime
from typing import Literal

from bot import wording
from bot.courtesy import SMALL_TALK, spoken
from bot.kit import Kit
from bot.outcomes import Outcome
from bot.past import ANSWERED_WITHIN, asked_last
from bot.routing import Route
from model.types import Prediction
from model.words import word_set
from storage.session import Session
from storage.turns import Turn, Turns

MOST_WORDS = 6
Assent = Literal["yes", "no", ""]

_YES = word_set("yes yeah yep yup ya sure ok okay certainly absolutely definitely please do")
_NO = word_set("no nope nah not none never neither")
_BESIDE = word_set(
    "please thanks thank you thx ty do it that would be great good nice lovely go ahead ask a the colleague person "
    "them somebody someone of course now needed necessary mind these those this is all for i am im its "
    "thats fine very much"
)
SAID = {("person", "no"): wording.NO_COLLEAGUE, ("all", "no"): wording.WHAT_ELSE, ("all", "yes"): wording.GLAD}


def assent(words: str) -> Assent:
    """Whether a message is nothing but a yes or a no."""
    found = spoken(words)
    if not found or len(found) > MOST_WORDS or "?" in words or set(found) - _YES - _NO - _BESIDE:
        return ""
    if set(found) & _NO:
        return "no"
    return "yes" if found[0] in _YES else ""


def asked(turn: Turn) -> Literal["person", "meant", "all", ""]:
    """What the reply to a turn asks for that is answered with yes or no: a person, what was meant, if that was all."""
    if turn.status != "done" or not turn.reply_ts:
        return ""
    if turn.route == Route.OFFER:
        return "person"
    if turn.reply_kind == "clarify":
        return "meant"
    return "all" if turn.reply_text.endswith(wording.WAS_ALL) else ""


def answers(session: Session, team: str, channel: str, user: str, words: str, now: datetime) -> Turn | None:
    """The turn of whose question a new message is the yes or no; none for any other message."""
    last = Turns(session).last_of(team, channel, user, now - ANSWERED_WITHIN) if assent(words) else None
    return last if last is not None and asked(last) else None


def answered(kit: Kit, turn: Turn, words: str, prediction: Prediction) -> Outcome | None:
    """What is said to a yes or no that answers the reply to the customer's last message; none for all else."""
    said = assent(words)
    if not said:
        return None
    with kit.db.reading() as session:
        last = asked_last(session, turn)
    question = asked(last) if last is not None else ""
    if (question, said) == ("person", "yes"):
        return Outcome(Route.HANDOFF, "handoff", wording.HANDOFF, prediction=prediction, card="Asked for a person")
    if (question, said) == ("meant", "no"):
        return Outcome(Route.OFFER, "offer", wording.NONE_OF_THESE, prediction=prediction)
    words = SAID.get((question, said), "")
    return Outcome(Route.ANSWER, SMALL_TALK, words, prediction=prediction) if words else None
