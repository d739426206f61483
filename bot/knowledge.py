"""The knowledge base as agents work with it: what is in it, what is stale, edits that count at once, and search.

Every edit is a new version with its author; the one before stays in SQL.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rapidfuzz import fuzz, process

from bot.cases import Cases
from bot.kit import Kit
from bot.naming import names_of
from model.articles import LONGEST_ID, made, slug
from model.passages import not_for_customers
from model.types import Article, Passage, Responder, UnderstudyError
from storage.articles import ArticleRow, Articles
from storage.conversations import Conversation, Conversations
from storage.events import Events
from storage.intents import Intents
from storage.search_marks import SearchMarks
from storage.session import Session
from storage.turns import Turns

log = logging.getLogger(__name__)
FOUND = 5
"""Passages that a search shows."""
WORTH = 0.25
"""Score below which a passage is about something else: what is asked beside the starter shop's articles stays below it,
and so do words that are none."""
OPEN = 60
"""Cases that may be chosen from at most."""
NEAR = 75
"""Likeness in percent from which a title is taken for the one that was meant."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One article as the list shows it."""

    slug: str
    title: str
    version: int
    updated: date
    by: str
    """Who made this version; empty where nobody knows."""
    stale: tuple[str, ...]
    """Why somebody should look at it; empty where nobody need."""


def listed(session: Session, team: str, stale_days: int, today: date | None = None) -> list[Listed]:
    """Every article by title, those that want looking at first."""
    articles = Articles(session, team)
    latest, names = articles.latest(), names_of(session, team)
    known = {intent.name for intent in Intents(session, team).all(archived=True)}
    found = []
    for row in articles.all():
        by, at = latest.get(row.slug, ("", datetime.now(UTC)))
        updated = date.fromisoformat(row.updated) if _is_day(row.updated) else at.date()
        why = [_age(updated, stale_days, today or datetime.now(UTC).date())]
        why += dict.fromkeys(
            f"a passage with {what} is never used"
            for what, _ in not_for_customers(Article(row.id, row.title, row.body))
        )
        why += [_named(name, names.of(name), names.of(name) in names.archived, known) for name in row.intents]
        found.append(Listed(row.slug, row.title, row.version, updated, by, tuple(filter(None, why))))
    return sorted(found, key=lambda each: (not each.stale, each.title.lower(), each.slug))


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _age(updated: date, stale_days: int, today: date) -> str:
    days = (today - updated).days
    return f"not updated for {days} days" if stale_days and days > stale_days else ""


def _named(name: str, now: str, archived: bool, known: set[str]) -> str:
    """What is wrong with an intent that an article names; empty where nothing is."""
    if archived:
        return f"about {name}, which is archived"
    if now != name:
        return f"about {name}, which is {now} now"
    return "" if name in known else f"about {name}, which is no intent"


class KnowledgeDesk:
    """Agents' hands on the knowledge base.

    Args:
        responder: gives the live one, whose search the agents see.
        changed: to be told once a new version, or what search goes by, is in SQL.
    """

    def __init__(
        self,
        kit: Kit,
        cases: Cases,
        responder: Callable[[], Responder],
        changed: Callable[[], object],
        stale_days: int = 365,
    ) -> None:
        self._kit, self._cases, self._responder, self._changed = kit, cases, responder, changed
        self._stale_days = stale_days

    def listed(self) -> list[Listed]:
        with self._kit.db.reading() as session:
            return listed(session, self._kit.team, self._stale_days)

    def find(self, wanted: str) -> ArticleRow:
        """The article of that id or title, or the only one that is nearly called so.

        Raises:
            UnderstudyError: there is none, with the nearest title.
        """
        with self._kit.db.reading() as session:
            known = {row.slug: row for row in Articles(session, self._kit.team).all()}
        same = [row for row in known.values() if wanted.strip().lower() in (row.slug.lower(), row.title.lower())]
        if same:
            return same[0]
        begun = [row for row in known.values() if row.title.lower().startswith(wanted.strip().lower())]
        if len(begun) == 1:
            return begun[0]
        titles = {id: row.title.lower() for id, row in known.items()}
        near = process.extract(wanted.lower(), titles, scorer=fuzz.WRatio, limit=2)
        if near and near[0][1] >= NEAR and (len(near) == 1 or near[0][1] > near[1][1]):
            return known[near[0][2]]
        cure = f"did you mean {known[near[0][2]].title!r} ({near[0][2]})?" if near else "add it first."
        raise UnderstudyError(f"expected the title or id of an article, found {wanted[:80]!r}: {cure}")

    def save(self, by: str, title: str, body: str, intents: Sequence[str], id: str = "", seen: int = 0) -> str:
        """Keep a new article, or a new version of the one with `id`; gives a line for the agent.

        Args:
            seen: the version that the agent has edited.

        Raises:
            UnderstudyError: a field is not usable, or somebody else was quicker.
        """
        with self._kit.db.writing() as session:
            articles = Articles(session, self._kit.team)
            before = articles.get(id) if id else None
            overtaken_by = articles.latest().get(id, ("",))[0] if before and before.version != seen else None
            if overtaken_by is None:
                self._check(session, intents)
                _check_title(articles, title, id)
                article = _edited(id or _free_id(articles, title), title, body, intents, before)
                if before is not None and _says_the_same(before, article):
                    return f"“{article.title}” is as it was."
                articles.upsert(article, "agent", by)
                version = articles.versions(article.id)[-1].version
        if overtaken_by is not None:
            who = self._kit.surface.person(overtaken_by).name or "Somebody"
            raise UnderstudyError(f"{who} changed this article meanwhile: open it anew, so that nothing is lost.")
        self._changed()
        saved = f"“{article.title}” is saved as version {version}. The next message is answered from it."
        unused = not_for_customers(article)
        return f"{saved} But not from a passage with {unused[0][0]}: look at it again." if unused else saved

    def remove(self, by: str, id: str, seen: int) -> str:
        """Take an article out of the knowledge base; gives a line for the agent.

        Args:
            seen: the version that the agent has seen.

        Raises:
            UnderstudyError: it is gone, or somebody has changed it since.
        """
        with self._kit.db.writing() as session:
            articles = Articles(session, self._kit.team)
            row = articles.get(id)
            removed = row is not None and articles.remove(id, seen)
        if row is None:
            raise UnderstudyError("this article is not there any more.")
        if not removed:
            raise UnderstudyError("this article was changed meanwhile: look at it again.")
        log.info("%s has taken the article %s out", by, id)
        self._changed()
        return f"“{row.title}” is taken out: nobody is answered from it any more. Its versions are kept."

    def search(self, query: str) -> list[Passage]:
        """The best passages for an agent's query; none where the knowledge base has nothing about it."""
        return [passage for passage in self._responder().search(query, FOUND) if passage.score >= WORTH]

    def is_empty(self) -> bool:
        with self._kit.db.reading() as session:
            return not Articles(session, self._kit.team).all()

    def open_cases(self, agent: str) -> list[Conversation]:
        """Cases that this agent may write to: their own, those that wait, the bot's; the newest first of each."""
        with self._kit.db.reading() as session:
            found = Conversations(session).in_state({"human", "waiting", "bot"}, self._kit.team)
        found = [case for case in reversed(found) if case.state != "human" or case.holder == agent]
        order = {"human": 0, "waiting": 1, "bot": 2}
        return sorted(found, key=lambda case: order[case.state])[:OPEN]

    def words_of(self, case: Conversation) -> str:
        """Who asked, and their latest words, in a line."""
        with self._kit.db.reading() as session:
            turns = Turns(session).of_conversation(case.id)
        name = self._kit.surface.person(case.customer).name or case.customer
        return f"{name}: {' '.join(self._kit.words(turns[-1]).split()) if turns else 'no words yet'}"

    def send(self, agent: str, case_id: int, words: str, query: str, article: str, key: str = "") -> str:
        """Bring a found passage to a customer, and remember that it was the answer. Empty, or why not.

        Args:
            key: of the form that it comes by.
        """
        refused = self._cases.words.write(case_id, agent, words, source="search", key=key)
        if not refused:
            with self._kit.db.writing() as session:
                turns = Turns(session).of_conversation(case_id)
                if not key or Events(session).first(self._kit.team, f"marked:{key}"):
                    turn = turns[-1].id if turns else None
                    SearchMarks(session, self._kit.team).add("sent", query, article, agent, turn)
        return refused

    def wrong(self, agent: str, query: str, article: str) -> str:
        """Remember that an article was no answer to a query; gives a line for the agent."""
        with self._kit.db.writing() as session:
            SearchMarks(session, self._kit.team).add("wrong", query, article, agent)
        self._changed()
        return "Noted: this is no answer to that. From now on it counts half for such words."

    def _check(self, session: Session, intents: Sequence[str]) -> None:
        """Raise UnderstudyError where an intent is none in use."""
        known = [intent.name for intent in Intents(session, self._kit.team).all()]
        for name in intents:
            if name not in known:
                near = process.extractOne(name, known)
                cure = f"did you mean {near[0]}?" if near else "leave it out, or add the intent first."
                raise UnderstudyError(f"intents: expected names of intents, found {name[:80]!r}: {cure}")


def _edited(id: str, title: str, body: str, intents: Sequence[str], before: ArticleRow | None) -> Article:
    today = datetime.now(UTC).date().isoformat()
    locale = before.locale if before is not None else ""
    return made(id, {"title": title, "intents": list(intents), "locale": locale, "updated": today}, body)


def _check_title(articles: Articles, title: str, id: str) -> None:
    """Raise UnderstudyError where another article than `id` is called so."""
    wanted = title.strip().casefold()
    same = next((row for row in articles.all(bodies=False) if row.id != id and row.title.casefold() == wanted), None)
    if same is not None:
        raise UnderstudyError(f"title: expected one of its own, found that of the article {same.id}: edit that one.")


def _free_id(articles: Articles, title: str) -> str:
    """A new article's id, of its title."""
    id = slug(title)[:LONGEST_ID] or "article"
    if articles.get(id) is not None:
        raise UnderstudyError(f"expected a new title, found that of the article {id}: edit that one.")
    return id


def _says_the_same(row: ArticleRow, article: Article) -> bool:
    return (row.title, row.body, row.intents) == (article.title, article.body, article.intents)
