"""Another reply in the place of the one that stands."""

from dataclasses import replace

from bot import showing
from bot.cases import Cases
from bot.introductions import beneath
from bot.kit import Kit
from bot.outcomes import Outcome
from bot.routing import Route
from storage.conversations import Conversation, Conversations
from storage.keyvalues import KeyValues
from storage.turns import Turn


class Replacing:
    def __init__(self, kit: Kit, cases: Cases) -> None:
        self._kit, self._cases = kit, cases

    def replace(
        self, turn: Turn, case: Conversation, outcome: Outcome, notice: str = "", *, answered: bool = False
    ) -> None:
        """Put another outcome in the place of the turn's reply, unless a person has the case by now."""
        small = "\n".join(filter(None, (notice or outcome.aside, beneath(self._kit, turn))))
        facts = {"intent": outcome.prediction.label} if outcome.prediction else {}

        def change(words: str) -> None:
            said = replace(outcome, words=words).said(case.id, turn.id, small, facts)
            # Said first: whoever does not know that it stands has to say it again.
            self.stands(turn.id, outcome.route)
            self._kit.surface.change(case.channel, turn.reply_ts, said)

        if outcome.route is Route.HANDOFF:
            if not self._cases.hand_over(case.id, turn.id, outcome.words, change):
                return
        elif self._held_by_bot(case.id):
            if outcome.kind == showing.DRAFT:
                self._cases.drafts.written(case.id)
            change(outcome.words)
        else:
            return
        if answered and outcome.route is Route.ANSWER:
            with self._kit.db.writing() as session:
                Conversations(session).strike(case.id, 0)
        if outcome.card:
            self._cases.show(case.id, outcome.card, turn.id)

    def stands(self, turn_id: int, route: Route | None) -> None:
        """Remember that another reply stands in the place of the turn's first one, and how it was routed."""
        with self._kit.db.writing() as session:
            KeyValues(session, self._kit.team).set(showing.replaced_key(turn_id), route.value if route else "")

    def replaced(self, turn_id: int) -> bool:
        """Whether another reply stands than the one in the log, which keeps the first."""
        with self._kit.db.reading() as session:
            return showing.replaced(session, self._kit.team, turn_id) is not None

    def _held_by_bot(self, case_id: int) -> bool:
        case = self._kit.case(case_id)
        return case is not None and case.state == "bot"
