"""What comes after a reply: a click on it, a judgement of it, an edit or a deletion of the message it answers."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Literal

from bot import history, showing, wording
from bot.cases import Cases
from bot.corrections import CorrectionDesk, Refused
from bot.courtesy import may_ask_if_all
from bot.kit import Heard, Kit
from bot.order_answers import ASKED, customer_of, intent_asked, told_in
from bot.outcomes import Outcome
from bot.referring import Reader
from bot.replacing import Replacing
from bot.replies import Replies
from bot.right_answers import answer_of
from bot.routing import UNSURE, Route
from bot.turn_work import thread_of, unreadable
from bot.understanding import Understanding
from bot.values import Said
from model.types import Intent
from storage.bursts import JOINED
from storage.clicks import CHOSEN, Clicks
from storage.conversations import Conversation, Conversations
from storage.corrections import Correction, Corrections
from storage.feedback import Feedback
from storage.scores import Scores
from storage.tables import ERASED
from storage.turns import Turn

NONE = "none_of_these"


class FollowUps:
    def __init__(
        self, kit: Kit, understanding: Understanding, replies: Replies, cases: Cases, corrections: CorrectionDesk
    ) -> None:
        self._kit, self._understanding, self._replies = kit, understanding, replies
        self._cases, self._corrections, self._replacing = cases, corrections, Replacing(kit, cases)
        self._reader = Reader(kit, understanding, replies)

    def choose(self, turn_id: int, name: str, user: str) -> str:
        """The customer says what was meant: the question becomes the answer. Empty, or a line for the clicker."""
        turn, case = self._of(turn_id)
        refused = self._claim_click(turn, case, user, CHOSEN, name)
        if refused is not None:
            return refused
        intent = self._kit.catalogue.get(name)
        with self._kit.doing(turn.id, user, CHOSEN, name):
            outcome = self._replies.chosen(case, turn, self._kit.words(turn), intent)
            self._replacing.replace(turn, case, outcome, f"You chose: {intent.title}", answered=True)
        return ""

    def choose_order(self, turn_id: int, number: str, user: str) -> str:
        """The customer says which order was meant. Empty, or a line for the clicker.

        A number that is not theirs gets the same line whether it exists or not, whoever made the button.
        """
        turn, case = self._of(turn_id)
        if user != case.customer:
            return wording.NOT_YOURS
        order = self._kit.orders.one(customer_of(case), number) if told_in(case) else None
        if order is None:
            return wording.NO_SUCH_ORDER
        refused = self._claim_click(turn, case, user, ASKED, order.number, (ASKED,))
        if refused is not None:
            return refused
        with self._kit.doing(turn.id, user, ASKED, order.number):
            outcome = self._replies.of_order(case, turn, self._kit.words(turn), self._asked_for(turn), order)
            self._replacing.replace(turn, case, outcome, wording.CHOSE_ORDER.format(number=order.number), answered=True)
        return ""

    def _asked_for(self, turn: Turn) -> Intent:
        """The intent of which an order was asked: the one that the customer chose, or that was understood."""
        with self._kit.db.reading() as session:
            name = intent_asked(session, turn)
        return self._kit.catalogue.get(name)

    def none(self, turn_id: int, user: str) -> str:
        """None of the offered intents. Empty, or a line for the clicker."""
        turn, case = self._of(turn_id)
        refused = self._claim_click(turn, case, user, NONE, "")
        if refused is not None:
            return refused
        said = Said(wording.NONE_OF_THESE, case.id, turn.id, person=True)
        with self._kit.doing(turn.id, user, NONE):
            self._kit.surface.change(case.channel, turn.reply_ts, said)
        return ""

    def person(self, case_id: int, turn_id: int, user: str) -> str:
        """The customer wants a person. Empty, or a line for the clicker."""
        case = self._kit.case(case_id)
        if case is None or user != case.customer:
            return wording.NOT_YOURS
        return "" if self._cases.call_person(case_id, turn_id, user) else wording.ALREADY_CALLED

    def done(self, case_id: int, user: str) -> str:
        """The customer is all set: the case is closed, and a score offered. Empty, or a line for the clicker."""
        case = self._kit.case(case_id)
        if case is None or user != case.customer:
            return wording.NOT_YOURS
        if not self._cases.close(case_id):
            return wording.CLOSED_ALREADY
        self._kit.surface.say(case.channel, case.thread_ts, Said(wording.ALL_SET, case_id, rate=0))
        self._cases.show(case_id, "The customer is all set" if case.card_ts else "")
        return ""

    def score(self, case_id: int, score: int, user: str, channel: str, ts: str) -> str:
        """Keep the customer's score, and show it in the message that asked. Empty, or a line for the clicker."""
        case = self._kit.case(case_id)
        if case is None or user != case.customer:
            return wording.NOT_YOURS
        with self._kit.db.writing() as session:
            scores = Scores(session, self._kit.team)
            if scores.of(case_id) == score:
                return ""
            scores.give(case_id, score)
        words = wording.SCORED.format(score=score)
        self._kit.surface.change(channel, ts, Said(words, case_id, rate=score))
        return ""

    def judge(self, turn_id: int, user: str, value: Literal["good", "bad"], reason: str = "", comment: str = "") -> str:
        """Keep a judgement; agents see a card for a bad one. A line for the customer."""
        turn, case = self._of(turn_id)
        with self._kit.db.writing() as session:
            feedback = Feedback(session)
            disliked = any((row.user, row.value) == (user, "bad") for row in feedback.of_turn(turn_id))
            kept = feedback.give(self._kit.team, turn_id, user, value, reason, comment)
        if value == "good":
            if disliked:
                self._cases.show(case.id, "Helpful after all", turn.id)
            self._ask_if_all(turn, case, user)
            return wording.THANKS
        why = f"Not helpful: {kept.reason.replace('_', ' ')}" if kept.reason else "Not helpful"
        self._cases.show(case.id, why, turn.id)
        return wording.THANKS_BAD

    def _ask_if_all(self, turn: Turn, case: Conversation, user: str) -> None:
        """A case that ended well: asked once, with the button that closes it."""
        if user == case.customer and may_ask_if_all(self._kit, case.id):
            said = Said(wording.WAS_ALL, case.id, done=True, person=True)
            self._kit.surface.say(case.channel, thread_of(turn, case), said)

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
            if outcome.kind != showing.SILENT and not stands(outcome):
                self._replacing.replace(turn, case, outcome, answered=answered)
        self._cases.show(case.id, turn_id=turn.id)

    def deleted(self, turn_id: int) -> None:
        """Take our reply back too, or change it where other words are left; the text is redacted already."""
        turn, case = self._first_of(turn_id)
        self._corrections.forget(turn.id)
        if self._kit.heard(turn).own not in ("", ERASED):
            self._reword(turn, self._once(turn, case), lambda new: False)
            return
        if turn.reply_ts:
            self._kit.surface.remove(turn.channel, turn.reply_ts)
        self._cases.show(case.id)

    def _first_of(self, turn_id: int) -> tuple[Turn, Conversation]:
        """The turn whose words these are: its own, or the one that it has joined."""
        turn, case = self._of(turn_id)
        return self._of(turn.joined_to) if turn.joined_to and turn.reply_kind == JOINED else (turn, case)

    def answer_rightly(self, turn_id: int, agent: str) -> str:
        """After a correction: the answer to the right intent, or the agent's better one. A line for the agent."""
        turn, case = self._of(turn_id)
        if case.state == "closed":
            return "This case is resolved."
        if case.state == "human" and case.holder != agent:
            return f"<@{case.holder}> has this case."
        with self._kit.db.writing() as session:
            fix = Corrections(session).latest(turn.id)
            answer = answer_of(fix) if fix is not None else ""
            first = bool(answer) and Clicks(session).add(self._kit.team, turn_id, "", showing.RIGHT_SENT, answer)
        if fix is None or not answer:
            return "There is no answer to send."
        if not first:
            return "The right answer has been sent already."
        with self._kit.doing(turn_id, "", showing.RIGHT_SENT, answer):
            return self._answer_rightly(turn, case, fix)

    def _answer_rightly(self, turn: Turn, case: Conversation, fix: Correction) -> str:
        if fix.better_answer:
            said = Said(fix.better_answer, case.id, person=case.state == "bot")
            self._kit.surface.say(case.channel, thread_of(turn, case), said)
            return "Sent."
        outcome = self._replies.answer(case, turn, self._kit.words(turn), self._kit.catalogue.get(fix.after))
        if outcome.reply is None:
            return "Nothing known answers this yet. Write to the customer in the thread."
        said = replace(outcome.said(case.id, turn.id, "", {}), done=True, person=case.state == "bot")
        self._kit.surface.say(case.channel, thread_of(turn, case), said)
        return "Sent."

    def uneditable(self, turn: Turn) -> str:
        """Why a turn has no answer that an agent could word anew; empty where it has one."""
        with self._kit.db.reading() as session:
            if showing.answered(session, turn):
                return ""
        if turn.reply_kind == showing.DRAFT and turn.reply_text != ERASED:
            return "This draft has been sent already."
        return "I have said no answer there that could be edited. “Write to customer” brings them your words."

    def edit_answer(self, turn_id: int, words: str, agent: str, seen: int | None) -> str:
        """Send or replace the answer by an agent's words, and keep them to learn from. A line for the agent.

        Raises:
            Refused: another agent was quicker.
        """
        turn, case = self._of(turn_id)
        if case.state == "human" and case.holder != agent:
            return f"<@{case.holder}> has this case."
        refused = self.uneditable(turn)
        if refused:
            return refused
        fix = self._label(turn)
        if fix:
            self._corrections.relabel(turn_id, fix, agent, "card", better_answer=words, seen=seen, sends=True)
        if turn.reply_kind == showing.DRAFT:
            return self._cases.drafts.send(turn_id, agent, words)
        said = Said(words, case.id, turn_id, feedback=True, done=True, person=case.state == "bot")
        self._replacing.stands(turn_id, Route.ANSWER)
        self._kit.surface.change(case.channel, turn.reply_ts, said)
        self._cases.show(case.id)
        return ""

    def _label(self, turn: Turn) -> str:
        with self._kit.db.reading() as session:
            latest, meant = Corrections(session).latest(turn.id), Clicks(session).meant(turn.id)
        return latest.after if latest is not None else meant or showing.label(turn)

    def _decided(self, case: Conversation, turn: Turn, heard: Heard) -> Outcome:
        return self._replies.decide(case, turn, heard.words, self._reader.read(case, turn, heard))

    def _claim_click(
        self, turn: Turn, case: Conversation, user: str, kind: str, value: str, once: Collection[str] = (CHOSEN, NONE)
    ) -> str | None:
        """None for the first click under a question; else a line for the clicker, empty for a double click."""
        if user != case.customer:
            return wording.NOT_YOURS
        with self._kit.db.writing() as session:
            clicks = Clicks(session)
            earlier = [click for click in clicks.of_turn(turn.id) if click.kind in once]
            now = Conversations(session).get(case.id)
            held = now is not None and now.state == "bot"
            if not earlier and held:
                clicks.add(self._kit.team, turn.id, user, kind, value)
        if earlier:
            return ""
        return None if held else wording.ALREADY_CALLED

    def _of(self, turn_id: int) -> tuple[Turn, Conversation]:
        turn = self._kit.turn(turn_id)
        case = self._kit.case(turn.conversation_id) if turn is not None else None
        if turn is None or case is None:
            raise Refused("That message is gone.")
        return turn, case
