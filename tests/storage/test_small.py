"""Feedback, clicks, events, key values and erasure."""

from storage import redaction
from storage.clicks import Clicks
from storage.database import Database
from storage.events import Events
from storage.feedback import Feedback
from storage.keyvalues import KeyValues
from storage.tables import ERASED, utcnow
from storage.turns import Turns
from tests.storage.make import TEAM, a_turn


def test_the_latest_judgement_wins(db: Database) -> None:
    with db.writing() as session:
        turn = a_turn(session)
        Feedback(session).give(TEAM, turn.id, "U1", "good")
        later = Feedback(session).give(TEAM, turn.id, "U1", "bad", "wrong", "no")
        Feedback(session).give(TEAM, turn.id, "U2", "good")
        rows = Feedback(session).of_turn(turn.id)
    assert [(row.user, row.value, row.reason, row.comment) for row in rows] == [
        ("U1", "bad", "wrong", "no"), ("U2", "good", "", ""),
    ]  # fmt: skip
    assert rows[0] == later


def test_a_double_click_is_one(db: Database) -> None:
    with db.writing() as session:
        turn = a_turn(session)
        assert Clicks(session).add(TEAM, turn.id, "U1", "did_you_mean", "refund")
        assert Clicks(session).add(TEAM, turn.id, "U1", "did_you_mean", "refund") is False
        assert Clicks(session).add(TEAM, turn.id, "U1", "none_of_these")
        assert [(click.kind, click.value) for click in Clicks(session).of_turn(turn.id)] == [
            ("did_you_mean", "refund"), ("none_of_these", ""),
        ]  # fmt: skip


def test_an_event_is_first_once(db: Database) -> None:
    with db.writing() as session:
        assert Events(session).first(TEAM, "E1")
        assert Events(session).first(TEAM, "E1") is False
        assert Events(session).first("T9", "E1")
        Events(session).forget(TEAM, "E1")
        assert Events(session).first(TEAM, "E1")
        assert not Events(session).first("T9", "E1")
        assert Events(session).prune(utcnow()) == 2
        assert Events(session).first(TEAM, "E1")


def test_key_values(db: Database) -> None:
    with db.writing() as session:
        values = KeyValues(session, TEAM)
        assert values.get("owners", []) == []
        values.set("owners", ["U9"])
        values.set("owners", ["U9", "U8"])
        values.set("introduced:U_1", True)
        values.set("introduced:U21", None)
        assert values.get("owners") == ["U9", "U8"]
        assert values.keys("introduced:") == ["introduced:U21", "introduced:U_1"] or values.keys("introduced:") == [
            "introduced:U_1",
            "introduced:U21",
        ]
        assert values.keys("introduced:U_") == ["introduced:U_1"]
        assert KeyValues(session, "T9").get("owners") is None
        values.delete("owners")
        assert values.get("owners") is None


def test_erasing_a_person(db: Database) -> None:
    with db.writing() as session:
        mine, other = a_turn(session, "1.0", "I am Mia"), a_turn(session, "2.0", "I am Tom", user="U2")
        Feedback(session).give(TEAM, other.id, "U1", "bad", comment="said Mia")
        KeyValues(session, TEAM).set("introduced:U1", True)
        assert redaction.count_user(session, TEAM, "U1") == 1
        erased = redaction.erase_user(session, TEAM, "U1")
        assert (erased.turns, erased.edits, erased.comments, erased.corrections) == (1, 0, 1, 0)
        texts = [Turns(session).get(turn.id) for turn in (mine, other)]
        assert [turn.text for turn in texts if turn] == [ERASED, "I am Tom"]
        assert KeyValues(session, TEAM).get("introduced:U1") is None
        assert redaction.count_user(session, TEAM, "U1") == 0
        again = redaction.erase_user(session, TEAM, "U1")
        assert (again.turns, again.comments) == (0, 0)
