from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.corrections import Correction, Corrections
from storage.database import Database
from storage.tables import utcnow
from tests.storage.make import TEAM, a_turn


def correct(log: Corrections, words: str, after: str, turn_id: int | None = None, **more: Any) -> Correction:
    row = {"team": TEAM, "before": "refund", "by": "U9", "source": "card"} | more
    return log.add(text=words, after=after, turn_id=turn_id, **row)


def standing(log: Corrections) -> list[tuple[str, str]]:
    return [(row.text, row.after) for row in log.effective()]


def test_a_correction_is_kept_whole(db: Database) -> None:
    with db.writing() as session:
        turn = a_turn(session, is_test=True)
        row = correct(Corrections(session), "where", "oos", turn.id, better_answer="So.", model_version="v3", note="n")
        assert Corrections(session).get(row.id) == row == Corrections(session).latest(turn.id)
    assert (row.after, row.better_answer, row.model_version, row.note) == ("oos", "So.", "v3", "n")
    assert (row.conversation_id, row.is_test, row.undoes) == (turn.conversation_id, True, None)


def test_the_latest_of_a_turn_and_of_a_text_wins(db: Database) -> None:
    with db.writing() as session:
        log = Corrections(session)
        one, two = a_turn(session, "1.0"), a_turn(session, "2.0")
        correct(log, "where is it", "delivery", one.id)
        correct(log, "where is it", "tracking", one.id)
        assert standing(log) == [("where is it", "tracking")]
        correct(log, "my money", "refund", two.id)
        correct(log, "WHERE  is it", "delivery")
        assert standing(log) == [("my money", "refund"), ("WHERE  is it", "delivery")]
        assert len(log.all()) == 4
        assert log.effective("T9") == []


def test_an_undo_brings_back_what_stood_and_can_be_undone(db: Database) -> None:
    with db.writing() as session:
        log = Corrections(session)
        turn = a_turn(session)
        correct(log, "where is it", "delivery", turn.id)
        second = correct(log, "where is it", "tracking", turn.id)
        undo = log.undo(second.id, "U9")
        assert (undo.undoes, undo.before, undo.after) == (second.id, "tracking", "refund")
        assert standing(log) == [("where is it", "delivery")]
        redo = log.undo(undo.id, "U9")
        assert standing(log) == [("where is it", "tracking")]
        log.undo(redo.id, "U9")
        latest = log.latest(turn.id)
        assert latest is not None
        assert latest.after == "delivery"
        with pytest.raises(LookupError):
            log.undo(999, "U9")


def test_undoing_the_only_one_leaves_nothing(db: Database) -> None:
    with db.writing() as session:
        log = Corrections(session)
        turn = a_turn(session)
        log.undo(correct(log, "where", "delivery", turn.id).id, "U9")
        assert log.latest(turn.id) is None
        assert log.effective() == []


def test_counting_new_labels(db: Database) -> None:
    start = utcnow()
    with db.writing() as session:
        log = Corrections(session)
        correct(log, "one", "delivery", a_turn(session, "1.0").id)
        correct(log, "two", "delivery", a_turn(session, "2.0").id)
        log.undo(correct(log, "three", "delivery", a_turn(session, "3.0").id).id, "U9")
        correct(log, "four", "delivery", a_turn(session, "4.0", is_test=True).id)
        assert log.count_since(start) == 2
        assert log.count_since(utcnow()) == 0


def test_the_repository_can_only_append() -> None:
    public = {name for name in dir(Corrections) if not name.startswith("_")}
    assert public == {"add", "undo", "get", "parts", "latest", "all", "effective", "count_since"}


@pytest.mark.parametrize(
    "statement",
    [
        "delete from corrections",
        "update corrections set after = 'x'",
        "update corrections set \"before\" = 'x'",
        "update corrections set text = 'other words'",
        "update corrections set better_answer = 'other words'",
        "update corrections set team_id = 'T9'",
        "update corrections set undoes = id",
    ],
)
def test_no_program_changes_a_correction(db: Database, statement: str) -> None:
    with db.writing() as session:
        row = correct(Corrections(session), "where", "delivery")
    with pytest.raises(DBAPIError, match="append-only"), db.writing() as session:
        session.execute(text(statement))
    with db.reading() as session:
        assert Corrections(session).all() == [row]
