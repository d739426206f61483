"""Agents' own words to customers, under the agent's name: typed into a form, or brought from a card's thread."""

from collections.abc import Callable

from bot import text
from bot.kit import Kit
from bot.lifecycle import Event, Told
from bot.moves import apply
from bot.notices import TAKEN, CaseNotices
from bot.telling import Telling, anyhow
from bot.values import Said
from storage.agent_replies import AgentReplies, Source, key_of
from storage.conversations import Conversation, Conversations
from storage.events import Events


class AgentWords:
    """Args:
    show: draws the case's card.
    """

    def __init__(self, kit: Kit, notices: CaseNotices, telling: Telling, show: Callable[[int], object]) -> None:
        self._kit, self._notices, self._telling, self._show = kit, notices, telling, show

    def write(self, case_id: int, agent: str, words: str, *, source: Source = "form", key: str = "") -> str:
        """Bring an agent's words to the customer, and keep them; agents cannot see a customer's direct messages.

        Whoever writes has the case. Empty, or the words that say why not.

        Args:
            key: of the form or the message that they come by; the same form again is sent once.
        """
        case = self._kit.case(case_id) if key else None
        if case is None:
            return self._write(case_id, agent, words, "", source, key)
        return self._once(case, key, lambda: self._write(case_id, agent, words, key, source, key), again="")

    def _write(self, case_id: int, agent: str, words: str, mark: str, source: Source, key: str) -> str:
        with self._kit.db.writing() as session:
            now = self._kit.clock()
            done = apply(session, case_id, Event.WRITTEN_BY_CARD, now, holder=agent)
            owed = self._notices.owe(session, done, TAKEN, agent)
            Conversations(session).stirred(case_id, agent, now)
        if done.case is None or Told.CUSTOMER not in done.tell:
            return "This case is resolved."
        if done.case.holder != agent:
            return f"<@{done.case.holder}> has this case."
        name = self._kit.surface.person(agent).name or "A colleague"
        said = Said(f"**{name}:** {words}", case_id, mark=mark)
        case = done.case

        def say() -> None:
            ts = self._kit.surface.say(case.channel, case.thread_ts, said)
            anyhow(lambda: self._keep(case_id, agent, source, key or key_of(case.channel, ts), words))

        self._telling.tell(
            done,
            # Who cannot bring the words has the case all the same, and the customer hears that.
            customer=self._telling.owed(done, owed, say),
            card=lambda: self._show(case_id),
        )
        return ""

    def _keep(self, case_id: int, agent: str, source: Source, key: str, words: str) -> None:
        with self._kit.db.writing() as session:
            AgentReplies(session, self._kit.team).add(case_id, agent, source, key, words)

    def bring(self, case_id: int, agent: str, ts: str) -> str:
        """Bring what an agent wrote in the card's thread to the customer, once. What to say to the agent.

        The words are read again where they stand: talk among agents is not stored, and an edit counts.
        """
        case = self._kit.case(case_id)
        words = self._kit.surface.read(case.card_channel, case.card_ts, ts) if case is not None else ""
        if case is None or not text.has_words(words):
            return "That message is gone, or has no words."
        claim, key = f"sent:{case.card_channel}:{ts}", key_of(case.card_channel, ts)
        said = text.clean(words, self._kit.bot)
        refused = self._once(
            case, claim, lambda: self._write(case_id, agent, said, claim, "card", key), again="That was sent already."
        )
        if not refused:
            self._kit.surface.tick(case.card_channel, ts)
        return refused or "Sent to the customer. The case is yours."

    def _once(self, case: Conversation, claim: str, send: Callable[[], str], again: str) -> str:
        """What `send` says; `again` where the same was sent already. What was refused or failed may be tried again."""
        with self._kit.db.writing() as session:
            first = Events(session).first(self._kit.team, claim)
        # A former try may have posted without hearing so.
        if not first or self._kit.surface.marked(case.channel, case.thread_ts, claim):
            return again
        refused = "unsaid"
        try:
            refused = send()
        finally:
            if refused:
                with self._kit.db.writing() as session:
                    Events(session).forget(self._kit.team, claim)
        return refused
