"""A draft that answered something else than what an agent says the customer wanted is made anew."""

from bot import showing
from bot.cases import Cases
from bot.kit import Kit
from bot.replies import Replies
from bot.turn_work import prediction_of
from model.types import OOS, Reply
from storage.conversations import Conversation
from storage.corrections import Correction, Corrections
from storage.tables import ERASED
from storage.turns import Turn, Turns


class Redrafting:
    def __init__(self, kit: Kit, replies: Replies, cases: Cases) -> None:
        self._kit, self._replies, self._cases = kit, replies, cases

    def anew(self, turn_id: int) -> None:
        """Draft the answer to the label that stands, and draw the card; without an answer there is no draft to send.

        May wait for a model.
        """
        turn = self._kit.turn(turn_id)
        case = self._kit.case(turn.conversation_id) if turn is not None else None
        if turn is None or case is None:
            return
        with self._kit.db.reading() as session:
            fix = Corrections(session).latest(turn_id)
        reply = self._reply(case, turn, fix)
        written = fix.better_answer if fix is not None and fix.better_answer not in (None, ERASED) else ""
        with self._kit.db.writing() as session:
            turns, now = Turns(session), Corrections(session).latest(turn_id)
            # Whoever has corrected it once more meanwhile has it drafted again, and what was sent is no draft.
            if (now.id if now else 0) == (fix.id if fix else 0) and showing.unsent(session, turn):
                if written or reply is None:
                    turns.redraft(turn_id, written or "")
                else:
                    turns.redraft(turn_id, reply.text, reply.version, reply.sources)
        self._cases.show(case.id)

    def _reply(self, case: Conversation, turn: Turn, fix: Correction | None) -> Reply | None:
        words = self._kit.words(turn)
        if words == ERASED:
            return None
        if fix is not None and fix.after != showing.label(turn):
            if fix.after == OOS:
                return None
            return self._replies.answer(case, turn, words, self._kit.catalogue.get(fix.after)).reply
        # As it was drafted the first time.
        prediction = prediction_of(turn, words)
        return self._replies.decide(case, turn, words, prediction).reply if prediction is not None else None
