"""What is kept of recommendations, and what may be learned from it."""

from datetime import timedelta

from sqlalchemy import text

from storage import redaction
from storage.clicks import Clicks
from storage.corrections import Corrections
from storage.database import Database
from storage.dismissals import Dismissals
from storage.feedback import Feedback
from storage.opt_outs import OptOuts
from storage.recommendations import OPENED, Recommendations
from storage.tables import utcnow
from storage.turns import Turn
from tests.storage.make import TEAM, a_done_turn

SHOWN = [("refund-times", 0.61234, 0.5, 0.3), ("exchanges", 0.2, 0.1, 0.4)]
HOUR = timedelta(hours=1)


def recommended(db: Database, ts: str, *, is_test: bool = False, opened: str = "") -> Turn:
    with db.writing() as session:
        turn = a_done_turn(session, ts, is_test=is_test)
        Recommendations(session, TEAM).claim(turn.conversation_id, turn.id, SHOWN, "next-1")
        if opened:
            Clicks(session).add(TEAM, turn.id, "U1", OPENED, opened)
    return turn


def test_once_a_case_and_the_same_again_for_a_turn_worked_again(db: Database) -> None:
    turn = recommended(db, "1.0")
    with db.writing() as session:
        own = Recommendations(session, TEAM)
        again = own.claim(turn.conversation_id, turn.id, [("other", 1.0, 1.0, 1.0)], "next-2")
        assert again is not None
        assert again.shown == (("refund-times", 0.6123, 0.5, 0.3), ("exchanges", 0.2, 0.1, 0.4))
        assert own.claim(turn.conversation_id, turn.id + 1, SHOWN, "next-2") is None
        assert own.of_turn(turn.id) == own.of_case(turn.conversation_id) == again
        assert Recommendations(session, "T9").of_turn(turn.id) is None


def test_counts_are_of_cases_without_tests_and_what_was_no_request(db: Database) -> None:
    recommended(db, "1.0")
    turn = recommended(db, "2.0", opened="exchanges")
    recommended(db, "3.0", is_test=True, opened="exchanges")
    gone = recommended(db, "4.0")
    with db.writing() as session:
        Clicks(session).add(TEAM, turn.id, "U1", OPENED, "refund-times")
        Dismissals(session, TEAM).add(gone.id, "UA")
        own = Recommendations(session, TEAM)
        assert own.counts(utcnow() - HOUR) == (2, 1)
        assert own.counts(utcnow() - HOUR, ["refund"]) == (2, 1)
        assert own.counts(utcnow() - HOUR, ["other"]) == own.counts(utcnow() + HOUR) == (0, 0)


def test_what_may_be_learned(db: Database) -> None:
    turn = recommended(db, "1.0", opened="exchanges")
    recommended(db, "2.0", is_test=True, opened="exchanges")
    with db.writing() as session:
        session.execute(text("""update turns set article_ids = '["fees"]'"""))
        own = Recommendations(session, TEAM)
        (found,) = own.needed()
        assert (found.turn_id, found.customer, found.intent, found.article_ids) == (
            turn.id,
            "T1:U1",
            "refund",
            ("fees",),
        )
        assert (found.question, found.answer) == ("text 1.0", "reply")
        assert [each.turn_id for each in own.kept()] == [turn.id]
        assert [(each.conversation_id, each.article) for each in own.opened()] == [(turn.conversation_id, "exchanges")]
        Corrections(session).add(
            team=TEAM, text="text 1.0", before="refund", after="delivery", by="UA", source="card", turn_id=turn.id
        )
        (found,) = own.needed()
        assert (found.intent, found.article_ids, found.answer) == ("delivery", (), "")


def nothing_to_learn(db: Database) -> None:
    with db.reading() as session:
        own = Recommendations(session, TEAM)
        assert (own.needed(), own.kept(), own.opened()) == ([], [], [])


def test_nothing_of_who_wants_nothing_learned(db: Database) -> None:
    recommended(db, "1.0", opened="exchanges")
    with db.writing() as session:
        OptOuts(session, TEAM).add(TEAM, "U1")
    nothing_to_learn(db)


def test_nothing_of_what_was_erased_or_was_no_request(db: Database) -> None:
    gone = recommended(db, "1.0", opened="exchanges")
    with db.writing() as session:
        Dismissals(session, TEAM).add(gone.id, "UA")
    nothing_to_learn(db)
    recommended(db, "2.0", opened="exchanges")
    with db.writing() as session:
        redaction.erase_user(session, TEAM, "U1")
    nothing_to_learn(db)


def test_a_dislike_is_seen_for_the_whole_case(db: Database) -> None:
    turn = recommended(db, "1.0")
    with db.writing() as session:
        own = Recommendations(session, TEAM)
        assert not own.disliked(turn.conversation_id)
        Feedback(session).give(TEAM, turn.id, "U1", "good")
        assert not own.disliked(turn.conversation_id)
        Feedback(session).give(TEAM, turn.id, "U1", "bad")
        assert own.disliked(turn.conversation_id)
