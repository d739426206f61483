from sqlalchemy import text

from storage import redaction
from storage.database import Database
from storage.feedback import Feedback
from storage.search_marks import SearchMarks
from tests.storage.make import TEAM, a_done_turn, a_turn


def answered_from(db: Database, ts: str, article: str, is_test: bool = False) -> int:
    with db.writing() as session:
        turn = a_done_turn(session, ts, is_test=is_test)
        session.execute(
            text("update turns set article_ids = :ids where id = :id"), {"ids": f'["{article}"]', "id": turn.id}
        )
        Feedback(session).give(TEAM, turn.id, "U1", "good")
    return turn.id


def test_pairs_are_what_was_sent_what_was_asked_there_and_what_helped(db: Database) -> None:
    answered_from(db, "3.0", "fees")
    answered_from(db, "4.0", "fees", is_test=True)
    with db.writing() as session:
        marks = SearchMarks(session, TEAM)
        turn = a_turn(session, "1.0", "where is it")
        marks.add("sent", "tracking number", "track", "UA", turn.id)
        marks.add("wrong", "tracking number", "fees", "UA")
        SearchMarks(session, "T9").add("sent", "other", "other", "UB")
        assert marks.pairs() == [("text 3.0", "fees"), ("tracking number", "track"), ("where is it", "track")]
        assert marks.wrong() == [("tracking number", "fees")]
        assert [(each.kind, each.by, each.turn_id) for each in marks.all()] == [
            ("sent", "UA", turn.id),
            ("wrong", "UA", None),
        ]


def test_what_is_erased_teaches_nothing(db: Database) -> None:
    answered_from(db, "3.0", "fees")
    with db.writing() as session:
        turn = a_turn(session, "1.0", "where is it")
        SearchMarks(session, TEAM).add("sent", "the customer's words", "track", "UA", turn.id)
        redaction.erase_user(session, TEAM, "U1")
        assert SearchMarks(session, TEAM).pairs() == []
        assert [mark.slug for mark in SearchMarks(session, TEAM).all()] == ["track"]
