"""A reply that grows before the customer's eyes while a slow generator still writes it.

Only what has passed the grounding check comes here. A quick generator is done before anything would be shown, and its
reply is posted whole: Slack lets few messages a minute begin to grow.
"""

import logging
import time
from types import TracebackType

from bot.kit import Kit
from bot.turn_work import thread_of
from bot.values import Said
from storage.conversations import Conversation
from storage.keyvalues import KeyValues
from storage.turns import Turn

log = logging.getLogger(__name__)
KEY = "growing:"
"""Before the id of a turn whose reply is half shown: a process that dies leaves it to whoever works the turn again."""


class Growing:
    """A context manager around the work of one turn: what has begun and was not completed is taken back at its end.

    Args:
        begun: when the work of the turn began, by `time.perf_counter`.
        after: seconds after which an unfinished reply is shown; negative: never.
    """

    def __init__(self, kit: Kit, case: Conversation, turn: Turn, begun: float, after: float) -> None:
        self._kit, self._case, self._turn = kit, case, turn
        self._begun, self._after = begun, after
        self._written: list[str] = []
        self._shown = ""
        self._ts = ""
        self._whole = after < 0
        """Whether nothing more is shown until the reply is complete."""

    def __enter__(self) -> "Growing":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ts:
            self._take_back(self._ts)

    def sentence(self, words: str) -> None:
        """The next checked sentence. Where it cannot be shown the reply comes whole, as if nobody had tried."""
        self._written.append(words)
        if self._whole or time.perf_counter() - self._begun < self._after:
            return
        try:
            self._grow(" ".join(self._written))
        except Exception as error:
            self._whole = True
            log.warning("turn %s: its reply does not grow any further: %s", self._turn.id, error)

    def complete(self, said: Said) -> str:
        """Make the message what is to stand in the end; gives its ts, or empty where nothing has begun to grow."""
        if not self._ts:
            return ""
        surface, channel = self._kit.surface, self._case.channel
        goes_on = said.text.startswith(self._shown)
        surface.end(channel, self._ts, said if goes_on else None, said.text[len(self._shown) :])
        if not goes_on:
            surface.change(channel, self._ts, said)
        ts, self._ts = self._ts, ""
        with self._kit.db.writing() as session:
            KeyValues(session, self._kit.team).delete(f"{KEY}{self._turn.id}")
        return ts

    def _grow(self, words: str) -> None:
        surface, case = self._kit.surface, self._case
        if self._ts:
            surface.grow(case.channel, self._ts, words[len(self._shown) :])
        else:
            now, team = self._kit.case(case.id), case.customer_team or self._kit.team
            if now is None or now.state != "bot":
                self._whole = True  # a person has it by now: what comes of that is the desk's to say
                return
            self._ts = surface.begin(case.channel, thread_of(self._turn, case), case.customer, team, words)
            with self._kit.db.writing() as session:
                KeyValues(session, self._kit.team).set(f"{KEY}{self._turn.id}", self._ts)
        self._shown = words

    def left_behind(self) -> None:
        """Take back what a process that died had begun to show for this turn."""
        with self._kit.db.reading() as session:
            ts = KeyValues(session, self._kit.team).get(f"{KEY}{self._turn.id}")
        if ts:
            self._take_back(str(ts))

    def _take_back(self, ts: str) -> None:
        try:
            self._kit.surface.remove(self._case.channel, ts)
        except Exception:
            log.exception("turn %s: the beginning of its reply still stands", self._turn.id)
            return
        self._ts = ""
        with self._kit.db.writing() as session:
            KeyValues(session, self._kit.team).delete(f"{KEY}{self._turn.id}")
