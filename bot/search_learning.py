"""What search learns from the log: the questions that articles have answered, where the last training found that they
help. Read anew from SQL by the running bot, so that an erased one is gone and a new one counts.
"""

from collections.abc import Sequence

from model.asked import Asked, questions
from model.dataset import normalise
from model.types import Article, Example
from storage.keyvalues import KeyValues
from storage.search_marks import SearchMarks
from storage.session import Session
from storage.tables import ERASED

VERDICT = "search_learned"
"""Key of the last verdict: {"better": bool, "questions": int, "before": MAP or null, "after": MAP or null}."""


def asked(session: Session, team: str, found: Sequence[Article]) -> Asked:
    """Article id -> questions to index, where the last training found that they help; else none."""
    if not KeyValues(session, team).get(VERDICT, {}).get("better"):
        return {}
    pairs, wrong = pairs_of(session, team)
    return questions(pairs, wrong, {article.id for article in found})


def called_wrong(session: Session, team: str) -> Asked:
    """Article id -> questions that agents have called it wrong for, and have not sent it for since."""
    stands: dict[tuple[str, str], str] = {}
    for mark in SearchMarks(session, team).all():
        key = (mark.slug, normalise(mark.query))
        if mark.kind == "wrong" and mark.query != ERASED and key[1]:
            stands[key] = mark.query
        else:
            stands.pop(key, None)
    found: dict[str, list[str]] = {}
    for (slug, _), query in stands.items():
        found.setdefault(slug, []).append(query)
    return found


def pairs_of(session: Session, team: str) -> tuple[list[Example], set[tuple[str, str]]]:
    """Questions, each with the article that answered it, oldest first; and which of them agents called wrong."""
    marks = SearchMarks(session, team)
    return [Example(text, slug) for text, slug in marks.pairs()], set(marks.wrong())
