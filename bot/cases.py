"""Cases between bot and people: hand-off, take, release, resolve, and the card that shows each of them.

A state changes by compare-and-set in SQL, so of two agents one wins; everybody else hears who has the case.
"""

import threading

from bot import showing, wording
from bot.kit import Kit
from bot.showing import DRAFT, EDITED, SENT
from bot.values import Said
from storage.clicks import Clicks
from storage.conversations import Conversations


class Cases:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        # One card at a time: two threads that find no card yet would post two.
        self._drawing = threading.RLock()

    # Customers

    def call_person(self, case_id: int, turn_id: int, user: str) -> bool:
        """The customer's button. False where a person has it already."""
        with self._kit.db.writing() as session:
            if turn_id:
                Clicks(session).add(self._kit.team, turn_id, user, "talk_to_person")
            moved = Conversations(session).move(case_id, expected={"bot", "closed"}, to="waiting")
        if moved:
            turn = self._kit.turn(turn_id)
            self.say(case_id, self._kit.languages.handoff(self._kit.words(turn)) if turn else wording.HANDOFF)
            self.show(case_id, "Asked for a person", turn_id)
        return moved

    def hand_off(self, case_id: int) -> bool:
        """Bot to waiting. True also where it waits already, for a turn worked again; False where a person has it."""
        with self._kit.db.writing() as session:
            cases = Conversations(session)
            if cases.move(case_id, expected={"bot"}, to="waiting"):
                return True
            case = cases.get(case_id)
        return case is not None and case.state == "waiting"

    def joined(self, case_id: int, channel: str, thread: str) -> None:
        """A new message has joined a case that is not with the bot: said once, under the message itself."""
        with self._kit.db.writing() as session:
            tell = Conversations(session).set_notice(case_id)
        if tell:
            self._kit.surface.say(channel, thread, Said(wording.WITH_A_PERSON, case_id))

    def reopened(self, case_id: int, to: str) -> None:
        """A resolved case has had a message and is open again, with a person or with the bot."""
        self.say(case_id, wording.REOPENED if to == "person" else wording.REOPENED_BOT)
        if to == "person":
            with self._kit.db.writing() as session:
                Conversations(session).set_notice(case_id)
            self.show(case_id, "Opened again")

    def write(self, case_id: int, agent: str, words: str) -> str:
        """Bring an agent's words to the customer; agents cannot see a customer's direct messages.

        Whoever writes has the case. Empty, or the words that say why not.
        """
        with self._kit.db.writing() as session:
            cases = Conversations(session)
            cases.move(case_id, expected={"bot", "waiting"}, to="human", holder=agent)
            case = cases.get(case_id)
        if case is None or case.state == "closed":
            return "This case is resolved."
        if case.holder != agent:
            return f"<@{case.holder}> has this case."
        name = self._kit.surface.person(agent).name or "A colleague"
        self.say(case_id, f"**{name}:** {words}")
        self.show(case_id)
        return ""

    # Agents

    def take(self, case_id: int, agent: str) -> str:
        """Give the case to an agent. Empty, or the words that say why not."""
        with self._kit.db.writing() as session:
            cases = Conversations(session)
            moved = cases.move(case_id, expected={"bot", "waiting"}, to="human", holder=agent)
            case = cases.get(case_id)
        if case is None:
            return "This case is gone."
        if moved:
            name = self._kit.surface.person(agent).name or "A colleague"
            self.say(case_id, wording.TAKEN.format(name=name))
            self.show(case_id)
            return ""
        self.show(case_id)
        if case.state == "closed":
            return "This case is resolved."
        return "You have it already." if case.holder == agent else f"<@{case.holder}> has it already."

    def release(self, case_id: int) -> str:
        """Give the case back to the bot. Empty, or the words that say why not."""
        with self._kit.db.writing() as session:
            moved = Conversations(session).move(case_id, expected={"waiting", "human"}, to="bot")
        if moved:
            self.say(case_id, wording.RELEASED, person=True)
        self.show(case_id)
        return "" if moved else "The bot has this case already, or it is resolved."

    def resolve(self, case_id: int) -> str:
        """Close the case. Empty, or the words that say why not."""
        with self._kit.db.writing() as session:
            moved = Conversations(session).move(case_id, expected={"bot", "waiting", "human"}, to="closed")
        if moved:
            self.say(case_id, wording.RESOLVED)
        self.show(case_id)
        return "" if moved else "This case is resolved already."

    def send_draft(self, turn_id: int, agent: str, words: str = "") -> str:
        """Send the draft, or `words` in its place, once. Empty, or the words that say why not."""
        turn = self._kit.turn(turn_id)
        if turn is None or turn.reply_kind != DRAFT:
            return "There is no draft for this turn."
        with self._kit.db.writing() as session:
            case = Conversations(session).get(turn.conversation_id)
            held = case is not None and case.state == "human" and case.holder != agent
            # The row's user is empty on purpose: whoever of the agents is first sends it.
            first = not held and Clicks(session).add(self._kit.team, turn_id, "", SENT)
            if first and words and words.strip() != turn.reply_text.strip():
                Clicks(session).add(self._kit.team, turn_id, agent, EDITED)
        if case is not None and held:
            return f"<@{case.holder}> has this case."
        if not first:
            return "This draft has been sent already."
        said = Said(words or turn.reply_text, turn.conversation_id, turn_id, feedback=True, person=True)
        if case is not None:
            self._kit.surface.say(case.channel, case.thread_ts, said)
            self.show(case.id, f"Answered, sent by {self._kit.surface.person(agent).name or agent}", turn_id)
        return ""

    # Showing

    def say(self, case_id: int, words: str, *, person: bool = False) -> None:
        """A line of the desk's own to the customer, in the case's thread."""
        case = self._kit.case(case_id)
        if case is not None:
            self._kit.surface.say(case.channel, case.thread_ts, Said(words, case_id, person=person))

    def show(self, case_id: int, reason: str = "", turn_id: int = 0) -> None:
        """Draw the case's card; without a reason only where there is one already."""
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
                if ts != case.card_ts:
                    Conversations(session).card(case_id, case.card_channel or channel, ts)

    def show_of(self, turn_id: int) -> None:
        """Draw the card that shows this turn, if there is one."""
        turn = self._kit.turn(turn_id)
        if turn is not None:
            self.show(turn.conversation_id)
