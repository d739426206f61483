"""Another reply in the place of the one that stands, or below it where an agent's words stand there."""

from dataclasses import replace

from bot import introductions, showing
from bot.cases import Cases
from bot.kit import Kit
from bot.outcomes import Outcome
from bot.routing import Route
from bot.turn_work import thread_of
from bot.values import Said
from storage.clicks import Clicks
from storage.conversations import Conversation, Conversations
from storage.keyvalues import KeyValues
from storage.turns import Turn


class Replacing:
    def __init__(self, kit: Kit, cases: Cases) -> None:
        self._kit, self._cases = kit, cases

    def replace(
        self,
        turn: Turn,
        case: Conversation,
        outcome: Outcome,
        notice: str = "",
        *,
        answered: bool = False,
        beneath: bool = False,
    ) -> None:
        """Put another outcome in the place of the turn's reply, unless a person has the case by now.

        Args:
            beneath: below the turn's first reply, in a message of its own.
        """
        small = "\n".join(filter(None, (notice or outcome.aside, introductions.beneath(self._kit, turn))))
        facts = {"intent": outcome.prediction.label} if outcome.prediction else {}

        def change(words: str) -> None:
            said = replace(outcome, words=words).said(case.id, turn.id, small, facts)
            # Said first: whoever does not know that it stands has to say it again.
            self._stands(turn.id, outcome.route)
            self._put(turn, case, said, beneath)

        if outcome.route is Route.HANDOFF:
            if not self._cases.hand_over(case.id, turn.id, outcome.words, change):
                return
            self._cases.drafts.renewed(turn, None)
        elif self._held_by_bot(case.id):
            self._cases.drafts.renewed(turn, outcome.reply if outcome.kind == showing.DRAFT else None)
            change(outcome.words)
        else:
            return
        if answered and outcome.route is Route.ANSWER:
            with self._kit.db.writing() as session:
                Conversations(session).strike(case.id, 0)
        if outcome.card:
            self._cases.show(case.id, outcome.card, turn.id)

    def reword(self, turn: Turn, case: Conversation, said: Said, agent: str) -> None:
        """Put an agent's words in the place of the reply that stands: from here on it is theirs."""
        ts = self.place(turn)
        self._stands(turn.id, Route.ANSWER)
        with self._kit.db.writing() as session:
            clicks = Clicks(session)
            clicks.take_back(turn.id, agent, showing.WORDED, ts)
            clicks.add(self._kit.team, turn.id, agent, showing.WORDED, ts)
        self._kit.surface.change(case.channel, ts, said)

    def place(self, turn: Turn) -> str:
        """The ts of the last reply to a turn: the one below an agent's words, or the first."""
        with self._kit.db.reading() as session:
            return str(KeyValues(session, self._kit.team).get(_beneath_key(turn.id)) or turn.reply_ts)

    def take_back(self, turn: Turn) -> None:
        """Remove what the bot has said below an agent's words: they answer all that is asked."""
        ts = self.place(turn)
        if ts == turn.reply_ts or ts in self._agents(turn):
            return
        self._kit.surface.remove(turn.channel, ts)
        with self._kit.db.writing() as session:
            KeyValues(session, self._kit.team).delete(_beneath_key(turn.id))

    def _put(self, turn: Turn, case: Conversation, said: Said, beneath: bool) -> None:
        ts = self.place(turn)
        if ts not in self._agents(turn) and not (beneath and ts == turn.reply_ts):
            self._kit.surface.change(case.channel, ts, said)
        else:
            ts = self._kit.surface.say(case.channel, thread_of(turn, case), said)
            with self._kit.db.writing() as session:
                KeyValues(session, self._kit.team).set(_beneath_key(turn.id), ts)
        self._cases.notices.line.told(case.id, said, ts)

    def _agents(self, turn: Turn) -> set[str]:
        """Every ts at which an agent's words stand in the place of a reply to this turn."""
        with self._kit.db.reading() as session:
            return {each.value for each in Clicks(session).of_turn(turn.id) if each.kind == showing.WORDED}

    def _stands(self, turn_id: int, route: Route | None) -> None:
        """Remember that another reply stands than the turn's first one, and how it was routed."""
        with self._kit.db.writing() as session:
            KeyValues(session, self._kit.team).set(showing.replaced_key(turn_id), route.value if route else "")

    def replaced(self, turn_id: int) -> bool:
        """Whether another reply stands than the one in the log, which keeps the first."""
        with self._kit.db.reading() as session:
            return showing.replaced(session, self._kit.team, turn_id) is not None

    def _held_by_bot(self, case_id: int) -> bool:
        case = self._kit.case(case_id)
        return case is not None and case.state == "bot"


def _beneath_key(turn_id: int) -> str:
    """Key of the ts of what the bot has said below an agent's words."""
    return f"beneath:{turn_id}"
