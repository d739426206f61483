"""What the response model may learn from: agents' better answers with the passages they are to be written from, and
which of them a night has time for."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.naming import articles, names_of
from model.dataset import fingerprint
from model.evaluate_response import is_grounded
from model.response_rows import NO_ANSWER, ResponseRow
from model.retriever import Encoder, Retriever
from model.textmeasures import chrf
from storage.corrections import Correction, Corrections
from storage.database import Database
from storage.tables import ERASED
from storage.turns import Turns

PASSAGES = 3
HELD = 0.2
"""Share of agents' answers that is only measured on, by hash."""
SHARE = 0.5
"""Of a night's rows that agents' answers may take where not all fit: the product's own rows keep it with its source."""
UNKNOWN = 0.45
"""Of the product's own rows in a night that has no time for all, the share that their facts do not answer."""
JUDGED_UNKNOWN = 0.5
"""The same of those that the gate measures: they are few, so all of them are looked at."""
_GREETED = re.compile(r"(?i:hi|hello|hey|dear|good (?:morning|afternoon|evening))\s+([^\W\d_a-z][^\W\d_]*)\s*[,!]")
"""How an answer begins that names the customer; the name is theirs, and stands in no article."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One better answer."""

    row: ResponseRow
    at: datetime
    edited: float
    """How far it is from what the bot had said, 0 to 1; 1 where the bot had said nothing."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Agents' better answers as rows."""

    train: list[Lesson]
    held: list[ResponseRow]
    unfounded: int
    """Answers that say what no article says."""


def better_answers(db: Database, team: str) -> list[Correction]:
    """Corrections in force that say how to answer, without agents' own tests."""
    with db.reading() as session:
        rows = Corrections(session).effective(team)
    return [row for row in rows if row.better_answer and not row.is_test and row.text.strip() not in ("", ERASED)]


def lessons(db: Database, team: str, encoder: Encoder, answers: Sequence[Correction]) -> Lessons:
    """Each answer with the passages it is to be written from."""
    with db.reading() as session:
        names, known = names_of(session, team), articles(session, team)
        said = {row.id: _said(Turns(session), row) for row in answers}
    retriever = Retriever(encoder, known)
    found = Lessons([], [], 0)
    unfounded = 0
    for answer in answers:
        words = (answer.better_answer or "").strip()
        passages = retriever.search(answer.text, PASSAGES, names.of(answer.after))
        greeted = _GREETED.match(words)
        name = greeted.group(1) if greeted else ""
        row = ResponseRow(answer.text, tuple(passage.text for passage in passages), words, name)
        if not row.facts or not is_grounded(row.reply, row, encoder):
            unfounded += 1
        elif int(fingerprint(answer.text)[:8], 16) / 2**32 < HELD:
            found.held.append(row)
        else:
            found.train.append(Lesson(row, answer.at, 1 - chrf(words, said[answer.id])))
    return Lessons(found.train, found.held, unfounded)


def _said(turns: Turns, answer: Correction) -> str:
    turn = turns.get(answer.turn_id) if answer.turn_id is not None else None
    return turn.reply_text if turn is not None else ""


def chosen(taught: Sequence[Lesson], own: Sequence[ResponseRow], room: int) -> tuple[list[ResponseRow], int, int]:
    """The rows for which a night has time, and how many of the agents' and of the product's own were left out.

    The newest and the most edited of the agents' answers come first; the product's own are taken evenly, but of those
    that their facts do not answer up to UNKNOWN: agents' answers all answer, and would teach to do so always.
    """
    ranked = _ranked(taught)
    if len(ranked) + len(own) > room:
        ranked = ranked[: max(round(SHARE * room), room - len(own))]
    mine = mixed(own, max(0, room - len(ranked)), UNKNOWN)
    return [*mine, *(one.row for one in ranked)], len(taught) - len(ranked), len(own) - len(mine)


def mixed(rows: Sequence[ResponseRow], most: int, unknown: float) -> list[ResponseRow]:
    """At most so many: up to the share `unknown` those that their facts do not answer, and the others evenly."""
    if len(rows) <= most:
        return list(rows)
    told = [row for row in rows if not row.reply.startswith(NO_ANSWER)]
    untold = [row for row in rows if row.reply.startswith(NO_ANSWER)]
    some = spread(untold, max(round(unknown * most), most - len(told)))
    return [*some, *spread(told, most - len(some))]


def _ranked(taught: Sequence[Lesson]) -> list[Lesson]:
    """By the sum of the places in both orders."""
    places = dict.fromkeys(range(len(taught)), 0)
    orders: tuple[Callable[[int], object], ...] = (lambda i: taught[i].at, lambda i: taught[i].edited)
    for order in orders:
        for place, i in enumerate(sorted(range(len(taught)), key=order, reverse=True)):  # type: ignore[arg-type]
            places[i] += place
    return [taught[i] for i in sorted(places, key=lambda i: places[i])]


def spread(rows: Sequence[ResponseRow], most: int) -> list[ResponseRow]:
    """At most so many, taken evenly: the same ones each time."""
    if len(rows) <= most:
        return list(rows)
    return [rows[i * len(rows) // most] for i in range(most)]
