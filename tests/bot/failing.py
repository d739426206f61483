"""A platform that fails in every way that one can, for property tests."""

from collections.abc import Callable

from hypothesis import strategies as st

from bot import wording
from bot.values import Said
from storage.conversations import Conversation
from tests.bot.fakes import FakeSurface

FATES = st.text("-+xX ", min_size=1, max_size=3)
"""Of the next posts: fails, is posted but fails, dies before, dies after, goes well."""


class FailingSurface(FakeSurface):
    """Fails and dies as it is told, and knows who has a case at the moment of each post."""

    fate: str = ""
    look: Callable[[int], Conversation | None] = staticmethod(lambda case_id: None)

    def __init__(self) -> None:
        super().__init__()
        self.told: list[int] = []
        """Case of everything that a customer could read, in order."""
        self.wrong: list[str] = []

    def say(self, channel: str, thread: str, said: Said) -> str:
        return str(self._post(said, lambda: FakeSurface.say(self, channel, thread, said)))

    def change(self, channel: str, ts: str, said: Said) -> None:
        self._post(said, lambda: FakeSurface.change(self, channel, ts, said))

    def note(self, channel: str, thread: str, words: str, mark: str = "") -> str:
        return str(self._post(None, lambda: FakeSurface.note(self, channel, thread, words, mark)))

    def _post(self, said: Said | None, post: Callable[[], object]) -> object:
        now, self.fate = self.fate[:1], self.fate[1:]
        if now == "-":
            raise ConnectionError("no network")
        if now == "x":
            raise SystemExit
        if said is not None:
            self._check(said)
        done = post()
        if said is not None:
            self.told.append(said.case_id)
        if now == "+":
            raise TimeoutError("posted, but who knows")
        if now == "X":
            raise SystemExit
        return done

    def _check(self, said: Said) -> None:
        case = self.look(said.case_id)
        if case is None or case.state == "bot":
            return
        asks = bool(said.choices) or said.feedback
        by_person = said.text.startswith("**UAGENT") or "has your request" in said.text or said.person
        by_person = by_person or said.text == wording.WITH_A_PERSON
        if asks or (case.state == "human" and not by_person):
            self.wrong.append(f"the bot spoke while the case was {case.state}: {said.text}")
