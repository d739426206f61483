"""Articles: the knowledge base of one team."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage.rows import changed, insert_new, read
from storage.tables import articles

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


class Articles:
    def __init__(self, session: Session, team: str) -> None:
        self._session = session
        self._team = team

    def upsert(self, article: ArticleLike, source: str) -> Outcome:
        """Keep an article under its id; the same content again changes nothing but who it belongs to."""
        values = _values(article, source)
        if insert_new(self._session, articles, {"team_id": self._team, "slug": article.id, "version": 1, **values}):
            return "new"
        mine = (articles.c.team_id == self._team) & (articles.c.slug == article.id)
        differs = articles.c.content_hash != values["content_hash"]
        statement = update(articles).where(mine, differs).values(**values, version=articles.c.version + 1)
        if changed(self._session, statement):
            return "changed"
        if source != "starter":
            self._session.execute(update(articles).where(mine).values(source=source))
        return "same"

    def all(self) -> list[ArticleRow]:
        query = select(articles).where(articles.c.team_id == self._team).order_by(articles.c.slug)
        return [read(ArticleRow, row) for row in self._session.execute(query).mappings()]

    def get(self, slug: str) -> ArticleRow | None:
        query = select(articles).where(articles.c.team_id == self._team, articles.c.slug == slug)
        row = self._session.execute(query).mappings().first()
        return read(ArticleRow, row) if row else None

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
