"""A turn whose work failed: its customer hears so, and a person is called.

Why it failed is in SQL before anything is said. What is found to be said when the turn is worked again is then known to
be an apology and no answer: the person whom it promises is called.
"""

import logging

from bot import wording
from bot.cases import Cases
from bot.courtesy import is_the_bots
from bot.kit import Kit
from bot.lifecycle import Event
from bot.replies import Replies
from bot.showing import SILENT
from bot.turn_work import thread_of
from bot.values import Said
from storage.conversations import Conversation
from storage.turns import Turn, Turns

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5


class Apologies:
    def __init__(self, kit: Kit, replies: Replies, cases: Cases) -> None:
        self._kit, self._replies, self._cases = kit, replies, cases

    def apologise(self, turn: Turn, case: Conversation, error: Exception) -> None:
        """Tell the customer, call a person, and give the turn up; if not even that works, it is worked again."""
        why = f"{type(error).__name__}: {error}"[:500]
        try:
            if self._answered(turn, case):
                return  # what is left is completed when the lease has run out
            if self._replies.quiet(case.channel):
                self._fail(turn, why)
                return
            with self._kit.db.writing() as session:
                Turns(session).failing(turn.id, why)
            # Said before the case changes hands: when it cannot be said, the turn is worked again as if new.
            if is_the_bots(self._kit.case(case.id)):
                self._kit.surface.say(case.channel, thread_of(turn, case), Said(wording.APOLOGY, case.id, turn.id))
            else:
                self.say_who_has_it(turn, case)
        except Exception:
            log.exception("turn %s: the customer could not be told either", turn.id)
            if turn.attempts < MAX_ATTEMPTS:
                return
            self._cases.hand_off_unsaid(case.id)
        self._give_up(turn, case, why)

    def apologised(self, turn: Turn, case: Conversation, said: bool) -> bool:
        """Go on with a turn that had failed before: given up where its customer has heard so, else worked as if new.

        Gives `said`: whether the apology, or who has the case, was found in the thread.
        """
        if said:
            self._give_up(turn, case, turn.error)
        else:
            with self._kit.db.writing() as session:
                Turns(session).failing(turn.id, "")
        return said

    def say_who_has_it(self, turn: Turn, case: Conversation) -> None:
        """That a person has the case, where the customer has not been told so."""

        def say() -> None:
            said = Said(wording.WITH_A_PERSON, case.id, turn.id)
            ts = self._kit.surface.say(case.channel, thread_of(turn, case), said)
            with self._kit.db.writing() as session:
                Turns(session).posted(turn.id, wording.WITH_A_PERSON, ts, SILENT)

        self._cases.say_once(case.id, Event.MESSAGE, say)

    def _answered(self, turn: Turn, case: Conversation) -> bool:
        """Whether a reply stands already."""
        with self._kit.db.reading() as session:
            latest = Turns(session).get(turn.id)
        posted = self._kit.surface.find(case.channel, thread_of(turn, case), turn.id)
        return bool(posted) or (latest is not None and bool(latest.reply_ts))

    def _give_up(self, turn: Turn, case: Conversation, why: str) -> None:
        # The person first: a turn that is finished is not worked again, were the process to die in between.
        self._cases.hand_off(case.id)
        self._fail(turn, why)
        self._cases.show(case.id, f"The bot failed on turn {turn.id}", turn.id)

    def _fail(self, turn: Turn, why: str) -> None:
        with self._kit.db.writing() as session:
            Turns(session).fail(turn.id, why)
