"""SupportDesk: works a customer's turns, one of a conversation after another. Knows no Slack type and no torch.

A turn is claimed under a lease, understood, routed, answered and completed. Every step that a crash may follow is in
SQL before the next begins, so a turn worked again goes on where it stood and the customer has one reply.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from bot import wording
from bot.apologies import Apologies
from bot.bursts import Bursts, Reading
from bot.cases import Cases
from bot.courtesy import SMALL_TALK, is_the_bots, may_ask_if_all, thanked
from bot.growing import Growing
from bot.introductions import Introductions
from bot.kit import Kit
from bot.order_answers import QUESTIONS
from bot.outcomes import Outcome, facts
from bot.recommending import Recommending
from bot.replies import Replies
from bot.routing import UNSURE, Route
from bot.showing import DRAFT, SILENT
from bot.turn_work import Clock, thread_of
from storage.conversations import Conversation, Conversations
from storage.turns import Turn, Turns

log = logging.getLogger(__name__)


class SupportDesk:
    """Answers.

    Args:
        lease_seconds: how long a turn may be worked before another worker takes it as lost.
    """

    def __init__(
        self,
        kit: Kit,
        bursts: Bursts,
        replies: Replies,
        cases: Cases,
        introductions: Introductions,
        recommending: Recommending,
        *,
        lease_seconds: float = 120.0,
        grows_after: float = 1.5,
    ) -> None:
        self._kit, self._bursts, self._replies, self._cases = kit, bursts, replies, cases
        self._introductions, self._recommending = introductions, recommending
        self._apologies = Apologies(kit, replies, cases)
        self._lease, self._grows_after = lease_seconds, grows_after
        self.again: Callable[[int, float], object] = lambda case_id, seconds: None if seconds else self.work(case_id)
        """Has a case worked again after so many seconds; until somebody sees to it, the housekeeping does."""

    def work(self, conversation_id: int) -> None:
        """Work everything unfinished of one conversation, the oldest first."""
        worked = False
        while (turn := self._claimed(conversation_id)) is not None:
            worked = True
            with self._kit.people.steady():
                if self._work(turn):
                    return
        if not worked:
            self._calm(conversation_id)

    def _claimed(self, conversation_id: int) -> Turn | None:
        """The oldest unfinished turn; none where nothing is left, or another process has it."""
        with self._kit.db.writing() as session:
            turns = Turns(session)
            oldest = turns.next_unfinished(conversation_id)
            return turns.claim(oldest.id, self._lease) if oldest is not None else None

    def quiet(self, channel: str) -> bool:
        """Whether customers are shown nothing there, not even that somebody is at it."""
        return self._replies.quiet(channel)

    def _calm(self, conversation_id: int) -> None:
        """Nothing was left to work: a sign of life that came after the reply would stand for ever."""
        case = self._kit.case(conversation_id)
        if case is not None:
            self._kit.surface.thinking(case.channel, case.thread_ts, False)
            self._bursts.calm(case)

    def free(self) -> None:
        """Give back the leases of a process that is gone, so that its turns are worked at once."""
        with self._kit.db.writing() as session:
            turns = Turns(session)
            for turn in turns.unfinished(self._kit.team):
                turns.release(turn.id)

    def unfinished(self) -> list[int]:
        """Conversations with turns to be worked, the one that waits longest first."""
        with self._kit.db.reading() as session:
            turns = Turns(session).unfinished(self._kit.team)
        return list(dict.fromkeys(turn.conversation_id for turn in turns))

    def _work(self, turn: Turn) -> bool:
        case, held = self._case(turn), False
        try:
            if turn.attempts > 1 and self._posted_before(turn, case):
                return False
            if turn.attempts > 1:
                Growing(self._kit, case, turn, 0.0, -1.0).left_behind()
            if turn.joined_to:
                self._follow(turn, case)
            else:
                held = self._answer(turn, case, Clock(time.perf_counter(), {}))
        except Exception as error:
            log.exception("turn %s failed at attempt %s", turn.id, turn.attempts)
            self._apologies.apologise(turn, case, error)
        finally:
            if not held:
                self._kit.surface.thinking(case.channel, thread_of(turn, case), False)
        return held

    def _answer(self, turn: Turn, case: Conversation, clock: Clock) -> bool:
        """Understand and reply; True where the turn is held, because more may follow."""
        quiet = self._replies.quiet(case.channel)
        if case.state == "bot" and not quiet:
            self._kit.surface.thinking(case.channel, thread_of(turn, case), True)
        reading = self._bursts.read(case, turn, clock)
        if reading.wait:
            self._bursts.hold(case, turn)
            self.again(case.id, reading.wait)
            return True
        self._reply(turn, case, reading, quiet, clock)
        return False

    def _follow(self, turn: Turn, case: Conversation) -> None:
        """What came closely behind an answer belongs to it, or stands alone after all."""
        elsewhere = self._bursts.follow(case, turn)
        if elsewhere not in (0, case.id):
            self.again(elsewhere, 0.0)

    def _reply(self, turn: Turn, case: Conversation, reading: Reading, quiet: bool, clock: Clock) -> None:
        words, hint, unread, prediction = reading.heard.words, reading.hint, reading.unread, reading.prediction
        if hint and quiet:
            self._log(turn, clock)
            return
        if hint and self._held_by_bot(case.id):
            self._post(turn, case, Outcome(None, "hint", hint), clock)
            return
        if prediction is None:
            self._stay_silent(turn, case, clock)
            return
        # A hand-off that was decided before a crash is still owed to the customer.
        owed = turn.route == Route.HANDOFF and not turn.reply_ts
        if not (owed or self._held_by_bot(case.id, words)):
            self._stay_silent(turn, case, clock)
            return
        since = time.perf_counter()
        with Growing(self._kit, case, turn, clock.started, self._grows_after) as growing:
            if owed:
                outcome = self._replies.owed(words)
            else:
                outcome = self._replies.decide(case, turn, words, prediction, growing.sentence)
            clock.lap("reply", since)
            outcome = replace(outcome, aside=f"{wording.NOT_READ} {outcome.aside}".strip()) if unread else outcome
            self._settle(turn, case, outcome, clock, growing, words)

    def _settle(
        self, turn: Turn, case: Conversation, outcome: Outcome, clock: Clock, growing: Growing, words: str
    ) -> None:
        """Write the route down, look once more who has the case, and post."""
        route = outcome.route or Route.ANSWER
        with self._kit.db.writing() as session:
            Turns(session).routed(turn.id, route.value)
            if outcome.kind == DRAFT:
                Conversations(session).awaits(case.id, self._kit.clock())
        if outcome.kind == SILENT:
            self._log(turn, clock)
            return
        if route is Route.HANDOFF:
            mine = self._cases.hand_off(case.id, again=turn.route == Route.HANDOFF)
        else:
            mine = self._held_by_bot(case.id, words if outcome.kind == SMALL_TALK else "")
        if not mine:
            self._stay_silent(turn, case, clock)
            return
        if route is Route.HANDOFF:
            outcome = replace(outcome, words=self._cases.handed_off(turn, outcome.words, words))
        if outcome.kind == SMALL_TALK and thanked(words) and may_ask_if_all(self._kit, case.id):
            outcome = replace(outcome, words=f"{outcome.words} {wording.WAS_ALL}", done=True)
        outcome = replace(outcome, also=self._recommending.beneath(case, turn, outcome, words))
        self._post(turn, case, outcome, clock, growing)
        # Asking which order is meant is no sign of being at a loss.
        after = case.strikes + (outcome.kind not in QUESTIONS) if route in UNSURE else 0
        if route is not Route.HANDOFF and after != case.strikes:
            with self._kit.db.writing() as session:
                Conversations(session).strike(case.id, after)
        if outcome.card:
            self._cases.show(case.id, outcome.card, turn.id)

    def _post(
        self, turn: Turn, case: Conversation, outcome: Outcome, clock: Clock, growing: Growing | None = None
    ) -> None:
        since = time.perf_counter()
        with self._introductions.to(turn.user, turn.id) as greeting:
            # What belongs to the answer first, what is said once after it.
            notice = "\n".join(filter(None, (outcome.aside, greeting)))
            said = outcome.said(case.id, turn.id, notice, facts(outcome, clock.started))
            ts = growing.complete(said) if growing is not None else ""
            ts = ts or self._kit.surface.say(case.channel, thread_of(turn, case), said)
        clock.lap("post", since)
        with self._kit.db.writing() as session:
            turns, reply = Turns(session), outcome.reply
            kept = reply.text if reply is not None and outcome.kind != SMALL_TALK else outcome.words
            mine = turns.posted(turn.id, kept, ts, outcome.kind)
            turns.finish(
                turn.id,
                version=reply.version if reply is not None else "",
                article_ids=reply.sources if reply is not None else (),
                timings=clock.total(),
            )
        if not mine:
            # Somebody finished the turn meanwhile: its customer took the message back, or another worker answered.
            self._kit.surface.remove(case.channel, ts)
        elif outcome.route is Route.HANDOFF:
            self._cases.notices.line.told(case.id, said, ts)

    def _stay_silent(self, turn: Turn, case: Conversation, clock: Clock) -> None:
        if self._held_by_bot(case.id):
            # Given back in this very moment: it is worked again at once.
            with self._kit.db.writing() as session:
                Turns(session).release(turn.id)
            return
        self._apologies.say_who_has_it(turn, case)
        self._log(turn, clock)
        self._cases.wrote_on(case.id, turn.id)

    def _log(self, turn: Turn, clock: Clock) -> None:
        """Complete a turn to which nothing is said."""
        with self._kit.db.writing() as session:
            Turns(session).finish(turn.id, kind=SILENT, timings=clock.total())

    def _posted_before(self, turn: Turn, case: Conversation) -> bool:
        """Whether a crash came between posting and completing; then the turn is completed here."""
        ts = turn.reply_ts or self._kit.surface.find(case.channel, thread_of(turn, case), turn.id)
        if turn.error:
            return self._apologies.apologised(turn, case, bool(ts))
        if not ts:
            return False
        with self._kit.db.writing() as session:
            Turns(session).finish(turn.id, reply_ts=ts, kind=turn.reply_kind or "recovered")
        if turn.route == Route.HANDOFF:
            self._cases.show(case.id, "Needs a person", turn.id)
        return True

    def _held_by_bot(self, case_id: int, words: str = "") -> bool:
        return is_the_bots(self._kit.case(case_id), words)

    def _case(self, turn: Turn) -> Conversation:
        case = self._kit.case(turn.conversation_id)
        if case is None:
            raise LookupError(f"turn {turn.id} has no conversation")
        return case
