"""Drafts: the bot's answers that an agent sends, and their customers, who wait for that meanwhile.

The case stays with the bot, for the next message gets a draft too. But its customer waits from the first draft that
nobody has dealt with, and bot/waits.py reminds of that as of any other wait.
"""

from collections.abc import Callable

from bot.kit import Kit
from bot.outcomes import facts_sent
from bot.right_answers import answered_label
from bot.showing import DRAFT, EDITED, RIGHT_SENT, SENT, unsent
from bot.turn_work import thread_of
from bot.values import Said
from model.types import Reply
from storage.clicks import Clicks
from storage.conversations import Conversation, Conversations
from storage.drafts import open_drafts
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turn, Turns


def withdrawn(session: Session, turn_id: int) -> bool:
    """Take back the draft of a turn, which answers something else than was wanted; False where none waits."""
    turn = Turns(session).get(turn_id)
    return turn is not None and unsent(session, turn) and Turns(session).redraft(turn_id, "")


class DraftDesk:
    """Args:
    show: draws the case's card: (case, reason, turn).
    """

    def __init__(self, kit: Kit, show: Callable[[int, str, int], object]) -> None:
        self._kit, self._show = kit, show

    def written(self, case_id: int) -> None:
        """An answer waits for an agent: so does the customer, unless a person has the case."""
        with self._kit.db.writing() as session:
            Conversations(session).awaits(case_id, self._kit.clock())

    def renewed(self, turn: Turn, reply: Reply | None) -> None:
        """The customer's new words ask for another draft, which can be sent whatever was before; or for none."""
        if turn.reply_kind != DRAFT:
            if reply is not None:
                self.written(turn.conversation_id)
            return
        with self._kit.db.writing() as session:
            if reply is None:
                withdrawn(session, turn.id)
                return
            clicks = Clicks(session)
            for each in clicks.of_turn(turn.id):
                if each.kind in (SENT, RIGHT_SENT, EDITED):
                    clicks.take_back(turn.id, each.user, each.kind, each.value)
            Turns(session).redraft(turn.id, reply.text, reply.version, reply.sources)
            Conversations(session).awaits(turn.conversation_id, self._kit.clock())

    def send(self, turn_id: int, agent: str, words: str = "") -> str:
        """Send the draft, or `words` in its place, once. Empty, or the words that say why not."""
        with self._kit.db.writing() as session:
            turn = Turns(session).get(turn_id)
            if turn is None or turn.team_id != self._kit.team or not _drafted(turn, words):
                return "There is no draft for this turn."
            label, case = answered_label(session, turn), Conversations(session).get(turn.conversation_id)
            held = case is not None and case.state == "human" and case.holder != agent
            # The row's user is empty on purpose: whoever of the agents is first sends it.
            first = not held and unsent(session, turn) and Clicks(session).add(self._kit.team, turn_id, "", SENT)
            if first and words and words.strip() != turn.reply_text.strip():
                Clicks(session).add(self._kit.team, turn_id, agent, EDITED)
            if not held:
                Conversations(session).stirred(turn.conversation_id, agent, self._kit.clock())
        if case is not None and held:
            return f"<@{case.holder}> has this case."
        if not first:
            return "This draft has been sent already."
        if case is not None:
            with_bot = case.state == "bot"
            found = facts_sent(turn, label, turn.response_version, worded=bool(words))
            body = words or turn.reply_text
            said = Said(body, case.id, turn_id, feedback=True, done=True, person=with_bot, facts=found)
            with self._kit.doing(turn_id, "", SENT):
                self._kit.surface.say(case.channel, thread_of(turn, case), said)
            self.waited(case)
            self._show(case.id, f"Answered, sent by {self._kit.surface.person(agent).name or agent}", turn_id)
        return ""

    def waited(self, case: Conversation) -> bool:
        """End the wait of a case whose last draft was sent, erased or answered otherwise; whether it was."""
        if case.state != "bot":
            return False
        with self._kit.db.writing() as session:
            over = not open_drafts(session, case.id)
            if over:
                Conversations(session).served(case.id)
        return over


def _drafted(turn: Turn, words: str) -> bool:
    """Whether a turn has a draft to be sent, or to be sent in other words; one that was withdrawn has no words."""
    return turn.reply_kind == DRAFT and turn.reply_text != ERASED and bool(words or turn.reply_text)
