"""Measures a generator on held-out rows: likeness to approved replies, grounding, refusals, speed. Imports no torch."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from model.grounding import Checker
from model.passages import sentences
from model.prompt import Draft
from model.reply_rows import placeholders
from model.response_rows import NO_ANSWER, ResponseRow
from model.retriever import Encoder
from model.textmeasures import chrf, rouge_l


class Measured(Protocol):
    """A loaded generator that counts what it writes."""

    tokens_written: int
    seconds_writing: float

    def write(self, draft: Draft) -> str: ...


def evaluate_response(
    generator: Measured,
    rows: Sequence[ResponseRow],
    encoder: Encoder,
    *,
    seconds: float | None = None,
    on_reply: Callable[[ResponseRow, str, bool], None] | None = None,
) -> dict[str, Any]:
    """Figures over `rows`, fractions 0 to 1; `None` where a set has no such rows.

    `grounded` is over the rows whose facts answer: every sentence passes the check, and the reply does not claim to
    know nothing. `refused_right` is over the rows whose facts do not answer: the reply says so.

    Args:
        seconds: stop after so many; `n` says how many rows were measured.
        on_reply: called with each row, its reply and whether it was right in the sense above.
    """
    tokens, spent, begun = generator.tokens_written, generator.seconds_writing, time.monotonic()
    likeness: list[tuple[float, float]] = []
    grounded: list[bool] = []
    refused: list[bool] = []
    for row in rows:
        if seconds is not None and likeness and time.monotonic() - begun > seconds:
            break
        reply = generator.write(Draft(row.question, row.facts, row.first_name))
        likeness.append((chrf(reply, row.reply), rouge_l(reply, row.reply)))
        if row.reply.startswith(NO_ANSWER):
            right = reply.startswith(NO_ANSWER)
            refused.append(right)
        else:
            right = is_grounded(reply, row, encoder)
            grounded.append(right)
        if on_reply:
            on_reply(row, reply, right)
    written, took = generator.tokens_written - tokens, generator.seconds_writing - spent
    return {
        "n": len(likeness),
        "chrf": _mean([one for one, _ in likeness]),
        "rouge_l": _mean([one for _, one in likeness]),
        "grounded": _mean(grounded),
        "refused_right": _mean(refused),
        "tokens_per_second": round(written / took, 1) if took else None,
    }


def is_grounded(reply: str, row: ResponseRow, encoder: Encoder) -> bool:
    """Whether the bot could have sent the reply as it stands, but for an unfounded yes or no."""
    if not reply or reply.startswith(NO_ANSWER):
        return False
    numbers = [word.strip("#.,?!") for word in row.question.split() if any(c.isdigit() for c in word)]
    given = [row.first_name, *(n for n in numbers if len(n) >= 5), *placeholders(row.question)]
    checker = Checker(row.facts, encoder, allowed=given, question=row.question)
    return all(checker.check(one).ok or checker.repaired(one) is not None for one in sentences(reply))


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
