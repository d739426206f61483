"""Cases between bot and people: hand-off, take, release, resolve, and the card that shows each of them.

What moves where, and who is told, stands in bot/lifecycle.py. A state changes by compare-and-set in SQL, so of two
agents one wins; everybody else hears who has the case.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from bot import showing, wording
from bot.agent_words import AgentWords
from bot.drafting import DraftDesk
from bot.kit import Kit
from bot.lifecycle import Event, Told, step
from bot.moves import apply
from bot.notices import CALLED, OPENED, REOPENED, RESOLVED, RETURNED, TAKEN, CaseNotices, owe_agents
from bot.telling import Telling, anyhow
from bot.values import Said
from storage.clicks import Clicks
from storage.conversations import Conversation, Conversations
from storage.notices import Notices
from storage.turns import Turn, Turns

log = logging.getLogger(__name__)
MARKED = 20
"""So many of the latest messages that stand apart from their case are marked as done with it."""


class Cases:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self.notices = CaseNotices(kit)
        self.telling = Telling(self.notices)
        self.drafts = DraftDesk(kit, self.show)
        self.words = AgentWords(kit, self.notices, self.telling, self.show)
        # One card at a time: two threads that find no card yet would post two.
        self._drawing = threading.RLock()
        self.changed: Callable[[int], object] = lambda case_id: None
        """Told of a case of which something has changed, after its card."""

    # Customers

    def call_person(self, case_id: int, turn_id: int, user: str) -> bool:
        """The customer's button. False where a person has it already."""
        with self._kit.db.writing() as session:
            if turn_id:
                Clicks(session).add(self._kit.team, turn_id, user, "talk_to_person")
            before = Conversations(session).get(case_id)
            done = apply(session, case_id, Event.CALLED, self._kit.clock())
            owed = self.notices.owe(session, done, CALLED, str(turn_id or ""))
            again = done.moved and before is not None and before.state == "closed"
            if again and done.case is not None:
                owe_agents(session, done.case, self._kit.clock())
        if again:
            self._tick(case_id, False)
        self.telling.tell(
            done, customer=self.telling.owed(done, owed), card=lambda: self.show(case_id, "Asked for a person", turn_id)
        )
        if again:
            anyhow(lambda: self._say_owed(case_id, OPENED))
        return done.moved

    def hand_off(self, case_id: int, *, again: bool = False) -> bool:
        """Bot to waiting. False where it is with a person, or waits for one already.

        Args:
            again: for a turn worked again, which may have handed it off before: waiting already is as good.
        """
        with self._kit.db.writing() as session:
            done = apply(session, case_id, Event.HANDED_OFF, self._kit.clock())
        return done.moved or (again and done.case is not None and done.case.state == "waiting")

    def hand_over(self, case_id: int, turn_id: int, words: str, say: Callable[[str], object]) -> bool:
        """The same outside a turn's work, where nothing would try again: said now, or by the housekeeping."""
        with self._kit.db.writing() as session:
            done = apply(session, case_id, Event.HANDED_OFF, self._kit.clock())
            owed = self.notices.owe(session, done, CALLED, str(turn_id))
        if owed is not None:
            code, turn = self.notices.language(case_id, turn_id), self._kit.turn(turn_id)
            said = self.notices.handed_off(case_id, words, code, turn.thread_ts if turn is not None else "")
            self.telling.owed(done, owed, lambda: say(said))()
        return done.moved

    def hand_off_unsaid(self, case_id: int) -> None:
        """The same for a customer who could not be told: it is said as soon as that works."""
        with self._kit.db.writing() as session:
            now = self._kit.clock()
            case = apply(session, case_id, Event.HANDED_OFF, now).case
            if case is not None and case.state == "waiting":
                Notices(session).claim(case, CALLED, now, timedelta())

    def handed_off(self, turn: Turn, said: str, words: str) -> str:
        """What is said to a customer who is handed off, having written `words`: with the place in the line, and when
        somebody is there."""
        code = self._kit.languages.foreign(words)
        return self.notices.handed_off(turn.conversation_id, said, code, turn.thread_ts)

    def joined(self, case_id: int, channel: str, thread: str) -> None:
        """A new message has joined a case that is not with the bot: said once, under the message itself.

        Its answer comes in another thread, so every later one is marked as seen: no word, and no silence either.
        """
        said = Said(wording.WITH_A_PERSON, case_id)
        if not self.say_once(case_id, Event.JOINED, lambda: self._kit.surface.say(channel, thread, said)):
            self._kit.surface.seen(channel, thread)

    def say_once(self, case_id: int, event: Event, say: Callable[[], object]) -> bool:
        """Say that a person has it, once in each wait; whether it was said now."""
        with self._kit.db.writing() as session:
            cases = Conversations(session)
            case = cases.get(case_id)
            owed = case is not None and Told.CUSTOMER_ONCE in step(case.state, event).tell
            tell = owed and cases.set_notice(case_id)
        if tell:
            try:
                say()
            except Exception:
                with self._kit.db.writing() as session:
                    Conversations(session).set_notice(case_id, False)
                raise
        return tell

    def reopened(self, case_id: int, to: str) -> None:
        """A resolved case has had a message and is open again, with a person or with the bot."""
        self._tick(case_id, False)
        if to != "person":
            self.say(case_id, wording.REOPENED_BOT)
            return
        try:
            self._say_owed(case_id, REOPENED)
        finally:
            anyhow(lambda: self.show(case_id, "Opened again"))
            anyhow(lambda: self._say_owed(case_id, OPENED))

    def wrote_on(self, case_id: int, turn_id: int) -> None:
        """The customer has written in a case that is not with the bot: its card shows it, and who has it is called."""
        self.show(case_id, turn_id=turn_id)
        case = self._kit.case(case_id)
        if case is not None and Told.HAVING in step(case.state, Event.MESSAGE).tell:
            anyhow(lambda: self.notices.call_holder(case))

    def _say_owed(self, case_id: int, kind: str) -> None:
        """Say a notice that was claimed with the case's last move, unless it was said."""
        case = self._kit.case(case_id)
        if case is None:
            return
        with self._kit.db.reading() as session:
            owed = Notices(session).of(case).get(kind)
        if owed is not None and owed.sent_at is None:
            self.notices.say(case, owed)

    # Agents

    def take(self, case_id: int, agent: str) -> str:
        """Give the case to an agent. Empty, or the words that say why not."""
        with self._kit.db.writing() as session:
            done = apply(session, case_id, Event.TAKEN, self._kit.clock(), holder=agent)
            owed = self.notices.owe(session, done, TAKEN, agent)
        if done.case is None:
            return "This case is gone."
        self.telling.tell(done, customer=self.telling.owed(done, owed), card=lambda: self.show(case_id))
        if Told.AGENT not in done.tell:
            return ""
        if done.case.state == "closed":
            return "This case is resolved."
        return "You have it already." if done.case.holder == agent else f"<@{done.case.holder}> has it already."

    def release(self, case_id: int) -> str:
        """Give the case back to the bot. Empty, or the words that say why not."""
        with self._kit.db.writing() as session:
            done = apply(session, case_id, Event.RELEASED, self._kit.clock())
        self.telling.tell(
            done,
            customer=lambda: self.say(case_id, wording.RELEASED, person=True),
            card=lambda: self.show(case_id),
        )
        return "" if done.moved else "The bot has this case already, or it is resolved."

    def resolve(self, case_id: int) -> str:
        """Close the case. Empty, or the words that say why not."""
        with self._kit.db.writing() as session:
            done = apply(session, case_id, Event.RESOLVED, self._kit.clock())
            owed = self.notices.owe(session, done, RESOLVED)
        if done.moved:
            self._tick(case_id, True)
        self.telling.tell(done, customer=self.telling.owed(done, owed), card=lambda: self.show(case_id))
        return "" if done.moved else "This case is resolved already."

    def give_up(self, case: Conversation) -> bool:
        """Its holder has been silent for too long: it waits again. False where he has stirred, or it has moved."""
        with self._kit.db.writing() as session:
            done = apply(session, case.id, Event.HOLDER_SILENT, self._kit.clock(), unchanged=case)
            owed = self.notices.owe(session, done, RETURNED, case.holder or "")
        if owed is None:
            return False
        self.show(case.id, "Its holder was silent")
        shown = self._kit.case(case.id)
        if shown is not None:
            self.notices.say(shown, owed)
        return True

    def close(self, case_id: int) -> bool:
        """The customer is all set; False where the case is closed already. Who closes it says so to everybody."""
        with self._kit.db.writing() as session:
            done = apply(session, case_id, Event.DONE, self._kit.clock())
        if done.moved:
            self._tick(case_id, True)
        return done.moved

    # Showing

    def say(self, case_id: int, words: str, *, person: bool = False) -> None:
        """A line of the desk's own to the customer, in the case's thread."""
        case = self._kit.case(case_id)
        if case is not None:
            self._kit.surface.say(case.channel, case.thread_ts, Said(words, case_id, person=person))

    def _tick(self, case_id: int, on: bool) -> None:
        """Mark the case as done, or no more: where it began, and each message of its customer's that has joined it."""
        case = self._kit.case(case_id)
        if case is None:
            return
        with self._kit.db.reading() as session:
            apart = [turn.thread_ts for turn in Turns(session).of_conversation(case_id) if turn.thread_ts]
        for thread in dict.fromkeys([case.thread_ts, *apart[-MARKED:]]):
            self._kit.surface.tick(case.channel, thread, on)

    def show(self, case_id: int, reason: str = "", turn_id: int = 0) -> None:
        """Draw the case's card; without a reason only where there is one already."""
        self._draw(case_id, reason, turn_id)
        self.changed(case_id)

    def _draw(self, case_id: int, reason: str, turn_id: int) -> None:
        channel = self._kit.people.channel()
        if not channel:
            return
        with self._drawing:
            case = self._kit.case(case_id)
            if case is None or not (reason or case.card_ts):
                return
            card = showing.card(self._kit, case, reason, turn_id)
            ts = self._kit.surface.show_card(case.card_channel or channel, case.card_ts, card)
            with self._kit.db.writing() as session:
                showing.keep(session, self._kit.team, card)
                if (ts, case.moves) != (case.card_ts, case.shown):
                    Conversations(session).card(case_id, case.card_channel or channel, ts, case.moves)

    def show_of(self, turn_id: int) -> None:
        """Draw the card that shows this turn, if there is one."""
        turn = self._kit.turn(turn_id)
        if turn is not None:
            self.show(turn.conversation_id)
