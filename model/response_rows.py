"""Rows that teach the generator: question, facts, first name, reply. Reads, checks, and varies them. No torch."""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from model.types import UnderstudyError

NO_ANSWER = "I do not have that information"
"""How a reply begins that says the facts do not answer."""
_NUMBER = re.compile(r"\d+")
_FIELDS = "question, facts, first_name, reply"


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One approved reply and what it was made from."""

    question: str
    facts: tuple[str, ...]
    reply: str
    first_name: str = ""


@dataclass(frozen=True, slots=True)
class ReadRows:
    """What was taken, and what was refused as (line, why)."""

    rows: tuple[ResponseRow, ...]
    refused: tuple[tuple[int, str], ...]


def read_rows(path: Path) -> ReadRows:
    """Rows from a JSONL file of `{"question", "facts", "first_name", "reply"}`.

    Raises:
        UnderstudyError: the file cannot be read, or no line of it can be used.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnderstudyError(f"{path}: expected a UTF-8 file of JSON lines, found {type(error).__name__}.") from None
    rows: list[ResponseRow] = []
    refused: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(parse(line))
        except UnderstudyError as error:
            refused.append((number, str(error)))
    if not rows:
        why = f" Line {refused[0][0]}: {refused[0][1]}" if refused else ""
        raise UnderstudyError(f"{path}: expected rows of {_FIELDS}, found none.{why}")
    return ReadRows(tuple(rows), tuple(refused))


def parse(line: str) -> ResponseRow:
    """One row from its JSON line."""
    try:
        data = json.loads(line)
    except ValueError:
        raise UnderstudyError("expected a JSON object, found something else. Mend the line.") from None
    if not isinstance(data, dict):
        raise UnderstudyError("expected a JSON object, found another value. Mend the line.")
    facts = data.get("facts")
    if not isinstance(facts, list) or not facts or not all(isinstance(fact, str) and fact.strip() for fact in facts):
        raise UnderstudyError("facts: expected a list of texts, at least one. Add them.")
    for name in ("question", "reply"):
        if not isinstance(data.get(name), str) or not data[name].strip():
            raise UnderstudyError(f"{name}: expected text, found {data.get(name)!r}. Add it.")
    return ResponseRow(data["question"].strip(), tuple(facts), data["reply"].strip(), str(data.get("first_name") or ""))


def a_pass(rows: Sequence[ResponseRow], rng: random.Random) -> list[ResponseRow]:
    """The rows for one pass over them: varied, and with half of those that the facts do not answer.

    "I do not have that information" is the same in each of them, so it is learnt long before the rest, and a small
    model hides behind it.
    """
    names = first_names(rows)
    kept = [row for row in rows if not row.reply.startswith(NO_ANSWER) or rng.random() < 0.5]
    return [vary(row, names, rng) for row in kept]


def vary(row: ResponseRow, names: Sequence[str], rng: random.Random) -> ResponseRow:
    """The row with its facts in another order, perhaps another customer and other numbers.

    The model is to copy names and numbers from what it reads, not to know this shop's by heart.
    """
    facts = list(row.facts)
    rng.shuffle(facts)
    row = replace(row, facts=tuple(facts))
    if row.first_name and names and rng.random() < 0.5:
        row = _renamed(row, rng.choice(names))
    return _renumbered(row, rng) if rng.random() < 0.5 else row


def first_names(rows: Sequence[ResponseRow]) -> list[str]:
    """The first names that occur, each once, sorted."""
    return sorted({row.first_name for row in rows if row.first_name})


def _renamed(row: ResponseRow, name: str) -> ResponseRow:
    whole = re.compile(rf"\b{re.escape(row.first_name)}\b")
    if any(whole.search(text) for text in (row.question, *row.facts)):
        return row
    return replace(row, first_name=name, reply=whole.sub(lambda _: name, row.reply))


def _renumbered(row: ResponseRow, rng: random.Random) -> ResponseRow:
    """Each number replaced by another of as many digits, everywhere alike.

    Left alone where the question has numbers too: whether 40 is below a limit of 50 must stay true.
    """
    known = set(_NUMBER.findall(" ".join(row.facts)))
    used = set(_NUMBER.findall(row.reply))
    if not known or not used <= known or _NUMBER.search(row.question):
        return row
    new = {number: _like(number, rng) for number in sorted(known)}
    if len(set(new.values())) < len(new):
        return row

    def swap(text: str) -> str:
        return _NUMBER.sub(lambda match: new[match.group()], text)

    return replace(row, facts=tuple(map(swap, row.facts)), reply=swap(row.reply))


def _like(number: str, rng: random.Random) -> str:
    if len(number) == 1:
        return str(rng.randint(2, 9)) if int(number) > 1 else number
    first = number[0] if number[0] in "01" else str(rng.randint(2, 9))
    return first + "".join(str(rng.randint(0, 9)) for _ in number[1:])
