"""What was done with intents is appended, and never changed."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from storage import unlabelled
from storage.database import Database
from storage.intent_events import IntentEvents
from storage.tables import intent_events
from tests.storage.make import TEAM, a_done_turn


def test_events_stand_in_their_order_team_by_team(db: Database) -> None:
    with db.writing() as session:
        events = IntentEvents(session, TEAM)
        events.add("add", "late", "UA")
        events.add("rename", "late", "UA", "delay")
        events.add("merge", "delay", "command line", "delivery")
        events.add("archive", "delivery", "UA")
        IntentEvents(session, "T9").add("rename", "delay", "UB", "x")
    with db.reading() as session:
        found = IntentEvents(session, TEAM).all()
        assert [(each.kind, each.name, each.into, each.by) for each in found] == [
            ("add", "late", "", "UA"),
            ("rename", "late", "delay", "UA"),
            ("merge", "delay", "delivery", "command line"),
            ("archive", "delivery", "", "UA"),
        ]
        assert found[0].at.utcoffset() is not None
        assert IntentEvents(session, TEAM).changes() == [("late", "delay"), ("delay", "delivery")]


def test_no_program_rewrites_them(db: Database) -> None:
    with db.writing() as session:
        IntentEvents(session, TEAM).add("rename", "late", "UA", "delay")
    for statement in (
        update(intent_events).values(into="other"),
        update(intent_events).values(team_id="T9"),
        delete(intent_events),
    ):
        with pytest.raises(DBAPIError, match="append-only"), db.writing() as session:
            session.execute(statement)


def test_events_before_the_first_connect_are_given_to_the_team_then(db: Database) -> None:
    with db.writing() as session:
        IntentEvents(session, "").add("rename", "late", "command line", "delay")
    assert db.adopt("T7") == 1
    with db.reading() as session:
        assert IntentEvents(session, "T7").changes() == [("late", "delay")]


def test_messages_of_an_intent_out_of_use_teach_nothing(db: Database) -> None:
    with db.writing() as session:
        done = a_done_turn(session, "1.0")
        assert unlabelled.texts(session, TEAM, 10, without={"delivery"}) == [done.text]
        assert unlabelled.texts(session, TEAM, 10, without={"refund", "delivery"}) == []
