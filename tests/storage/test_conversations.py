import threading
from dataclasses import fields
from datetime import timedelta

import pytest

from storage.conversations import Conversation, Conversations
from storage.database import Database
from storage.tables import conversations, utcnow
from tests.storage.make import TEAM, a_case


def test_a_conversation_has_the_columns_of_its_table() -> None:
    assert {field.name for field in fields(Conversation)} == set(conversations.c.keys())


def test_opening_again_gives_the_same(db: Database) -> None:
    with db.writing() as session:
        cases = Conversations(session)
        first = cases.open(TEAM, "C1", "1.0", "U1", "T2", is_test=True)
        assert cases.open(TEAM, "C1", "1.0", "U2") == first
        assert cases.open("T9", "C1", "1.0", "U1").id != first.id
        assert cases.get(first.id) == cases.by_thread(TEAM, "C1", "1.0") == first
    assert (first.state, first.customer_team, first.is_test, first.strikes) == ("bot", "T2", True, 0)


def test_of_two_agents_one_has_the_case(db: Database) -> None:
    with db.writing() as session:
        case = a_case(session)
    barrier, won = threading.Barrier(5), []

    def take(agent: str) -> None:
        barrier.wait(10)
        with db.writing() as session:
            if Conversations(session).move(case.id, expected={"bot", "waiting"}, to="human", holder=agent):
                won.append(agent)

    threads = [threading.Thread(target=take, args=(f"A{number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with db.reading() as session:
        after = Conversations(session).get(case.id)
    assert len(won) == 1
    assert after is not None
    assert (after.state, after.holder) == ("human", won[0])


def test_moving(db: Database) -> None:
    with db.writing() as session:
        cases = Conversations(session)
        case = a_case(session)
        cases.strike(case.id, 2)
        assert cases.move(case.id, expected={"human"}, to="closed") is False
        assert cases.move(case.id, expected={"bot"}, to="waiting")
        assert cases.set_notice(case.id)
        assert cases.set_notice(case.id) is False
        assert cases.move(case.id, expected={"waiting", "human"}, to="closed")
        closed = cases.get(case.id)
        assert closed is not None
        assert closed.resolved_at is not None
        assert (closed.state, closed.strikes, closed.silent_notice, closed.holder) == ("closed", 0, False, None)
        assert cases.move(case.id, expected={"closed"}, to="bot")
        reopened = cases.get(case.id)
        assert reopened is not None
        assert reopened.resolved_at is None
        with pytest.raises(ValueError, match="expected states"):
            cases.move(case.id, expected={"asleep"}, to="bot")


def test_a_customers_cases(db: Database) -> None:
    start = utcnow()
    with db.writing() as session:
        cases = Conversations(session)
        old, new = a_case(session, "1.0"), a_case(session, "2.0")
        a_case(session, "3.0", customer="U2")
        assert cases.active_of(TEAM, "D1", "U1") is None
        last = cases.last_of(TEAM, "D1", "U1", start)
        assert last is not None
        assert last.id == new.id
        assert cases.last_of(TEAM, "D1", "U1", utcnow() + timedelta(minutes=1)) is None
        cases.move(old.id, expected={"bot"}, to="waiting")
        active = cases.active_of(TEAM, "D1", "U1")
        assert active is not None
        assert active.id == old.id
        assert [case.id for case in cases.in_state({"waiting", "human"}, TEAM)] == [old.id]
        assert cases.in_state({"waiting"}, "T9") == []


def test_the_card_finds_its_case(db: Database) -> None:
    with db.writing() as session:
        cases = Conversations(session)
        case = a_case(session)
        cases.card(case.id, "CA", "7.0")
        cases.touch(case.id)
        found = cases.by_card(TEAM, "CA", "7.0")
        assert found is not None
        assert (found.id, found.card_channel, found.card_ts) == (case.id, "CA", "7.0")
        assert cases.by_card(TEAM, "CA", "8.0") is None


def test_the_line_is_in_order_of_waiting_and_tests_stand_in_nobodys_way(db: Database) -> None:
    now = utcnow()
    with db.writing() as session:
        cases = Conversations(session)
        tested = a_case(session, "1.0", is_test=True)
        late, early = a_case(session, "2.0"), a_case(session, "3.0")
        for minutes, case in ((0, tested), (1, early), (2, late)):
            cases.move(case.id, expected={"bot"}, to="waiting", now=now + timedelta(minutes=minutes))
        places = {case.thread_ts: cases.place(case) for case in cases.in_state({"waiting"}, TEAM)}
        assert places == {"1.0": 1, "3.0": 1, "2.0": 2}
        cases.move(early.id, expected={"waiting"}, to="human", holder="A1")
        assert cases.place(cases.in_state({"waiting"}, TEAM)[-1]) == 1


def test_a_holder_who_stirs_keeps_the_case(db: Database) -> None:
    now = utcnow()
    with db.writing() as session:
        cases = Conversations(session)
        case = a_case(session)
        cases.move(case.id, expected={"bot"}, to="human", holder="A1", now=now)
        seen = cases.get(case.id)
        assert seen is not None
        assert (seen.moves, seen.holder_at, seen.waiting_since) == (1, now, None)
        assert not cases.stirred(case.id, "A2", now)
        assert cases.stirred(case.id, "A1", now + timedelta(hours=1))
        assert not cases.move(case.id, expected={"human"}, to="waiting", unchanged=seen)
        after = cases.get(case.id)
        assert cases.move(case.id, expected={"human"}, to="waiting", unchanged=after)
