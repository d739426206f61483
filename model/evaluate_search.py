"""The measures of search: questions whose article is known, each asked of the whole knowledge base. Loads no torch."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.evaluate import latency
from model.types import Article, Example, UnderstudyError

Rank = Callable[[str], Sequence[str]]
"""A question -> ids of all articles, the best first."""


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """Fractions from 0 to 1."""

    n: int
    hit_at_1: float
    hit_at_5: float
    mrr: float
    """Mean of 1 / rank of the first right article."""
    map: float
    """Mean average precision; the same as `mrr` where each question has one right article."""


def figures_of(rank: Rank, rows: Sequence[Example]) -> SearchFigures:
    """Ask each row's text; its label is the right article's id. Rows of the same text have several right ones.

    Raises:
        UnderstudyError: no rows.
    """
    if not rows:
        raise UnderstudyError("expected rows to evaluate on, found none: check the data file.")
    right: dict[str, set[str]] = {}
    for row in rows:
        right.setdefault(row.text, set()).add(row.label)
    places = [[place for place, id in enumerate(rank(text), 1) if id in ids] for text, ids in right.items()]
    first = np.array([each[0] if each else np.inf for each in places])
    precision = [
        sum(n / place for n, place in enumerate(each, 1)) / len(ids)
        for each, ids in zip(places, right.values(), strict=True)
    ]
    return SearchFigures(
        n=len(right),
        hit_at_1=float((first == 1).mean()),
        hit_at_5=float((first <= 5).mean()),
        mrr=float((1 / first).mean()),
        map=float(np.mean(precision)),
    )


def milliseconds(rank: Rank, texts: Sequence[str]) -> dict[str, float]:
    """p50 and p95 of one question, its vector included."""
    return {name: round(value, 2) for name, value in latency(rank, texts).items()}


def read_kb(path: Path, questions: bool = True) -> list[Article]:
    """Articles of `{"id", "question", "answers"}` a line; the question is the title, each answer stands by itself.

    Args:
        questions: False leaves the titles empty, so that the answers alone are searched.

    Raises:
        UnderstudyError: the file cannot be read, or a line is not of that form.
    """
    articles = [_article(row, f"{path}:{number}", questions) for number, row in _rows(path)]
    ids = {article.id for article in articles}
    if not articles or len(ids) < len(articles):
        found = "none" if not articles else f"{len(articles) - len(ids)} ids twice"
        raise UnderstudyError(f"expected articles with ids of their own in {path}, found {found}: correct the file.")
    return articles


def check_labels(rows: Sequence[Example], articles: Sequence[Article]) -> None:
    """Raise UnderstudyError where a row's label is no article's id."""
    ids = {article.id for article in articles}
    unknown = next((row.label for row in rows if row.label not in ids), None)
    if unknown is not None:
        raise UnderstudyError(f"expected labels that are ids in the knowledge base, found {unknown!r}: correct it.")


def _rows(path: Path) -> Iterator[tuple[int, object]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        found = "no UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror or "no file"
        raise UnderstudyError(f"expected a readable knowledge base, found {path}: {found}. Check the path.") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError:
                raise UnderstudyError(f"expected JSON in {path}:{number}, found none: correct the line.") from None


def _article(row: object, where: str, questions: bool) -> Article:
    form = '{"id": text, "question": text, "answers": [texts]}'
    if not isinstance(row, dict):
        raise UnderstudyError(f"expected {form} in {where}, found no object: correct the line.")
    id, question, answers = row.get("id"), row.get("question", ""), row.get("answers")
    answers = [answers] if isinstance(answers, str) else answers
    texts = [each for each in answers if isinstance(each, str)] if isinstance(answers, list) else None
    if not isinstance(id, str) or not id or not isinstance(question, str) or texts != answers or texts is None:
        raise UnderstudyError(f"expected {form} in {where}, found {str(row)[:80]!r}: correct the line.")
    body = "\n\n".join(texts)
    return Article(id, question if questions else "", body if body.strip() else question)
