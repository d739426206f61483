"""Part of a training run: whether what the log says of search makes it find better."""

from typing import Any

from bot.naming import articles
from bot.retrain import Outcome
from bot.search_learning import VERDICT, pairs_of
from model.asked import FEWEST, Learned, learn
from storage.database import Database
from storage.keyvalues import KeyValues


def learn_search(db: Database, team: str, encoder: Any, *, dry_run: bool = False) -> Outcome:
    """Measure, and keep the verdict. `encoder` is the one that search indexes with."""
    with db.reading() as session:
        found = articles(session, team)
        pairs, wrong = pairs_of(session, team)
    learned = learn(encoder, found, pairs, wrong)
    count = sum(map(len, learned.asked.values()))
    verdict = {"better": learned.better, "questions": count, "before": _map(learned, 0), "after": _map(learned, 1)}
    if not dry_run:
        with db.writing() as session:
            KeyValues(session, team).set(VERDICT, verdict)
    return Outcome("nothing", (_words(learned, count),), rows=len(pairs), figures=verdict)


def _map(learned: Learned, which: int) -> float | None:
    figures = (learned.before, learned.after)[which]
    return None if figures is None else round(figures.map, 4)


def _words(learned: Learned, count: int) -> str:
    before, after = _map(learned, 0), _map(learned, 1)
    if before is None or after is None:
        return f"Search: {count} questions that articles answered are known; from {FEWEST} on they are measured."
    found = f"MAP {before:.3f} to {after:.3f}"
    if learned.better:
        return f"Search: with {count} questions that articles answered it finds better ({found})."
    return f"Search: questions from the log would make it find worse ({found}), so they are left out."
