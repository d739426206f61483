"""Takes a reply sentence by sentence, and gives out what the grounding check lets through. Loads no torch."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from model.grounding import Checker
from model.response_rows import NO_ANSWER
from model.sendable import sendable
from model.types import OnSentence

KNOWS_NOTHING = NO_ANSWER.removeprefix("I ")
"""In a sentence that says that the facts do not answer, whatever it begins with."""


@dataclass
class Written:
    """What the generator wrote and the check let through."""

    sentences: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    no_answer: bool = False
    version: str = ""
    restored: bool = False
    """Whether a source's own sentence came in the place of one that was written."""
    says_something: bool = False
    """Whether a sentence is more than courtesy."""

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    @property
    def answers(self) -> bool:
        return self.says_something and not self.no_answer

    @property
    def whole(self) -> bool:
        return self.answers and not self.refused


def check_each(
    stream: Iterator[str], checker: Checker, written: Written, on_sentence: OnSentence, *, verdicts: bool = True
) -> None:
    """Give out what the check lets through.

    Args:
        verdicts: whether a yes or no may open a sentence; a second try's is as often wrong as right.
    """
    waiting: list[str] = []
    try:
        for sentence in stream:
            if KNOWS_NOTHING in sentence:
                written.no_answer = True
                return
            sound = sendable(checker, sentence, verdicts=verdicts)
            if sound is None:
                reasons = checker.check(sentence).reasons or ("meaning: in some doubt",)
                written.refused.extend(f"{reason} in {sentence!r}" for reason in reasons)
                return
            written.restored |= sound not in (sentence, checker.without_verdict(sentence))
            if sound in waiting or sound in written.sentences:
                continue  # two sentences of one source's
            waiting.append(sound)
            if not written.says_something:
                if not checker.to_the_point(waiting):
                    continue  # a sympathetic word, or beside the point: it waits for one that answers
                waiting = checker.without_asides(waiting)
            for each in waiting:
                on_sentence(each)
            written.sentences.extend(waiting)
            written.says_something |= not all(map(checker.is_courtesy, waiting))
            waiting.clear()
        if waiting:
            written.refused.append(f"beside the point: {' '.join(waiting)!r}")
    finally:
        close = getattr(stream, "close", None)
        if close:
            close()
