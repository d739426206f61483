"""The tables of the knowledge base: articles, their versions, and what agents said of a search."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from storage.columns import json, key, metadata, name, text, time, turn

articles = Table(
    "articles",
    metadata,
    key(),
    name("team_id"),
    name("slug"),
    text("title"),
    text("body"),
    json("intents"),
    name("locale", default="en"),
    name("updated", default=""),
    name("source"),
    name("content_hash"),
    Column("version", Integer, nullable=False, default=1),
    UniqueConstraint("team_id", "slug"),
)

article_versions = Table(
    "article_versions",
    metadata,
    key(),
    name("team_id"),
    name("slug"),
    Column("version", Integer, nullable=False),
    text("title"),
    text("body"),
    json("intents"),
    name("locale"),
    name("updated", default=""),
    name("source"),
    name("by", default=""),
    time("at"),
    Index(None, "team_id", "slug"),
)

search_marks = Table(
    "search_marks",
    metadata,
    key(),
    name("team_id", index=True),
    name("kind"),
    text("query"),
    name("slug"),
    turn(nullable=True),
    name("by"),
    time("at"),
)
