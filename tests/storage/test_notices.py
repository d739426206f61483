import threading
from dataclasses import fields, replace
from datetime import timedelta

from sqlalchemy import text

from storage.conversations import Conversation, Conversations
from storage.database import Database
from storage.notices import Notice, Notices
from storage.tables import notices, utcnow
from tests.storage.make import TEAM, a_case, at_revision

LEASE = timedelta(minutes=2)


def waiting(db: Database, ts: str = "1.0") -> Conversation:
    with db.writing() as session:
        case = a_case(session, ts)
        Conversations(session).move(case.id, expected={"bot"}, to="waiting")
        found = Conversations(session).get(case.id)
    assert found is not None
    return found


def test_a_notice_has_the_columns_of_its_table() -> None:
    assert {field.name for field in fields(Notice)} == set(notices.c.keys())


def test_of_many_one_may_say_it(db: Database) -> None:
    case, now = waiting(db), utcnow()
    barrier, won = threading.Barrier(5), []

    def ask() -> None:
        barrier.wait(10)
        with db.writing() as session:
            claimed = Notices(session).claim(case, "agents", now, LEASE)
        if claimed is not None:
            won.append(claimed.attempts)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert won == [1]


def test_what_was_claimed_and_not_said_is_claimed_again_when_the_lease_has_run_out(db: Database) -> None:
    case, now = waiting(db), utcnow()
    with db.writing() as session:
        kept = Notices(session)
        assert kept.claim(case, "agents", now, LEASE, "U7") is not None
        assert kept.claim(case, "agents", now + LEASE / 2, LEASE) is None
        again = kept.claim(case, "agents", now + LEASE, LEASE)
        assert again is not None
        assert (again.attempts, again.about) == (2, "U7")
        kept.free(again.id, now + LEASE)
        third = kept.claim(case, "agents", now + LEASE, LEASE)
        assert third is not None
        kept.sent(third.id, now)
        assert kept.claim(case, "agents", now + 9 * LEASE, LEASE) is None
        assert not kept.of(case)["agents"].owed(now + 9 * LEASE)


def test_another_wait_has_notices_of_its_own(db: Database) -> None:
    case, now = waiting(db), utcnow()
    with db.writing() as session:
        cases, kept = Conversations(session), Notices(session)
        assert kept.claim(case, "agents", now, LEASE) is not None
        assert set(kept.present(TEAM)) == {case.id}
        cases.move(case.id, expected={"waiting"}, to="human", holder="A1")
        assert kept.present(TEAM) == {}
        cases.move(case.id, expected={"human"}, to="waiting")
        later = cases.get(case.id)
        assert later is not None
        assert kept.present(TEAM) == {}
        assert kept.claim(later, "agents", now, LEASE) is not None
        assert kept.of(replace(case, moves=99)) == {}


def test_what_waited_before_the_update_has_waited_since_it_was_touched(url: str) -> None:
    db, now = Database(url), utcnow()
    with at_revision(db, "0004") as connection:
        for number, state in enumerate(("bot", "waiting", "human", "closed")):
            connection.execute(
                text(
                    "insert into conversations (team_id, channel, thread_ts, opened_at, updated_at, customer, "
                    "customer_team, state, is_test, card_channel, card_ts, strikes, silent_notice) values "
                    "(:team, 'D1', :ts, :now, :now, 'U1', '', :state, false, 'CA', '7.0', 0, false)"
                ),
                {"team": TEAM, "ts": f"{number}.0", "now": now, "state": state},
            )
    db.migrate()
    with db.reading() as session:
        found = Conversations(session).in_state({"bot", "waiting", "human", "closed"})
    assert {case.state: (case.waiting_since, case.holder_at, case.moves, case.shown) for case in found} == {
        "bot": (None, None, 0, 0),
        "waiting": (now, None, 0, 0),
        "human": (None, now, 0, 0),
        "closed": (None, None, 0, 0),
    }
    db.close()
