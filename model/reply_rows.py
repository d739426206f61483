"""Rows of a question and an approved reply, and the facts that each is to be written from. Loads no torch."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from model.dataset import text_of
from model.placeholders import PLACEHOLDER, placeholders
from model.response_rows import ResponseRow
from model.retriever import Retriever
from model.types import Article, UnderstudyError

NEIGHBOURS = 2
"""Approved replies of others that a reply is written from."""
Facts = Callable[[str], tuple[str, ...]]


def read(path: Path) -> list[ResponseRow]:
    """Rows of `{"text", "response"}`, with `facts` where the row names them.

    Raises:
        UnderstudyError: the file cannot be read, or a line is none.
    """
    lines = text_of(path).splitlines()
    rows = [_row(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise UnderstudyError(f"{path}: expected rows of text and response, found none.")
    return rows


def looks_like(path: Path) -> bool:
    """Whether the file's first line is such a row; False for what cannot be read, which its reader says better."""
    try:
        with path.open(encoding="utf-8") as lines:
            first = json.loads(next(lines, ""))
    except (OSError, ValueError):
        return False
    return isinstance(first, dict) and {"text", "response"} <= first.keys()


def from_examples(examples: Sequence[ResponseRow], retriever: Callable[[Sequence[Article]], Retriever]) -> Facts:
    """Gives a question the approved replies of the questions nearest to it."""
    known = retriever([Article(str(number), row.question, row.question) for number, row in enumerate(examples)])

    def nearest(question: str) -> tuple[str, ...]:
        return tuple(examples[int(found.article_id)].reply for found in known.search(question, NEIGHBOURS))

    return nearest


def of_others(rows: Sequence[ResponseRow], retriever: Callable[[Sequence[Article]], Retriever]) -> list[ResponseRow]:
    """Each row with its own facts, else to be written from the approved replies of the other questions nearest to it,
    as the replies to new questions will be."""
    known = retriever([Article(str(number), row.question, row.question) for number, row in enumerate(rows)])

    def nearest(number: int) -> tuple[str, ...]:
        found = (int(each.article_id) for each in known.search(rows[number].question, NEIGHBOURS + 1))
        return tuple(rows[other].reply for other in found if other != number)[:NEIGHBOURS]

    made = [replace(row, facts=row.facts or nearest(number)) for number, row in enumerate(rows)]
    return [row for row in made if row.facts]


def with_facts(rows: Sequence[ResponseRow], facts: Facts) -> Iterator[ResponseRow]:
    """Each row with its own facts, else with those that `facts` finds; without any it is left out."""
    for row in rows:
        found = row.facts or facts(row.question)
        if found:
            yield ResponseRow(row.question, found, row.reply, row.first_name)


def keeps_placeholders(reply: str, row: ResponseRow) -> bool:
    """Whether each placeholder of the reply stands letter by letter in what it was written from, and none is broken."""
    known = set(placeholders(" ".join((row.question, *row.facts))))
    return set(placeholders(reply)) <= known and not re.search(r"[{}]", PLACEHOLDER.sub("", reply))


def _row(line: str, where: str) -> ResponseRow:
    try:
        data = json.loads(line)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise UnderstudyError(f"{where}: expected a JSON object, found something else. Mend the line.")
    for name in ("text", "response"):
        if not isinstance(data.get(name), str) or not data[name].strip():
            raise UnderstudyError(f"{where}: {name}: expected text, found {data.get(name)!r}. Add it.")
    facts = data.get("facts") or ()
    if not isinstance(facts, list | tuple) or not all(isinstance(fact, str) for fact in facts):
        raise UnderstudyError(f"{where}: facts: expected a list of texts. Mend it, or leave it out.")
    return ResponseRow(data["text"].strip(), tuple(facts), data["response"].strip(), str(data.get("first_name") or ""))
