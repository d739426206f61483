"""The starter shop in a data folder that had an older one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ledger import starter_sides
from bot.prepare import freshen_starter, load_starter
from model import starter
from model.dataset import fingerprint
from model.split import split
from model.types import Example
from storage.articles import Articles
from storage.database import Database
from storage.intents import Intents
from storage.utterances import Utterances
from tests.model.encoders import CharEncoder

OLD, OWN = "An answer of last year.", "Our own answer."


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'shop.db'}")
    made.migrate()
    load_starter(made, "T1", lambda line: None)
    yield made
    made.close()


def test_its_held_out_messages_are_test_rows_from_the_first_day(db: Database) -> None:
    with db.reading() as session:
        rows = [Example(row.text, row.label, row.source) for row in Utterances(session, "T1").all()]
    sides, held_out = starter_sides(rows), {fingerprint(row.text) for row in starter.held_out()}
    assert held_out == set(sides)
    assert set(sides.values()) == {"test"}
    cut = split(rows, CharEncoder(), known=sides)
    test = {fingerprint(row.text) for row in cut.test}
    assert held_out <= test
    for label in {row.label for row in rows}:
        mine = [row for row in rows if row.label == label]
        tested = sum(fingerprint(row.text) in test for row in mine)
        assert 0.3 * len(mine) <= tested < 0.5 * len(mine), label
    assert starter_sides([replace(row, source="import") for row in rows]) == {}


def test_what_is_new_comes_and_what_is_ones_own_or_was_taken_out_stays(db: Database) -> None:
    first, second, third, fourth = starter.intents()[:4]
    article, other = starter.articles()[:2]
    with db.writing() as session:
        intents, articles = Intents(session, "T1"), Articles(session, "T1")
        intents.upsert(replace(first, answer=OLD), "starter")
        intents.upsert(replace(second, answer=OWN), "import")
        intents.upsert(replace(third, answer=OLD), "starter")
        intents.archive(third.name)
        intents.rename(fourth.name, "renamed")
        articles.upsert(replace(article, body=OLD), "starter")
        articles.upsert(replace(other, body=OWN), "import")
    said: list[str] = []
    for _ in range(2):
        freshen_starter(db, "T1", said.append)
    assert said == ["Brought 2 answers and articles of the starter shop up to date."]
    with db.reading() as session:
        rows = {row.name: row for row in Intents(session, "T1").all(archived=True)}
        assert (rows[first.name].answer, rows[second.name].answer) == (first.answer, OWN)
        assert (rows[third.name].answer, rows[third.name].archived) == (OLD, True)
        assert fourth.name not in rows
        bodies = {row.slug: row.body for row in Articles(session, "T1").all()}
        assert (bodies[article.id], bodies[other.id]) == (article.body, OWN)


def test_where_there_is_none_nothing_comes(tmp_path: Path) -> None:
    made = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    made.migrate()
    freshen_starter(made, "T1", pytest.fail)
    with made.reading() as session:
        assert Intents(session, "T1").all() == []
    made.close()
