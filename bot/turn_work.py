"""What the work on one turn needs beside it: its clock, texts that no model should see, and what it had predicted."""

import time
from dataclasses import dataclass

from bot import text, wording
from model.dataset import LONGEST_TEXT
from model.types import Prediction, Ranked, Request
from storage.conversations import Conversation
from storage.turns import Turn


@dataclass(slots=True)
class Clock:
    """Milliseconds by stage, for the turn's timings."""

    started: float
    stages: dict[str, float]

    def lap(self, stage: str, since: float) -> None:
        self.stages[stage] = round((time.perf_counter() - since) * 1000, 1)

    def total(self) -> dict[str, float]:
        return {**self.stages, "total": round((time.perf_counter() - self.started) * 1000, 1)}


def thread_of(turn: Turn, case: Conversation) -> str:
    """The thread in which a turn is answered: its case's, or the one that it began by itself."""
    return turn.thread_ts or case.thread_ts


def unreadable(words: str, unread: str = "") -> str:
    """What to say of a text that no model should see; empty for all others. `unread`: of what came with it."""
    if len(words) > LONGEST_TEXT:
        return wording.TOO_LONG.format(count=len(words))
    return "" if text.has_words(words) else unread or wording.NO_WORDS


def prediction_of(turn: Turn, words: str) -> Prediction | None:
    """The prediction a turn has already; a turn worked again keeps it."""
    if not turn.predicted:
        return None
    return Prediction(
        # What was read in its pictures stands behind the text: where several requests are, stays true.
        words if words.startswith(turn.text) else turn.text,
        turn.intent or "",
        turn.confidence or 0.0,
        tuple(Ranked(name, probability) for name, probability in turn.ranking),
        turn.oos_score or 0.0,
        bool(turn.out_of_scope),
        turn.intent_version or "",
        "memory" if turn.prediction_source == "memory" else "model",
        tuple(Request(*request) for request in turn.requests),
        bool(turn.in_context),
    )
