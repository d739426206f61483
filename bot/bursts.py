"""Requests that come in pieces: "hi", "about my order", "10042" are read together, and have one answer.

A message to the bot alone that says little by itself is held for a moment. What follows it meanwhile joins it, and so
does a fragment that comes closely behind an answer. What is held lies in SQL; whoever works the case reads it again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.addressing import Incoming
from bot.attachments import AttachmentDesk
from bot.behind import BEHIND, Behind, Fit, last_of
from bot.cases import Cases
from bot.courtesy import farewell
from bot.kit import Heard, Kit
from bot.referring import Reader
from bot.replies import Replies
from bot.routing import Route
from bot.telling import anyhow
from bot.turn_work import Clock, prediction_of, unreadable
from bot.understanding import Understanding
from model.types import Prediction
from storage import bursts
from storage.bursts import JOINED
from storage.conversations import Conversation, Conversations
from storage.session import Session
from storage.turns import UNFINISHED, Turn, Turns

LONGEST = 4
"""In quiet times: how long a first message is held at most."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a turn says, and what it means."""

    heard: Heard
    hint: str = ""
    """What to say of words that no model should see."""
    unread: str = ""
    """What to say of what came with them and is not read."""
    prediction: Prediction | None = None
    certain: Route | None = None
    """How it is answered where it is understood; none for a fragment, and not asked of what stands alone."""
    clear: bool = False
    """Whether one message of several says so by itself, so that nothing more is waited for."""
    wait: float = 0.0
    """Seconds in which more may follow before it is answered."""


def alone(message: Incoming, words: str, quiet: timedelta) -> bool:
    """Whether a message is never one of several: in a thread, among others, or a word of thanks."""
    return not quiet or not message.direct or bool(message.thread_ts) or farewell(words)


def followed(
    session: Session, team: str, message: Incoming, words: str, now: datetime, quiet: timedelta
) -> Turn | None:
    """The turn that a new message follows closely; whether it belongs there is seen when it is read."""
    if not quiet or not message.direct or message.thread_ts:
        return None
    turns, cases = Turns(session), Conversations(session)
    first = turns.get(bursts.newest_first(session, team, message.channel, message.user))
    case = cases.get(first.conversation_id) if first is not None else None
    if first is None or case is None or case.state != "bot":
        return None
    if first.status in UNFINISHED:
        return first
    closely = now - last_of(turns, first) <= BEHIND * quiet
    return first if closely and not farewell(words) else None


class Bursts:
    """Reads turns, alone or together.

    Args:
        follow: changes the reply of a turn that another one has joined.
        quiet: so long nobody writes before what was held is answered; 0: nothing is held or joined.
    """

    def __init__(
        self,
        kit: Kit,
        understanding: Understanding,
        replies: Replies,
        attached: AttachmentDesk,
        cases: Cases,
        follow: Callable[[int], object],
        quiet: timedelta,
    ) -> None:
        self._kit, self._understanding, self._replies = kit, understanding, replies
        self._attached, self._cases, self._follow, self._quiet = attached, cases, follow, quiet
        self._reader = Reader(kit, understanding, replies)
        self._behind = Behind(kit, understanding, replies, attached, quiet)

    def read(self, case: Conversation, turn: Turn, clock: Clock) -> Reading:
        """Understand a turn with all that has joined it, and write its prediction down once it is to be answered."""
        reading = self._reading(case, turn, clock)
        if turn.heard_at is not None and not turn.predicted and not reading.clear and case.state == "bot":
            for each in self._pending(turn):
                reading = self._joined(case, turn, each, clock)
                if reading.clear:
                    break
            else:
                reading = replace(reading, wait=self._wait(turn))
        if reading.prediction is not None and not turn.predicted and not reading.wait:
            with self._kit.db.writing() as session:
                Turns(session).predicted(turn.id, reading.prediction)
        return reading

    def follow(self, case: Conversation, turn: Turn) -> int:
        """Work what came closely behind a finished turn. 0 where it has joined it, else the case in which it stands."""
        with self._kit.db.reading() as session:
            first = Turns(session).get(turn.joined_to or 0)
        if first is None:
            return self._part(case, turn)
        fit = Fit.ADDS if turn.reply_kind == JOINED else self._behind.fit(case, first, turn)
        if fit is Fit.APART:
            return self._part(case, turn)
        with self._kit.db.writing() as session:
            bursts.join(session, turn.id)
        # Done before it is finished: where that fails, or the process dies, it is done again.
        if fit is Fit.ADDS:
            self._follow(first.id)
        else:
            self._cases.show(case.id, turn_id=first.id)
        with self._kit.db.writing() as session:
            Turns(session).finish(turn.id, kind=JOINED)
        self.calm(case)
        return 0

    def hold(self, case: Conversation, turn: Turn) -> None:
        """Give a turn back: its customer may not have said all yet."""
        with self._kit.db.writing() as session:
            Turns(session).hold(turn.id)
        self.calm(case)

    def calm(self, case: Conversation) -> None:
        """Clear the signs of life below messages that were answered with another one."""
        with self._kit.db.reading() as session:
            pieces = Turns(session).pieces(case.id)
        for each in pieces:
            self._kit.surface.thinking(each.channel, each.ts, False)

    def _reading(self, case: Conversation, turn: Turn, clock: Clock) -> Reading:
        since = time.perf_counter()
        with self._kit.db.reading() as session:
            pieces = [turn, *Turns(session).joined(turn.id)]
        unread = next(filter(None, [self._attached.read(each) for each in pieces]), "")
        clock.lap("attachments", since)
        heard = self._kit.heard(turn)
        hint = unreadable(heard.words, unread)
        if hint:
            return Reading(heard, hint, unread)
        since = time.perf_counter()
        found = prediction_of(turn, heard.words) or self._reader.read(case, turn, heard)
        clock.lap("understand", since)
        certain = self._replies.certain(case, turn, heard.words, found) if turn.heard_at is not None else None
        # What only several messages say together may yet be another thing with the next one.
        clear = certain is Route.HANDOFF or (certain is not None and len(pieces) == 1)
        return Reading(heard, "", unread, found, certain, clear)

    def _joined(self, case: Conversation, turn: Turn, each: Turn, clock: Clock) -> Reading:
        """Let one more message join a turn that is held, and read them together.

        Where together they are not understood, or do not call for a person, what is clear by itself counts.
        """
        with self._kit.db.writing() as session:
            bursts.join(session, each.id)
            Turns(session).finish(each.id, kind=JOINED)
        reading, own = self._reading(case, turn, clock), self._kit.heard(each)
        if reading.clear or unreadable(own.words):
            return reading
        found = self._understanding.predict(own.words, own=own.own)
        certain = self._replies.certain(case, each, own.words, found, resumes=False)
        if certain is Route.HANDOFF or (certain is not None and reading.certain is None and not reading.hint):
            found = replace(found, text=reading.heard.words, requests=())
            return replace(reading, hint="", prediction=found, certain=certain, clear=True)
        return replace(reading, clear=certain is not None)

    def _pending(self, turn: Turn) -> list[Turn]:
        """What has come while the turn was held and is not read yet, oldest first."""
        with self._kit.db.reading() as session:
            new = [each for each in Turns(session).following(turn.id) if each.status in UNFINISHED]
            last = last_of(Turns(session), turn)
        in_time = []
        for each in new:
            if each.heard_at is None or each.heard_at > self._until(turn, last):
                break
            last = max(last, each.heard_at)
            in_time.append(each)
        return in_time

    def _wait(self, turn: Turn) -> float:
        """Seconds for which the turn is held from now on; none where the customer has gone on in its thread."""
        with self._kit.db.reading() as session:
            turns = Turns(session)
            others = [each for each in turns.of_conversation(turn.conversation_id) if each.id != turn.id]
            until = self._until(turn, last_of(turns, turn))
        if any(each.status in UNFINISHED for each in others):
            return 0.0
        return max(0.0, (until - self._kit.clock()).total_seconds())

    def _until(self, turn: Turn, last: datetime) -> datetime:
        return min(last + self._quiet, (turn.heard_at or last) + LONGEST * self._quiet)

    def _part(self, case: Conversation, turn: Turn) -> int:
        """Let a message stand alone, as if nothing had come before it; gives its case."""
        with self._kit.db.writing() as session:
            cases, turns = Conversations(session), Turns(session)
            active = cases.active_of(self._kit.team, turn.channel, turn.user)
            if active is not None:
                bursts.part(session, turn.id, active.id, alone=True)
            elif farewell(turns.own(turn)) and case.state == "bot":
                bursts.part(session, turn.id, case.id, turn.ts, alone=True)
            else:
                opened = cases.open(self._kit.team, turn.channel, turn.ts, turn.user, case.customer_team, case.is_test)
                bursts.part(session, turn.id, opened.id)
            turns.hold(turn.id)
            parted = turns.get(turn.id)
        self._kit.surface.thinking(turn.channel, turn.ts, False)
        if active is not None:
            # It is given back already, and where this cannot be said its own work says it.
            anyhow(lambda: self._cases.joined(active.id, turn.channel, turn.ts))
        return parted.conversation_id if parted is not None else 0
