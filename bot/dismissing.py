""" "Not a request": a turn that asked nothing. Its case closes without a word, and a click takes that back."""

from bot.cases import Cases
from bot.corrections import CorrectionDesk
from bot.kit import Kit
from bot.lifecycle import Event
from bot.moves import apply
from storage.conversations import Conversations
from storage.dismissals import Dismissals
from storage.drafts import open_drafts


class Dismissing:
    def __init__(self, kit: Kit, cases: Cases, corrections: CorrectionDesk) -> None:
        self._kit, self._cases, self._corrections = kit, cases, corrections

    def dismiss(self, turn_id: int, by: str) -> str:
        """Close the turn's case without an answer; out of statistics and training. A line for the agent, or empty.

        Raises:
            Refused: there is no such turn.
        """
        turn = self._corrections.turn(turn_id)
        with self._kit.db.writing() as session:
            cases, dismissals = Conversations(session), Dismissals(session, self._kit.team)
            earlier = dismissals.standing(turn_id)
            case = cases.get(turn.conversation_id)
            held = case is not None and case.state == "human" and case.holder != by
            if earlier is None and case is not None and not held:
                dismissals.add(turn_id, by, state=case.state, holder=case.holder or "")
                apply(session, case.id, Event.DISMISSED, self._kit.clock())
        if earlier is not None:
            return f"<@{earlier.by}> has said so already."
        if case is not None and held:
            return f"<@{case.holder}> has this case."
        self._corrections.forget(turn_id)
        self._cases.show_of(turn_id)
        return ""

    def restore(self, turn_id: int, by: str) -> str:
        """It is a request after all: the case stands as before, but nobody holds it. A line for the agent, or empty."""
        turn = self._corrections.turn(turn_id)
        with self._kit.db.writing() as session:
            dismissals = Dismissals(session, self._kit.team)
            earlier = dismissals.standing(turn_id)
            if earlier is not None:
                dismissals.add(turn_id, by, dismissed=False)
                if earlier.state != "closed":
                    waited = earlier.state in ("waiting", "human")
                    back = Event.RESTORED_WAITING if waited else Event.RESTORED
                    apply(session, turn.conversation_id, back, self._kit.clock())
                # Who was promised an answer that a colleague looks at waits for it again.
                if open_drafts(session, turn.conversation_id):
                    Conversations(session).awaits(turn.conversation_id, self._kit.clock())
        if earlier is None:
            return "That was taken back already."
        self._corrections.remember(turn_id)
        self._cases.show_of(turn_id)
        return ""
