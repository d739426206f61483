"""What becomes of a reply whose message is edited, taken back, or joined by another one.

The bot changes its own words. What an agent has said stays, and what the new words need comes in a message below it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot import history, right_answers, showing
from bot.cases import Cases
from bot.corrections import CorrectionDesk, Refused
from bot.kit import Heard, Kit
from bot.outcomes import Outcome
from bot.referring import Reader
from bot.replacing import Replacing
from bot.replies import Replies
from bot.routing import UNSURE, Route
from bot.turn_work import unreadable
from bot.understanding import Understanding
from bot.which_order import number_in
from storage.bursts import JOINED
from storage.conversations import Conversation
from storage.tables import ERASED
from storage.turns import Turn, Turns


class Rewording:
    def __init__(
        self,
        kit: Kit,
        understanding: Understanding,
        replies: Replies,
        cases: Cases,
        corrections: CorrectionDesk,
        replacing: Replacing,
    ) -> None:
        self._kit, self._understanding, self._replies = kit, understanding, replies
        self._reader = Reader(kit, understanding, replies)
        self._cases, self._corrections, self._replacing = cases, corrections, replacing

    def edited(self, turn_id: int) -> None:
        """Understand the new wording and change the same reply, as long as the bot has the case."""
        turn, case = self._first_of(turn_id)
        first = not self._replacing.replaced(turn.id)

        def stands(new: Outcome) -> bool:
            return first and new.kind == turn.reply_kind and new.reply is None

        self._reword(turn, self._once(turn, case), stands, answered=True)
        heard = self._kit.heard(turn)
        if not unreadable(heard.words):
            history.reworded(self._kit, turn.id, self._understanding.predict(heard.words, own=heard.own).label)
        for later in history.later(self._kit, case):
            self._cases.show(later)

    def joined(self, turn_id: int) -> None:
        """The same for a reply whose turn another message has joined; nothing where it says the same."""
        turn, case = self._first_of(turn_id)
        first = not self._replacing.replaced(turn.id)

        def stands(new: Outcome) -> bool:
            unsure = turn.route == Route.ANSWER and new.route in UNSURE
            return unsure or (first and new.words == turn.reply_text)

        self._reword(turn, self._once(turn, case), stands, answered=True)

    def deleted(self, turn_id: int) -> None:
        """Take our reply back too, or change it where other words are left; the text is redacted already."""
        turn, case = self._first_of(turn_id)
        self._corrections.forget(turn.id)
        if self._kit.heard(turn).own not in ("", ERASED):
            self._reword(turn, self._once(turn, case), lambda new: False)
            return
        if turn.reply_ts:
            self._replacing.take_back(turn)
            self._kit.surface.remove(turn.channel, turn.reply_ts)
        self._cases.show(case.id)

    @staticmethod
    def _once(turn: Turn, case: Conversation) -> Conversation:
        """The case before this turn: whoever was not understood in it has asked only once."""
        return replace(case, strikes=max(0, case.strikes - 1)) if turn.route in UNSURE else case

    def _reword(
        self, turn: Turn, case: Conversation, stands: Callable[[Outcome], bool], *, answered: bool = False
    ) -> None:
        if case.state == "bot" and turn.status == "done" and turn.reply_ts and turn.route != Route.HANDOFF:
            heard = self._kit.heard(turn)
            hint = unreadable(heard.words)
            outcome = Outcome(None, "hint", hint) if hint else self._decided(case, turn, heard)
            with self._kit.db.reading() as session:
                spoken = right_answers.spoken(session, turn)
            if spoken is not None:
                self._beneath(turn, case, outcome, heard, spoken)
            elif outcome.kind != showing.SILENT and not stands(outcome):
                self._replacing.replace(turn, case, outcome, answered=answered)
        self._cases.show(case.id, turn_id=turn.id)

    def _beneath(self, turn: Turn, case: Conversation, outcome: Outcome, heard: Heard, spoken: datetime) -> None:
        """An agent has answered: nothing is said to other words for the same, and what asks for more is answered in a
        message of its own."""
        if outcome.kind == showing.SILENT or outcome.route is None:
            return
        if self._as_before(turn, outcome, heard, spoken):
            self._replacing.take_back(turn)
            return
        if outcome.kind == showing.DRAFT and turn.reply_kind != showing.DRAFT:
            # The mode has changed since: this turn has no draft that could wait for an agent.
            outcome = self._replies.owed(heard.words)
        with self._kit.db.reading() as session:
            waits = showing.unsent(session, turn)
        self._replacing.replace(turn, case, outcome, answered=True, beneath=not waits)

    def _as_before(self, turn: Turn, outcome: Outcome, heard: Heard, spoken: datetime) -> bool:
        """Whether the words ask for nothing that they did not ask for when the agent answered them."""
        found, names = outcome.prediction, self._kit.catalogue.names()
        if found is None:
            return False
        with self._kit.db.reading() as session:
            label, turns = right_answers.answered_label(session, turn), Turns(session)
            before = "\n".join(_worded(turns, each, spoken) for each in (turn, *turns.joined(turn.id)))
        had = {label, *(request[0] for request in turn.requests if label == showing.label(turn))}
        asks = {found.label, *(each.intent for each in found.further)}
        return {*map(names.of, asks)} <= {*map(names.of, had)} and number_in(heard.own) == number_in(before)

    def _decided(self, case: Conversation, turn: Turn, heard: Heard) -> Outcome:
        return self._replies.decide(case, turn, heard.words, self._reader.read(case, turn, heard))

    def _first_of(self, turn_id: int) -> tuple[Turn, Conversation]:
        """The turn whose words these are, with its case: its own, or the one that it has joined."""
        turn = self._kit.turn(turn_id)
        if turn is not None and turn.joined_to and turn.reply_kind == JOINED:
            turn = self._kit.turn(turn.joined_to)
        case = self._kit.case(turn.conversation_id) if turn is not None else None
        if turn is None or case is None:
            raise Refused("That message is gone.")
        return turn, case


def _worded(turns: Turns, turn: Turn, then: datetime) -> str:
    """The words of one message as they stood at a moment."""
    said = [each.text for each in turns.edits(turn.id) if each.at <= then]
    return said[-1] if said else turn.text
