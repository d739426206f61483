"""Measures a generator on held-out rows: likeness to approved replies, grounding, refusals, speed. Imports no torch."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from model.checked import Written, check_each
from model.grounding import Checker
from model.passages import sentences
from model.placeholders import placeholders
from model.prompt import Draft
from model.reply_rows import keeps_placeholders
from model.response_rows import NO_ANSWER, ResponseRow
from model.retriever import Encoder
from model.textmeasures import chrf, rouge_l
from model.types import unheard

BESIDE = ("chrf", "rouge_l", "placeholders_kept", "placeholders_said")


class Measured(Protocol):
    """A loaded generator that counts what it writes."""

    tokens_written: int
    seconds_writing: float

    def write(self, draft: Draft) -> str: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """One held-out row and what the generator wrote."""

    row: ResponseRow
    reply: str
    right: bool
    """Grounded, where the facts answer; else the reply says that they do not."""
    chrf: float
    rouge_l: float

    @property
    def answerable(self) -> bool:
        return not self.row.reply.startswith(NO_ANSWER)

    @property
    def refused(self) -> bool:
        """Whether it says that it does not know, or nothing at all."""
        return not self.reply or self.reply.startswith(NO_ANSWER)


def judged(generator: Measured, rows: Sequence[ResponseRow], encoder: Encoder) -> Iterator[Judged]:
    """Have each row's reply written, and judge it."""
    for row in rows:
        reply = generator.write(Draft(row.question, row.facts, row.first_name))
        unknown = row.reply.startswith(NO_ANSWER)
        right = reply.startswith(NO_ANSWER) if unknown else is_grounded(reply, row, encoder)
        yield Judged(row, reply, right, chrf(reply, row.reply), rouge_l(reply, row.reply))


def evaluate_response(
    generator: Measured,
    rows: Sequence[ResponseRow],
    encoder: Encoder,
    *,
    seconds: float | None = None,
    on_reply: Callable[[Judged], object] | None = None,
) -> dict[str, Any]:
    """Figures over `rows`, fractions 0 to 1; `None` where a set has no such rows.

    `grounded` is over the rows whose facts answer: every sentence passes the check, and the reply does not claim to
    know nothing. `refused_right` is over the rows whose facts do not answer: the reply says so.

    Args:
        seconds: stop after so many; `n` says how many rows were measured.
        on_reply: called with each row once it is judged.
    """
    tokens, spent, begun = generator.tokens_written, generator.seconds_writing, time.monotonic()
    found: list[Judged] = []
    for one in judged(generator, rows, encoder):
        found.append(one)
        if on_reply:
            on_reply(one)
        if seconds is not None and time.monotonic() - begun > seconds:
            break
    written, took = generator.tokens_written - tokens, generator.seconds_writing - spent
    return {
        "n": len(found),
        "chrf": mean([one.chrf for one in found]),
        "rouge_l": mean([one.rouge_l for one in found]),
        "grounded": mean([one.right for one in found if one.answerable]),
        "refused_right": mean([one.right for one in found if not one.answerable]),
        "refused_wrongly": mean([one.refused for one in found if one.answerable]),
        "words": mean([len(one.reply.split()) for one in found]),
        "tokens_per_second": round(written / took, 1) if took else None,
    }


def is_grounded(reply: str, row: ResponseRow, encoder: Encoder) -> bool:
    """Whether the bot could have sent the reply as it stands, but for an unfounded yes or no."""
    if not reply or reply.startswith(NO_ANSWER):
        return False
    checker = _checker(row, encoder)
    return all(checker.check(one).ok or checker.repaired(one) is not None for one in sentences(reply))


def sent(reply: str, row: ResponseRow, encoder: Encoder) -> tuple[str, bool]:
    """What goes out where the row's first fact is the approved answer: the reply as the check lets it through, whole
    and perhaps with a sentence of the facts in the place of one of its own, or the approved answer; and whether it is
    the reply as it was written, but for a yes or no."""
    written = Written()
    check_each(iter(sentences(reply)), _checker(row, encoder), written, unheard)
    return (written.text, not written.restored) if written.whole else (row.facts[0], False)


def beside(text: str, row: ResponseRow) -> dict[str, float | None]:
    """A text beside the row's approved reply; None where the row has no such placeholders.

    `placeholders_kept`: each is letter by letter as in what the text was written from. `placeholders_said`: share of
    the approved reply's that stand there and in the text too, for a text without any keeps them all.
    """
    known = set(placeholders(" ".join((row.question, *row.facts))))
    wanted = known & set(placeholders(row.reply))
    kept = float(keeps_placeholders(text, row)) if known else None
    told = len(wanted & set(placeholders(text))) / len(wanted) if wanted else None
    return dict(zip(BESIDE, (chrf(text, row.reply), rouge_l(text, row.reply), kept, told), strict=True))


def _checker(row: ResponseRow, encoder: Encoder) -> Checker:
    numbers = [word.strip("#.,?!") for word in row.question.split() if any(c.isdigit() for c in word)]
    given = [row.first_name, *(n for n in numbers if len(n) >= 5), *placeholders(row.question)]
    return Checker(row.facts, encoder, allowed=given, question=row.question)


def mean(values: Iterable[float | None]) -> float | None:
    """Of those that are numbers; None where there are none."""
    found = [value for value in values if value is not None]
    return round(sum(found) / len(found), 4) if found else None
