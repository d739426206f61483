import threading
from dataclasses import fields
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.clicks import Clicks
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.dismissals import Dismissals
from storage.errors import PredictionExistsError
from storage.feedback import Feedback
from storage.tables import ERASED, turns, utcnow
from storage.turns import Turn, Turns
from tests.storage.make import TEAM, Asked, FakePrediction, a_case, a_done_turn, a_turn


def test_a_turn_has_the_columns_of_its_table() -> None:
    assert {field.name for field in fields(Turn)} == set(turns.c.keys())


def test_a_message_becomes_one_row(db: Database) -> None:
    with db.writing() as session:
        case = a_case(session)
        first, created = Turns(session).record(TEAM, "D1", "1.0", "U1", "hello", "E1", case.id)
        second, again = Turns(session).record(TEAM, "D1", "1.0", "U1", "hello", "E2", case.id)
    assert (created, again) == (True, False)
    assert first == second
    assert (first.status, first.text, first.event_id, first.attempts) == ("received", "hello", "E1", 0)
    assert (first.ranking, first.article_ids, first.timings, first.predicted) == ((), (), {}, False)


def test_eleven_deliveries_over_three_threads_are_one_turn(db: Database) -> None:
    """Slack may deliver one message again and again, under new event ids too."""
    deliveries = iter(range(11))
    lock, created, claimed, errors = threading.Lock(), [], [], []

    def deliver() -> None:
        try:
            while True:
                with lock:
                    number = next(deliveries, None)
                if number is None:
                    return
                with db.writing() as session:
                    case = Conversations(session).open(TEAM, "D1", "5.0", "U1")
                    turn, new = Turns(session).record(TEAM, "D1", "5.0", "U1", "hello", f"E{number}", case.id)
                    created.append(new)
                with db.writing() as session:
                    claimed.append(Turns(session).claim(turn.id, 60) is not None)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=deliver) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert (created.count(True), claimed.count(True), len(claimed)) == (1, 1, 11)
    with db.reading() as session:
        assert len(Turns(session).unfinished()) == 1


def test_of_two_claimers_one_wins(db: Database) -> None:
    with db.writing() as session:
        turn = a_turn(session)
    barrier, wins = threading.Barrier(8), []

    def claim() -> None:
        barrier.wait(10)
        with db.writing() as session:
            wins.append(Turns(session).claim(turn.id, 60) is not None)

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(wins), wins.count(True)) == (8, 1)


def test_a_lease_runs_out(db: Database) -> None:
    now = utcnow()
    with db.writing() as session:
        turn = a_turn(session)
        first = Turns(session).claim(turn.id, 30, now)
        assert first is not None
        assert (first.status, first.attempts) == ("working", 1)
        assert first.lease_until == now + timedelta(seconds=30)
        assert Turns(session).claim(turn.id, 30, now + timedelta(seconds=29)) is None
        again = Turns(session).claim(turn.id, 30, now + timedelta(seconds=31))
        assert again is not None
        assert again.attempts == 2
        Turns(session).release(turn.id)
        assert Turns(session).claim(turn.id, 30, now) is not None


def test_a_finished_turn_is_not_claimed_nor_finished_again(db: Database) -> None:
    with db.writing() as session:
        done = a_done_turn(session, "1.0")
        assert Turns(session).claim(done.id, 30) is None
        assert Turns(session).finish(done.id, "another reply") is False
        assert Turns(session).fail(done.id, "late") is False
        assert Turns(session).get(done.id) == done
    assert (done.status, done.reply_text, done.timings, done.lease_until) == ("done", "reply", {"total": 100}, None)


def test_what_was_posted_stays_known_as_posted(db: Database) -> None:
    now = utcnow()
    with db.writing() as session:
        turn = a_turn(session)
        Turns(session).claim(turn.id, 1, now)
        assert Turns(session).posted(turn.id, "here", "9.0", "verbatim")
        again = Turns(session).claim(turn.id, 1, now + timedelta(seconds=2))
        assert again is not None
        assert (again.status, again.reply_ts) == ("posted", "9.0")
        assert Turns(session).finish(turn.id, article_ids=["returns"])
        done = Turns(session).by_reply_ts(TEAM, "D1", "9.0")
    assert done is not None
    assert (done.status, done.reply_text, done.article_ids) == ("done", "here", ("returns",))


def test_a_failed_turn_is_finished(db: Database) -> None:
    with db.writing() as session:
        turn = a_turn(session)
        assert Turns(session).fail(turn.id, "no model")
        assert Turns(session).claim(turn.id, 30) is None
        assert Turns(session).unfinished() == []


def test_the_prediction_is_written_once(db: Database) -> None:
    with db.writing() as session:
        turn = a_turn(session)
        Turns(session).predicted(turn.id, FakePrediction())
    with pytest.raises(PredictionExistsError), db.writing() as session:
        Turns(session).predicted(turn.id, FakePrediction(intent="delivery"))
    with db.reading() as session:
        stored = Turns(session).get(turn.id)
    assert stored is not None
    assert stored.predicted
    assert (stored.intent, stored.confidence, stored.out_of_scope) == ("refund", 0.9, False)
    assert stored.ranking == (("refund", 0.9), ("delivery", 0.1))
    assert (stored.prediction_source, stored.intent_version) == ("model", "v1")


def test_several_requests_and_the_context_are_part_of_the_prediction(db: Database) -> None:
    asked = (Asked("refund", 0.9, 0, 12), Asked("delivery", 0.8, 13, 30))
    with db.writing() as session:
        turn = a_turn(session)
        Turns(session).predicted(turn.id, FakePrediction(requests=asked, in_context=True))
    with db.reading() as session:
        stored = Turns(session).get(turn.id)
    assert stored is not None
    assert stored.requests == (("refund", 0.9, 0, 12), ("delivery", 0.8, 13, 30))
    assert stored.in_context is True


@pytest.mark.parametrize(
    "change",
    [
        "intent = 'x'",
        "confidence = 0",
        "ranking = '[]'",
        "predicted_at = null",
        "requests = '[1]'",
        "in_context = true",
    ],
)
def test_nobody_else_changes_a_prediction_either(db: Database, change: str) -> None:
    with db.writing() as session:
        turn = a_done_turn(session, "1.0")
    with pytest.raises(DBAPIError, match="a prediction is written once"), db.writing() as session:
        session.execute(text(f"update turns set {change} where id = :id"), {"id": turn.id})
    with db.writing() as session:
        Turns(session).routed(turn.id, "OFFER")


def test_turns_of_a_case_are_worked_oldest_first(db: Database) -> None:
    with db.writing() as session:
        case = a_case(session)
        for ts in ("1700000003.000100", "1700000001.000100", "1700000002.000100"):
            Turns(session).record(TEAM, "D1", ts, "U1", ts, ts, case.id)
        order = []
        while turn := Turns(session).next_unfinished(case.id):
            order.append(turn.ts)
            Turns(session).finish(turn.id)
        assert order == [turn.ts for turn in Turns(session).of_conversation(case.id)] == sorted(order)
        assert len(order) == 3


def test_edits_are_rows_of_their_own(db: Database) -> None:
    with db.writing() as session:
        turn = a_turn(session, text="wher is it")
        Turns(session).edited(turn.id, "where is it")
        Turns(session).edited(turn.id, "where is it?")
        assert [edit.text for edit in Turns(session).edits(turn.id)] == ["where is it", "where is it?"]
        after = Turns(session).get(turn.id)
    assert after is not None
    assert after.text == "wher is it"


def test_redaction_takes_the_words_and_leaves_the_labels(db: Database) -> None:
    with db.writing() as session:
        turn = a_done_turn(session, "1.0")
        Turns(session).edited(turn.id, "my card is 4111")
        Feedback(session).give(TEAM, turn.id, "U1", "bad", "wrong", "I am Mia")
        Corrections(session).add(
            team=TEAM, turn_id=turn.id, text="text 1.0", before="refund", after="delivery", by="U9", source="card",
            better_answer="Dear Mia, ...", note="Mia again",
        )  # fmt: skip
        Turns(session).redact(turn.id)
        after = Turns(session).get(turn.id)
        assert after is not None
        assert (after.text, after.reply_text, after.intent, after.status) == (ERASED, ERASED, "refund", "done")
        assert [edit.text for edit in Turns(session).edits(turn.id)] == [ERASED]
        judged = Feedback(session).of_turn(turn.id)[0]
        assert (judged.comment, judged.reason) == (ERASED, "wrong")
        row = Corrections(session).all()[0]
        assert (row.text, row.better_answer, row.note, row.after) == (ERASED, ERASED, ERASED, "delivery")
        assert Corrections(session).effective() == []


def test_statistics(db: Database) -> None:
    start = utcnow()
    with db.writing() as session:
        for number in range(1, 21):
            turn = a_done_turn(session, f"{number}.0", total_ms=number * 10)
        Feedback(session).give(TEAM, turn.id, "U1", "good")
        Corrections(session).add(
            team=TEAM, turn_id=turn.id, text="x", before="refund", after="delivery", by="U9", source="card"
        )
        Turns(session).routed(turn.id, "HANDOFF")
        a_done_turn(session, "30.0", is_test=True)
        broken = a_turn(session, "31.0")
        Turns(session).fail(broken.id, "why")
        stats = Turns(session).stats(start, TEAM)
        assert Turns(session).stats(utcnow()).turns == 0
    assert (stats.turns, stats.answered, stats.handed_over, stats.failed) == (21, 19, 1, 1)
    assert (stats.good, stats.bad, stats.corrected) == (1, 0, 1)
    assert (stats.p50_ms, stats.p95_ms) == (100, 190)
    assert stats.by_intent == {"refund": 20}
    assert stats.handed == ((("refund",), 1),)
    assert [dict(counts) for _, counts in stats.days] == [{"answered": 19, "handed over": 1, "failed": 1}]


def test_statistics_of_cases_intents_and_days(db: Database) -> None:
    start = utcnow()
    with db.writing() as session:
        alone = a_done_turn(session, "1.0")
        helped, asked, drafted = (a_done_turn(session, f"{n}.0") for n in (2, 3, 4))
        Conversations(session).move(helped.conversation_id, expected={"bot"}, to="human", holder="U9")
        Clicks(session).add(TEAM, asked.id, "U1", "talk_to_person")
        session.execute(turns.update().where(turns.c.id == drafted.id).values(reply_kind="draft"))
        silent = a_done_turn(session, "5.0", FakePrediction("delivery"))
        session.execute(turns.update().where(turns.c.id == silent.id).values(reply_kind="silent"))
        far = a_done_turn(session, "6.0", FakePrediction(out_of_scope=True))
        Turns(session).routed(far.id, "HANDOFF")
        no_request = a_done_turn(session, "7.0")
        Dismissals(session, TEAM).add(no_request.id, "U9")
        late = ZoneInfo("Pacific/Kiritimati")
        stats = Turns(session).stats(start, TEAM, zone=late)
        refund = Turns(session).stats(start, TEAM, ["refund"])
    assert (stats.turns, stats.cases, stats.alone, stats.asked) == (6, 6, 1, 1)
    assert (stats.answered, stats.drafted, stats.silent, stats.handed) == (3, 1, 1, ((("oos",), 1),))
    assert [day for day, _ in stats.days] == [alone.created_at.astimezone(late).date()]
    assert (refund.turns, refund.alone) == (4, 1), "one that is out of scope is of no intent"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=300))
def test_any_text_comes_back_as_it_was(lite: Database, words: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in words):
        return
    with lite.writing() as session:
        turn = a_turn(session, f"{abs(hash(words))}.0", words)
    with lite.reading() as session:
        stored = Turns(session).get(turn.id)
    assert stored is not None
    assert stored.text == words


def test_a_turn_stands_in_its_cases_thread_unless_it_says_another(db: Database) -> None:
    with db.writing() as session:
        case = a_turn(session, "1.0").conversation_id
        apart, _ = Turns(session).record(TEAM, "D1", "2.0", "U1", "thanks", "E2", case, "2.0")
        found = Turns(session).of_conversation(case)
    assert [turn.thread_ts for turn in found] == ["", "2.0"]
    assert found[1] == apart
