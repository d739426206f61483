"""What customers need next, learned from the desk's own log in the nightly run, and what the running bot makes of it.

The verdict and what was learned stand in SQL, so every running bot follows within a minute. They hold names of intents
and articles and counts, no words.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.catalogue import no_need
from bot.claims import Claim, claimed
from bot.knowledge import listed
from bot.naming import articles, names_of
from bot.retrain import Outcome
from model.injection import addressed_to_machine
from model.recommend import Learned, Recommender, Step, Visit
from model.recommend_fit import FEWEST_CASES, FEWEST_CUSTOMERS, Judged, judge, learn
from model.retriever import Retriever
from model.types import Article, UnderstudyError
from storage.database import Database
from storage.intents import Intents
from storage.keyvalues import KeyValues
from storage.recommendations import Recommendations
from storage.session import Session

log = logging.getLogger(__name__)
KIND = "recommend"
"""Of the training run."""
VERDICT = "recommend_learned"
"""Key of the last verdict: {"measured", "better": bool, "learned": as model.recommend.Learned gives it}."""
PAUSE = timedelta(hours=24)
"""After this long without a word a customer's next need has nothing to do with the last."""

MOST_VISITS = 5000
"""The newest; more would teach little, and take minutes to read."""


def learn_recommendations(
    db: Database,
    team: str,
    encoder: Any,
    *,
    dry_run: bool = False,
    held: Callable[[Claim], object] = lambda claim: None,
) -> Outcome:
    """Measure, and keep the verdict. `encoder` is the one that search indexes with.

    Raises:
        Busy: another run is alive.
        Cancelled: the run was told to end.
    """
    with db.reading() as session:
        found = articles(session, team)
        visits = visits_of(session, team, found)
    nearness = Retriever(encoder, found)
    judged = judge(visits, nearness)
    if not judged.measured:
        if not dry_run:
            keep(db, team, judged, None)
        return Outcome("nothing", (words(judged),), rows=judged.cases)
    with claimed(db, team, KIND, held=held) as claim:
        learned = learn(visits, nearness)
        claim.hold()
        if not dry_run:
            keep(db, team, judged, learned)
        status = "promoted" if judged.better else "kept"
        figures = figures_of(judged, learned)
        claim.finish(
            "cancelled" if dry_run else status,
            challenger=learned.version,
            rows=judged.cases,
            figures=figures,
            verdict=words(judged),
        )
    # Not to recommend is no failure of the run.
    return Outcome("nothing", (words(judged),), challenger=learned.version, rows=judged.cases, figures=figures)


def keep(db: Database, team: str, judged: Judged, learned: Learned | None) -> None:
    verdict = {"measured": judged.measured, "better": judged.better, "learned": learned.to_json() if learned else None}
    with db.writing() as session:
        KeyValues(session, team).set(VERDICT, verdict)


def figures_of(judged: Judged, learned: Learned) -> dict[str, Any]:
    """Rounded, for the run's row."""
    ways = {way: {name: round(value, 4) for name, value in asdict(it).items()} for way, it in judged.figures.items()}
    gain = {name: round(value, 4) for name, value in asdict(judged.gain).items()} if judged.gain else None
    return {"customers": judged.customers, "ways": ways, "gain": gain, "mix": asdict(learned.mix)}


def words(judged: Judged) -> str:
    """The verdict in a sentence or two."""
    if judged.gain is None:
        return (
            f"Recommendations: {judged.cases} times {judged.customers} customers needed something next; from "
            f"{FEWEST_CASES} times and {FEWEST_CUSTOMERS} customers on they are measured. Until then only what is very "
            "near in meaning is recommended."
        )
    hit = {way: f"{figures.hit:.0%}" for way, figures in judged.figures.items()}
    found = (
        f"what was needed next is among the three for {hit['mix']} of {judged.cases} cases of customers it had not "
        f"seen; by popularity {hit['popularity']}, by meaning {hit['meaning']}"
    )
    if judged.better:
        return f"Recommendations are shown: {found}."
    return f"Recommendations are not shown, for they are not surely better than popularity: {found}."


def recommender_of(session: Session, team: str, retriever: Retriever, stale_days: int) -> Recommender | None:
    """What the running bot recommends by: what was learned, where it proved better; by meaning alone, where the log was
    too small to tell; none where it proved no better."""
    verdict = KeyValues(session, team).get(VERDICT, {})
    if verdict.get("measured") and not verdict.get("better"):
        return None
    never = unfit(session, team, stale_days)
    try:
        learned = Learned.of_json(verdict["learned"]) if verdict.get("better") else None
    except UnderstudyError as error:
        log.warning("recommended by meaning alone: %s", error)
        learned = None
    return Recommender(retriever, learned, never)


def unfit(session: Session, team: str, stale_days: int) -> set[str]:
    """Articles that are never recommended: somebody should look at them, or they speak to machines."""
    stale = {each.slug for each in listed(session, team, stale_days) if each.stale}
    return stale | {each.id for each in articles(session, team) if addressed_to_machine(each.body)}


def visits_of(session: Session, team: str, found: Sequence[Article]) -> list[Visit]:
    """Every customer's needs, cut where they pause."""
    log_of, names = Recommendations(session, team), names_of(session, team)
    about, aside = about_of(found), no_need(Intents(session, team).all(archived=True))
    owners: dict[int, str] = {}
    needs: dict[str, list[tuple[datetime, int, Step]]] = {}
    for turn in log_of.needed():
        owners[turn.conversation_id] = turn.customer
        name = names.of(turn.intent)
        if name not in aside:
            made = (turn.at, turn.conversation_id, step_of(name, turn.article_ids, about, turn.question, turn.answer))
            needs.setdefault(turn.customer, []).append(made)
    clicked: dict[int, list[str]] = {}
    known = {article.id: article for article in found}
    for click in log_of.opened():
        clicked.setdefault(click.conversation_id, []).append(click.article)
        customer = owners.get(click.conversation_id)
        if customer and click.article in known:
            made = (click.at, click.conversation_id, opened_step(known[click.article]))
            needs.setdefault(customer, []).append(made)
    shown = {each.conversation_id: each.articles for each in log_of.kept()}
    parts = [
        (part[-1][0], customer, part)
        for customer, steps in needs.items()
        for part in parted(sorted(steps, key=lambda each: each[:2]))
    ]
    newest = sorted(parts, key=lambda each: each[:2])[-MOST_VISITS:]
    return [_visit(customer, part, shown, clicked) for _, customer, part in newest]


def _visit(
    customer: str,
    part: Sequence[tuple[datetime, int, Step]],
    shown: Mapping[int, Sequence[str]],
    clicked: Mapping[int, Sequence[str]],
) -> Visit:
    cases = list(dict.fromkeys(case for _, case, _ in part))
    return Visit(
        customer,
        tuple(step for _, _, step in part),
        tuple(article for case in cases for article in shown.get(case, ())),
        tuple(article for case in cases for article in clicked.get(case, ())),
    )


def parted(steps: Iterable[tuple[datetime, int, Step]]) -> list[list[tuple[datetime, int, Step]]]:
    """The same, cut at pauses."""
    parts: list[list[tuple[datetime, int, Step]]] = []
    for each in steps:
        if not parts or each[0] - parts[-1][-1][0] > PAUSE:
            parts.append([])
        parts[-1].append(each)
    return parts


def about_of(found: Sequence[Article]) -> dict[str, tuple[str, ...]]:
    """Intent -> ids of the articles about it."""
    about: dict[str, tuple[str, ...]] = {}
    for article in found:
        for name in article.intents:
            about[name] = (*about.get(name, ()), article.id)
    return about


def step_of(
    intent: str, sources: Collection[str], about: Mapping[str, tuple[str, ...]], question: str, answer: str
) -> Step:
    """What a turn needed: the article that answered it, or those about its intent."""
    first = tuple(sources)[:1] or about.get(intent, ())
    return Step(intent, first, question, answer)


def opened_step(article: Article) -> Step:
    """A click is a need too."""
    return Step(article.intents[0] if article.intents else article.id, (article.id,), article.title)
