from sqlalchemy import text

from storage import redaction
from storage.clicks import Clicks
from storage.conversations import Conversations
from storage.database import Database
from storage.feedback import Feedback
from storage.recommendations import OPENED
from storage.search_marks import SearchMarks
from storage.turns import Turn, Turns
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


def test_what_was_opened_from_below_an_offer_counts_where_that_was_all(db: Database) -> None:
    with db.writing() as session:
        cases: dict[str, Turn] = {}
        clicks, conversations = Clicks(session), Conversations(session)
        for ts, route in (("1.0", "OFFER"), ("2.0", "CLARIFY"), ("3.0", "ANSWER"), ("4.0", "OFFER"), ("5.0", "OFFER")):
            turn = a_done_turn(session, ts)
            Turns(session).routed(turn.id, route)
            clicks.add(TEAM, turn.id, "U1", OPENED, "other")
            clicks.add(TEAM, turn.id, "U1", OPENED, "gifts")
            cases[ts] = turn
        clicks.add(TEAM, cases["4.0"].id, "U1", "talk_to_person")
        for ts in ("1.0", "2.0", "3.0", "4.0"):
            assert conversations.move(cases[ts].conversation_id or 0, expected={"bot"}, to="closed")
        assert SearchMarks(session, TEAM).pairs() == [("text 1.0", "gifts"), ("text 2.0", "gifts")]
        redaction.erase_user(session, TEAM, "U1")
        assert SearchMarks(session, TEAM).pairs() == []


def test_what_is_erased_teaches_nothing(db: Database) -> None:
    answered_from(db, "3.0", "fees")
    with db.writing() as session:
        turn = a_turn(session, "1.0", "where is it")
        SearchMarks(session, TEAM).add("sent", "the customer's words", "track", "UA", turn.id)
        redaction.erase_user(session, TEAM, "U1")
        assert SearchMarks(session, TEAM).pairs() == []
        assert [mark.slug for mark in SearchMarks(session, TEAM).all()] == ["track"]
