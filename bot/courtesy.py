"""Thanks, greetings and goodbyes: which messages are nothing else, and whether to ask once if that was all. English."""

import re
from typing import Literal

from bot.kit import Kit
from bot.routing import Route
from model.words import word_set
from storage.clicks import Clicks
from storage.conversations import Conversation
from storage.turns import Turns

SMALL_TALK = "small_talk"
"""Kind of a reply to small talk: it is short, and answers nothing."""
ASKED_IF_ALL = "was_that_all"
"""Kind of the click that stands for the question, on the first turn of its case: it is asked once."""
Courtesy = Literal["thanks", "bye", "hello", ""]
FAREWELLS = frozenset({"thanks", "bye"})
"""Nothing is asked for with them, and nothing opened again."""
MOST_WORDS = 9

_HEADS: tuple[tuple[Courtesy, frozenset[str]], ...] = (
    ("thanks", word_set("thanks thank thx ty tysm ta cheers merci appreciated")),
    ("bye", word_set("bye goodbye byebye cya ciao farewell ttyl")),
    ("hello", word_set("hi hello hey heya hiya howdy hallo greetings")),
)
_BESIDE = word_set(
    "you u so very much a lot many for your the help that thats ok okay great perfect brilliant super good morning "
    "afternoon evening night day nice lovely wonderful and again bot there team everyone all really have now then best "
    "wishes see later soon ah oh wow yes helpful kind quick fast friendly answer reply info of dear again friend guys "
    "mate sir star ur are it was is works working worked did trick makes sense explaining fine me weekend take care"
)
_PLEAS = word_set("please pls plz help urgent urgently asap")
_PLEADING = word_set("me us can could would you u i we need it with this that now quickly quick soon so really is very")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def spoken(words: str) -> list[str]:
    """The words of a message, in small letters and without apostrophes."""
    return [word.lower().replace("’", "").replace("'", "") for word in _WORD.findall(words)]


def courtesy(words: str) -> Courtesy:
    """What a message is that holds nothing but courtesy; empty for every other."""
    found = spoken(words)
    if not found or len(found) > MOST_WORDS:
        return ""
    for kind, heads in _HEADS:
        inside = heads & set(found)
        if inside and ("?" not in words or (kind == "hello" and len(found) < 4)):
            others = set(found) - _BESIDE - set().union(*(each for _, each in _HEADS))
            return "" if others else kind
    return ""


def pleads(words: str) -> bool:
    """Whether a message asks for help and for nothing in particular: "please help", "can you help me?"."""
    found = {word.lower() for word in _WORD.findall(words)}
    return bool(found & _PLEAS) and not found - _PLEAS - _PLEADING


def thanked(words: str) -> bool:
    """Whether a word of thanks is in it."""
    return any(word.lower() in _HEADS[0][1] for word in _WORD.findall(words))


def farewell(words: str) -> bool:
    """Whether a message is nothing but thanks or goodbye."""
    return courtesy(words) in FAREWELLS


def is_the_bots(case: Conversation | None, words: str = "") -> bool:
    """Whether the bot may answer in a case: it has it, or the case is closed and the words are nothing but thanks or
    goodbye, which open nothing again."""
    state = case.state if case is not None else ""
    return state == "bot" or (state == "closed" and farewell(words))


def may_ask_if_all(kit: Kit, case_id: int) -> bool:
    """Whether the customer may be asked if that was all: once in a case that the bot has and has answered.

    True for one asker alone: whoever hears it asks.
    """
    case = kit.case(case_id)
    if case is None or case.state != "bot":
        return False
    with kit.db.writing() as session:
        turns = Turns(session).of_conversation(case_id)
        answered = any(turn.route == Route.ANSWER and turn.reply_ts and turn.reply_kind != SMALL_TALK for turn in turns)
        return answered and Clicks(session).add(kit.team, turns[0].id, "", ASKED_IF_ALL)
