"""Articles: the knowledge base of one team, and every version that an article has had, append-only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, Protocol

from sqlalchemy import bindparam, delete, func, literal, select, update

from storage.rows import changed, insert_new, new_id, read
from storage.session import Session
from storage.tables import article_versions, articles, utcnow

Outcome = Literal["new", "changed", "same"]


class ArticleLike(Protocol):
    """What is read of an article (`model.types.Article` has it)."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def intents(self) -> Sequence[str]: ...
    @property
    def locale(self) -> str: ...
    @property
    def updated(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ArticleRow:
    slug: str
    title: str
    body: str
    intents: tuple[str, ...]
    locale: str
    updated: str
    source: str
    content_hash: str
    version: int
    """Counts the changes, from 1."""

    @property
    def id(self) -> str:
        return self.slug


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """What an article said from `at` on, until the next version."""

    slug: str
    version: int
    title: str
    body: str
    intents: tuple[str, ...]
    locale: str
    updated: str
    source: str
    by: str
    """A Slack user, `command line`, or empty: nobody knows."""
    at: datetime


_WHOLE = select(articles).where(articles.c.team_id == bindparam("team")).order_by(articles.c.slug)
_TITLES = _WHOLE.with_only_columns(*(literal("").label("body") if c.name == "body" else c for c in articles.c))


class Articles:
    def __init__(self, session: Session, team: str) -> None:
        self._session = session
        self._team = team

    def upsert(self, article: ArticleLike, source: str, by: str = "") -> Outcome:
        """Keep an article under its id, as a new version; the same content again changes nothing but its source."""
        values = _values(article, source)
        # An article that was taken out and comes back goes on counting: its versions are still there.
        number = self._last_version(article.id) + 1
        row = {"team_id": self._team, "slug": article.id, "version": number, **values}
        if insert_new(self._session, articles, row):
            self._keep(row, by)
            return "new"
        mine = (articles.c.team_id == self._team) & (articles.c.slug == article.id)
        differs = articles.c.content_hash != values["content_hash"]
        if changed(self._session, update(articles).where(mine, differs).values(**values, version=number)):
            self._keep(row, by)
            return "changed"
        if source != "starter":
            self._session.execute(update(articles).where(mine).values(source=source))
        return "same"

    def all(self, *, bodies: bool = True) -> list[ArticleRow]:
        """Every article by its slug. Without `bodies` their texts stay in the database and are empty here."""
        query = _WHOLE if bodies else _TITLES
        return [read(ArticleRow, row) for row in self._session.execute(query, {"team": self._team}).mappings()]

    def get(self, slug: str) -> ArticleRow | None:
        query = select(articles).where(articles.c.team_id == self._team, articles.c.slug == slug)
        row = self._session.execute(query).mappings().first()
        return read(ArticleRow, row) if row else None

    def versions(self, slug: str) -> list[ArticleVersion]:
        """Every version of an article, the oldest first."""
        c = article_versions.c
        query = select(article_versions).where(c.team_id == self._team, c.slug == slug).order_by(c.version, c.id)
        return [read(ArticleVersion, row) for row in self._session.execute(query).mappings()]

    def latest(self) -> dict[str, tuple[str, datetime]]:
        """Article -> who made its latest version, and when."""
        c = article_versions.c
        query = select(c.slug, c.by, c.at).where(c.team_id == self._team).order_by(c.version, c.id)
        return {row.slug: (row.by, row.at) for row in self._session.execute(query)}

    def _last_version(self, slug: str) -> int:
        c = article_versions.c
        query = select(func.max(c.version)).where(c.team_id == self._team, c.slug == slug)
        return int(self._session.execute(query).scalar() or 0)

    def _keep(self, row: dict[str, Any], by: str) -> None:
        kept = {name: value for name, value in row.items() if name != "content_hash"}
        new_id(self._session, article_versions, {**kept, "by": by, "at": utcnow()})

    def remove(self, slug: str, version: int) -> bool:
        """Take an article out, as it is at that version; its versions are kept. False where it is not there so."""
        mine = delete(articles).where(articles.c.team_id == self._team, articles.c.slug == slug)
        return changed(self._session, mine.where(articles.c.version == version)) == 1

    def delete_source(self, source: str) -> int:
        """Take out every article of this source; returns how many."""
        mine = delete(articles).where(articles.c.team_id == self._team, articles.c.source == source)
        return changed(self._session, mine)


def _values(article: ArticleLike, source: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": article.title,
        "body": article.body,
        "intents": list(article.intents),
        "locale": article.locale,
        "updated": article.updated,
    }
    return {**values, "source": source, "content_hash": content_hash(values)}


def content_hash(values: dict[str, Any]) -> str:
    """A key of everything a reader would see change."""
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
