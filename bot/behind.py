"""What comes closely behind an answer: whether it goes on with what was asked, adds nothing, or stands alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot import text
from bot.attachments import AttachmentDesk
from bot.courtesy import FAREWELLS, SMALL_TALK, courtesy, pleads
from bot.kit import Heard, Kit
from bot.order_answers import QUESTIONS, resumed
from bot.referring import Reader
from bot.replies import Replies
from bot.routing import Route
from bot.showing import DRAFT
from bot.turn_work import unreadable
from bot.understanding import Understanding
from bot.which_order import number_in
from model.types import Prediction
from storage.clicks import Clicks
from storage.conversations import Conversation
from storage.tables import ERASED
from storage.turns import Turn, Turns

BEHIND = 3
"""In quiet times: how closely a fragment follows an answer."""
ASKED, SAID = 5, 6
"""So many words make a whole question, or a whole sentence: closely behind an answer too it has its own reply."""
QUESTION_WORDS = frozenset({"what", "where", "when", "why", "how", "who", "which"})
"""One that begins a question makes it whole with one word less."""


class Fit(Enum):
    """How a message fits to the answer before it."""

    ADDS = "adds"
    """It says little by itself and goes on with it: both are read together."""
    NOTHING = "nothing"
    """It changes nothing about a good answer."""
    APART = "apart"


@dataclass(frozen=True, slots=True)
class _Message:
    """What was asked first, and what came behind the answer to it."""

    case: Conversation
    first: Turn
    turn: Turn
    before: Heard
    heard: Heard
    alone: Prediction | None
    """What the second one means by itself; none where no model should see it."""


def whole_sentence(words: str) -> bool:
    """Whether a message is more than a fragment by its length: who wrote it expects a reply to it."""
    found = words.lower().split()
    if "?" not in words:
        return len(found) >= SAID
    # "where is order 10042?" asks by itself, "what about order 10042?" goes on.
    begins = found[0] in QUESTION_WORDS and "about" not in found[:2]
    return len(found) >= ASKED - begins


class Behind:
    """Reads what came closely behind an answer.

    Args:
        quiet: as for `bot.bursts.Bursts`.
    """

    def __init__(
        self, kit: Kit, understanding: Understanding, replies: Replies, attached: AttachmentDesk, quiet: timedelta
    ) -> None:
        self._kit, self._understanding, self._replies = kit, understanding, replies
        self._attached, self._quiet = attached, quiet
        self._reader = Reader(kit, understanding, replies)

    def fit(self, case: Conversation, first: Turn, turn: Turn) -> Fit:
        """How a message fits to the first one's reply, which stands and may still be changed; else it stands alone."""
        if case.state != "bot" or not self._open(first, turn) or self._attached.read(turn):
            return Fit.APART  # of what cannot be read its customer hears why
        heard, before = self._kit.heard(turn), self._kit.heard(first)
        if before.words in ("", ERASED):
            return Fit.APART
        alone = None if unreadable(heard.words) else self._understanding.predict(heard.words, own=heard.own)
        message = _Message(case, first, turn, before, heard, alone)
        if self._belongs(message):
            return Fit.ADDS
        return Fit.NOTHING if self._adds_nothing(message) else Fit.APART

    def _belongs(self, it: _Message) -> bool:
        """Whether a message says little by itself, and goes on with what was asked."""
        polite = courtesy(it.heard.own)
        if polite in FAREWELLS or whole_sentence(it.heard.own) or self._other_language(it):
            return False
        if it.alone is not None:
            talk = not it.alone.out_of_scope and self._kit.catalogue.get(it.alone.intent).small_talk
            if self._certain(it, it.alone) or (talk and not polite):
                return False
        whole = it.before.then(it.heard)
        if unreadable(whole.words):
            return False
        together = self._reader.read(it.case, it.first, whole)
        asks = self._replies.asks(it.case, it.first, whole.words, together)
        if it.first.reply_kind in QUESTIONS and resumed(self._kit, it.case, it.turn, it.heard.words):
            return not asks  # to be asked the same again would be no answer to it
        # No good answer is given up for a question, and nobody's words are passed over.
        certain = self._replies.certain(it.case, it.first, whole.words, together) is Route.ANSWER
        return not _answered(it.first) or (certain and not asks)

    def _other_language(self, it: _Message) -> bool:
        """Whether a customer has gone on in another language; a number or a word or two are of every one."""
        foreign = self._kit.languages.foreign
        own, before = bool(foreign(it.heard.own)), bool(foreign(it.before.own))
        return own != before and (own or len(it.heard.own.split()) > 2)

    def _adds_nothing(self, it: _Message) -> bool:
        """Whether a message behind a good answer has no words, asks for help with the same, or goes on with its topic
        and is unclear even so."""
        if not _answered(it.first) or it.heard.words == ERASED:
            return False
        if it.alone is None:
            return not text.has_words(it.heard.words)
        if number_in(it.heard.words) or courtesy(it.heard.own):
            return False
        if pleads(it.heard.words):
            return self._certain(it, it.alone) is not Route.HANDOFF
        past = (*self._replies.history(it.case, it.first), it.before.words)
        found = self._understanding.going_on(it.alone, it.heard.own, lambda: past)
        return self._certain(it, found) is None and found.in_context and found.intent == it.first.intent

    def _certain(self, it: _Message, found: Prediction) -> Route | None:
        return self._replies.certain(it.case, it.turn, it.heard.words, found, resumes=False)

    def _open(self, first: Turn, turn: Turn) -> bool:
        """Whether the reply that stands may still be changed: nothing was clicked, no person called, no draft made."""
        with self._kit.db.reading() as session:
            last = last_of(Turns(session), first)
            clicked = bool(Clicks(session).of_turn(first.id))
        closely = turn.heard_at is not None and turn.heard_at - last <= BEHIND * self._quiet
        settled = first.route == Route.HANDOFF or first.reply_kind in (DRAFT, "deleted") or not first.reply_ts
        return closely and not clicked and not settled and first.status == "done"


def _answered(first: Turn) -> bool:
    return first.route == Route.ANSWER and first.reply_kind != SMALL_TALK


def last_of(turns: Turns, first: Turn) -> datetime:
    """When the last message of a burst came."""
    came = [each.heard_at for each in (first, *turns.joined(first.id)) if each.heard_at is not None]
    return max(came, default=first.created_at)
