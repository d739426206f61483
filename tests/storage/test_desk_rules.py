import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.desk_rules import DeskRules
from storage.keyvalues import KeyValues
from tests.storage.make import TEAM, at_revision


def test_the_latest_of_each_subject_stands(db: Database) -> None:
    with db.writing() as session:
        rules = DeskRules(session, TEAM)
        rules.say("desk", "", "U1", mode="draft")
        rules.say("intent", "refund", "U1", mode="draft", threshold=0.7)
        rules.say("intent", "refund", "U2", mode="automatic")
        rules.say("channel", "C1", "U1", answer_all=True)
        DeskRules(session, "T2").say("desk", "", "U9", mode="silent")
    with db.reading() as session:
        standing = DeskRules(session, TEAM).standing()
        history = DeskRules(session, TEAM).history(2)
    assert [(row.scope, row.subject, row.mode, row.threshold, row.answer_all) for row in standing] == [
        ("desk", "", "draft", None, False),
        ("intent", "refund", "automatic", None, False),
        ("channel", "C1", "", None, True),
    ]
    assert [(row.subject, row.by) for row in history] == [("C1", "U1"), ("refund", "U2")]


@pytest.mark.parametrize("statement", ["update desk_rules set mode = 'silent'", "delete from desk_rules"])
def test_what_was_said_stays_said(db: Database, statement: str) -> None:
    with db.writing() as session:
        DeskRules(session, TEAM).say("desk", "", "U1", mode="draft")
    with pytest.raises(DBAPIError, match="append-only"), db.writing() as session:
        session.execute(text(statement))


def test_what_was_chosen_before_there_were_rules_is_taken_over(url: str) -> None:
    db = Database(url)
    with at_revision(db, "0004") as connection:
        for key, value in (("mode", "automatic"), ("answer_all", ["C1", "C2"]), ("owners", ["U1"])):
            row = {"key": key, "value": json.dumps(value)}
            connection.execute(text("insert into settings_kv (team_id, key, value) values ('T1', :key, :value)"), row)
    db.migrate()
    with db.reading() as session:
        standing = DeskRules(session, "T1").standing()
        keys = KeyValues(session, "T1").keys()
    db.close()
    assert [(row.scope, row.subject, row.mode, row.answer_all, row.by) for row in standing] == [
        ("desk", "", "automatic", False, ""),
        ("channel", "C1", "", True, ""),
        ("channel", "C2", "", True, ""),
    ]
    assert keys == ["owners"]
