"""An agent hands a case to a person: to whoever takes it, or to a colleague by name. By command, shortcut or card."""

import re

from bot import text
from bot.cases import Cases
from bot.corrections import CorrectionDesk, Refused
from bot.kit import Kit
from bot.lifecycle import Event
from bot.moves import Moved, apply
from bot.notices import CALLED, TAKEN
from bot.telling import anyhow
from storage.notices import Notice

RELEASE = "release"
USAGE = "Expected `handoff <link or turn> [@colleague] [why]` or `handoff release <link or turn>`."
_MENTION = re.compile(r"^<@([A-Z0-9_]+)(?:\|[^>]*)?>$")


class Handing:
    def __init__(self, kit: Kit, cases: Cases, corrections: CorrectionDesk) -> None:
        self._kit, self._cases, self._corrections = kit, cases, corrections

    def by_words(self, words: str, by: str) -> str:
        """`<link or turn> [@colleague] [why]`, or `release <link or turn>`. A line for the agent.

        Raises:
            Refused: the words name no case, or no colleague.
        """
        reference, _, rest = words.strip().partition(" ")
        if reference.lower() == RELEASE:
            return self._cases.release(self._case(rest)) or "The bot has it again."
        case_id = self._case(reference)
        to, why = self._colleague(rest.strip())
        return self.hand(case_id, by, to, why)

    def hand(self, case_id: int, by: str, to: str = "", why: str = "") -> str:
        """To `to`, or to whoever takes it. A line for the agent who hands it over.

        Args:
            why: for the colleagues, on the card.
        """
        if to and not self._kit.people.is_agent(to):
            return f"<@{to}> is no support agent."
        name = self._kit.surface.person(by).name or "a colleague"
        reason = text.shorten(f"Handed over by {name}{f': {why}' if why else ''}", 300)
        refused = self._give(case_id, by, to, reason) if to else self._pass_on(case_id, reason)
        return refused or (f"<@{to}> has it now." if to else "It waits for a person now, and the customer knows.")

    def _pass_on(self, case_id: int, reason: str) -> str:
        """Have it wait for whoever takes it. Empty, or the words that say why not."""
        with self._kit.db.writing() as session:
            done = apply(session, case_id, Event.PASSED_ON, self._kit.clock())
            owed = self._cases.notices.owe(session, done, CALLED)
        self._tell(done, owed, reason)
        if done.moved or done.case is None:
            return "" if done.moved else "This case is gone."
        having = f"<@{done.case.holder}> has this case: give it to somebody by name, or release it first."
        return {"human": having, "waiting": "It waits for a person already."}.get(
            done.case.state, "This case is resolved."
        )

    def _give(self, case_id: int, by: str, to: str, reason: str) -> str:
        """Give it to a colleague, whoever has it; they are called on the card. Empty, or the words that say why not."""
        with self._kit.db.writing() as session:
            done = apply(session, case_id, Event.GIVEN, self._kit.clock(), holder=to)
            owed = self._cases.notices.owe(session, done, TAKEN, to)
        if not done.moved or done.case is None:
            closed = done.case is None or done.case.state == "closed"
            return "This case is resolved." if closed else f"<@{to}> has it already."
        self._tell(done, owed, reason)
        card = self._kit.case(case_id)
        if card is not None and card.card_ts and to != by:
            words = f"<@{to}>, <@{by}> gives you this request. {text.escaped(reason, 400)}"
            anyhow(lambda: self._kit.surface.note(card.card_channel, card.card_ts, words))
        return ""

    def _tell(self, done: Moved, owed: Notice | None, reason: str) -> None:
        telling, case_id = self._cases.telling, done.case.id if done.case is not None else 0
        telling.tell(done, customer=telling.owed(done, owed), card=lambda: self._cases.show(case_id, reason))

    def _case(self, reference: str) -> int:
        if not reference.strip():
            raise Refused(USAGE)
        return self._corrections.find(reference).conversation_id

    def _colleague(self, words: str) -> tuple[str, str]:
        """Whom a mention at the beginning means, and what follows it; slash commands bring names as they were typed."""
        first, _, rest = words.partition(" ")
        mention = _MENTION.match(first)
        if mention:
            return mention.group(1), rest.strip()
        if not words.startswith("@"):
            return "", words
        people = [self._kit.surface.person(agent) for agent in sorted(self._kit.people.agents())]
        names = [(name, each.id) for each in people for name in (each.name, each.first_name, each.id) if name]
        said = words[1:]
        for name, user in sorted(names, key=lambda each: -len(each[0])):
            if re.match(rf"{re.escape(name)}(\s|$)", said, re.IGNORECASE):
                return user, said[len(name) :].strip()
        raise Refused(f"There is no support agent {first}. {USAGE}")
