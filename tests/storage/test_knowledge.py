"""Articles, intents, utterances: what a team brings."""

from dataclasses import replace

import pytest
from sqlalchemy import Executable, delete, text, update
from sqlalchemy.exc import DBAPIError

from model.types import Article, Example, Intent
from storage.articles import Articles
from storage.database import Database
from storage.intents import Intents
from storage.tables import article_versions
from storage.utterances import Utterances
from tests.storage.make import TEAM, at_revision

RETURNS = Article("returns", "Returns", "Within 30 days.", ("return",), "en", "2026-01-05")
REFUND = Intent("refund", "Get a refund", "Money back", "Dear {first_name}", compose=True)


def test_articles(db: Database) -> None:
    with db.writing() as session:
        articles = Articles(session, TEAM)
        assert articles.upsert(RETURNS, "starter") == "new"
        assert articles.upsert(RETURNS, "starter") == "same"
        assert articles.upsert(replace(RETURNS, body="Within 14 DAYS."), "starter") == "changed"
        assert articles.upsert(replace(RETURNS, body="Within 14 days."), "starter") == "changed"
        stored = articles.get("returns")
        assert stored is not None
        assert (stored.id, stored.version, stored.intents, stored.source) == ("returns", 3, ("return",), "starter")
        assert articles.upsert(replace(RETURNS, id="fees"), "import") == "new"
        assert [article.slug for article in articles.all()] == ["fees", "returns"]
        assert Articles(session, "T9").all() == []
        assert Articles(session, "T9").delete_source("starter") == 0
        assert articles.delete_source("starter") == 1
        assert articles.get("returns") is None


def test_what_is_imported_stays_when_the_starter_goes(db: Database) -> None:
    with db.writing() as session:
        articles, intents, utterances = Articles(session, TEAM), Intents(session, TEAM), Utterances(session, TEAM)
        articles.upsert(RETURNS, "starter")
        assert articles.upsert(RETURNS, "import") == "same"
        intents.upsert(REFUND, "starter")
        assert intents.upsert(REFUND, "import") == "same"
        utterances.add([Example("my money", "refund"), Example("hello", "greet")], "starter")
        assert utterances.add([Example("my money", "refund")], "import") == (0, 1)
        kept = [articles.delete_source("starter"), intents.delete_source("starter")]
        assert kept == [0, 0]
        assert utterances.delete_source("starter") == 1
        assert [row.text for row in utterances.all()] == ["my money"]


def test_intents(db: Database) -> None:
    with db.writing() as session:
        intents = Intents(session, TEAM)
        assert intents.upsert(REFUND, "starter") == "new"
        assert intents.upsert(REFUND, "starter") == "same"
        assert intents.upsert(replace(REFUND, answer=None), "import") == "changed"
        assert intents.archive("refund")
        assert intents.archive("nothing") is False
        assert intents.all() == []
        assert [intent.name for intent in intents.all(archived=True)] == ["refund"]
        assert intents.upsert(REFUND, "import") == "changed"
        stored = intents.get("refund")
        assert stored is not None
        assert (stored.title, stored.answer, stored.compose, stored.archived) == (
            "Get a refund", "Dear {first_name}", True, False,
        )  # fmt: skip


def test_utterances(db: Database) -> None:
    rows = [Example("Where is it?", "track"), Example("where  is IT?", "track"), Example("bye", "leave")]
    with db.writing() as session:
        utterances = Utterances(session, TEAM)
        assert utterances.add(rows, "import") == (2, 1)
        assert utterances.add(rows, "import") == (0, 3)
        assert utterances.add([Example("bye", "farewell")], "import") == (1, 0)
        assert [(row.text, row.label) for row in utterances.all("import")] == [
            ("Where is it?", "track"), ("bye", "farewell"),
        ]  # fmt: skip
        assert utterances.all("starter") == []
        assert Utterances(session, "T9").add(rows, "import") == (2, 1)


def test_a_text_with_two_labels_in_one_go_takes_the_later(db: Database) -> None:
    with db.writing() as session:
        utterances = Utterances(session, TEAM)
        assert utterances.add([Example("bye", "leave"), Example("bye", "farewell")], "import") == (2, 0)
        assert [(row.text, row.label) for row in utterances.all()] == [("bye", "farewell")]
        assert utterances.add([], "import") == (0, 0)


def test_every_version_of_an_article_is_kept_with_its_author(db: Database) -> None:
    with db.writing() as session:
        articles = Articles(session, TEAM)
        articles.upsert(RETURNS, "starter")
        articles.upsert(RETURNS, "import", "command line")
        articles.upsert(replace(RETURNS, body="Within 14 days."), "agent", "UA")
        articles.upsert(replace(RETURNS, id="fees"), "import", "command line")
        Articles(session, "T9").upsert(RETURNS, "import")
    with db.reading() as session:
        found = Articles(session, TEAM).versions("returns")
        assert [(each.version, each.body, each.source, each.by) for each in found] == [
            (1, "Within 30 days.", "starter", ""),
            (2, "Within 14 days.", "agent", "UA"),
        ]
        assert found[1].intents == ("return",)
        assert Articles(session, TEAM).latest()["returns"] == ("UA", found[1].at)
        assert set(Articles(session, TEAM).latest()) == {"returns", "fees"}


def test_an_article_that_comes_back_goes_on_counting(db: Database) -> None:
    with db.writing() as session:
        articles = Articles(session, TEAM)
        articles.upsert(RETURNS, "starter")
        articles.delete_source("starter")
        assert articles.upsert(replace(RETURNS, body="Within 60 days."), "agent", "UA") == "new"
        assert [each.version for each in articles.versions("returns")] == [1, 2]
        assert [each.version for each in articles.all()] == [2]


@pytest.mark.parametrize(
    "statement",
    [
        update(article_versions).values(body="other"),
        update(article_versions).values(intents=["other"]),
        update(article_versions).values(team_id="T9"),
        delete(article_versions),
    ],
)
def test_no_program_rewrites_versions(db: Database, statement: Executable) -> None:
    with db.writing() as session:
        Articles(session, TEAM).upsert(RETURNS, "starter")
    with pytest.raises(DBAPIError, match="append-only"), db.writing() as session:
        session.execute(statement)


def test_articles_of_before_have_a_first_version_and_go_to_the_team_with_it(url: str) -> None:
    db = Database(url)
    with at_revision(db, "0003") as connection:
        connection.execute(
            text(
                "insert into articles (team_id, slug, title, body, intents, locale, updated, source, content_hash, "
                "version) values ('', 'old', 'Old', 'Words.', '[\"a\"]', 'en', '', 'import', 'x', 3)"
            )
        )
    db.migrate()
    assert db.adopt("T7") == 2
    with db.writing() as session:
        articles = Articles(session, "T7")
        assert [(each.version, each.intents, each.by) for each in articles.versions("old")] == [(3, ("a",), "")]
        assert articles.versions("old")[0].at.utcoffset() is not None
        articles.upsert(replace(RETURNS, id="old"), "agent", "UA")
        assert [each.version for each in articles.versions("old")] == [3, 4]
    db.close()


def test_articles_are_listed_without_their_texts(db: Database) -> None:
    with db.writing() as session:
        articles = Articles(session, TEAM)
        articles.upsert(Article("a", "Title", "A long text", ("fees",)), "import", "UAGENT")
        [whole], [short] = articles.all(), articles.all(bodies=False)
    assert whole.body == "A long text"
    assert short == replace(whole, body="")
