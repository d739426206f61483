"""Who wants nothing learned, scores, and erasing one customer of several."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from storage import redaction, reviews, unlabelled
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.feedback import Feedback
from storage.keyvalues import KeyValues
from storage.opt_outs import OptOuts
from storage.recommendations import Recommendations
from storage.scores import Scores
from storage.search_marks import SearchMarks
from storage.tables import ERASED, utcnow
from storage.turns import Turns
from tests.storage.make import TEAM, a_case, a_done_turn, a_turn, at_revision


def test_nothing_of_a_customer_who_opted_out_is_learned_until_they_opt_in_again(db: Database) -> None:
    with db.writing() as session:
        turn, judged = a_done_turn(session, "1.0"), a_done_turn(session, "2.0")
        session.execute(text("update turns set article_ids = '[\"fees\"]' where id = :id"), {"id": turn.id})
        Feedback(session).give(TEAM, turn.id, "U1", "good")
        SearchMarks(session, TEAM).add("sent", "tracking number", "track", "UA", judged.id)
        Corrections(session).add(
            team=TEAM, text="text 2.0", before="a", after="b", by="UA", source="card", turn_id=judged.id
        )
        learned: dict[str, Callable[[], list[object]]] = {
            "messages": lambda: list(unlabelled.texts(session, TEAM, 10)),
            "labels": lambda: [row.text for row in Corrections(session).effective(TEAM)],
            "search": lambda: list(SearchMarks(session, TEAM).pairs()),
            "needs": lambda: list(Recommendations(session, TEAM).needed()),
            "review": lambda: list(reviews.queue(session, TEAM)),
        }
        before = {name: read() for name, read in learned.items()}
        assert all(before.values())
        opt_outs = OptOuts(session, TEAM)
        assert opt_outs.add("", "U1")
        assert opt_outs.add(TEAM, "U1") is False, "no team of their own is the bot's team"
        assert {name: read() for name, read in learned.items()} == {name: [] for name in learned}
        found = Corrections(session).latest(judged.id)
        assert found is not None
        assert found.opted_out, "the label still stands in the log"
        assert opt_outs.remove("", "U1")
        assert {name: read() for name, read in learned.items()} == before


def test_an_opt_out_is_of_one_customer_of_one_team(db: Database) -> None:
    with db.writing() as session:
        a_done_turn(session, "1.0")
        for team, user in (("T2", "U1"), (TEAM, "U2")):
            OptOuts(session, TEAM).add(team, user)
        OptOuts(session, "T9").add("T9", "U1")
        assert unlabelled.texts(session, TEAM, 10) == ["text 1.0"]
        assert not OptOuts(session, TEAM).has(TEAM, "U1")
        assert OptOuts(session, TEAM).has("T2", "U1")


def test_an_earlier_label_of_the_same_words_counts_again(db: Database) -> None:
    with db.writing() as session:
        for ts, user, label in (("1.0", "U1", "a"), ("2.0", "U2", "b")):
            turn = a_turn(session, ts, "the same words", user)
            row = {"team": TEAM, "text": turn.text, "before": "", "by": "UA", "source": "card", "turn_id": turn.id}
            Corrections(session).add(**row, after=label)
        assert [row.after for row in Corrections(session).effective(TEAM)] == ["b"]
        OptOuts(session, TEAM).add("", "U2")
        assert [row.after for row in Corrections(session).effective(TEAM)] == ["a"]


def test_a_case_has_one_score_that_may_be_changed(db: Database) -> None:
    long_ago = utcnow() - timedelta(days=1)
    with db.writing() as session:
        scores = Scores(session, TEAM)
        assert (scores.mean(long_ago).count, scores.mean(long_ago).mean) == (0, None)
        first, second = a_case(session, "1.0"), a_case(session, "2.0")
        scores.give(first.id, 2)
        scores.give(first.id, 5)
        scores.give(second.id, 4)
        scores.give(a_case(session, "3.0", is_test=True).id, 1)
        assert (scores.of(first.id), scores.of(99)) == (5, None)
        assert (scores.mean(long_ago).count, scores.mean(long_ago).mean) == (2, 4.5)
        assert scores.mean(utcnow() + timedelta(minutes=1)).count == 0
        assert Scores(session, "T9").mean(long_ago).count == 0
        with pytest.raises(ValueError, match="expected a score from 1 to 5, found 6"):
            scores.give(first.id, 6)


def test_erasing_reaches_one_team_s_customer_and_every_wording(db: Database) -> None:
    with db.writing() as session:
        ours = a_turn(session, "1.0", "ours")
        Turns(session).edited(ours.id, "ours, edited")
        case = Conversations(session).open(TEAM, "C1", "5.0", "U1", "T2")
        theirs, _ = Turns(session).record(TEAM, "C1", "5.0", "U1", "theirs", "", case.id)
        SearchMarks(session, TEAM).add("sent", "searched for ours", "fees", "UA", ours.id)
        Conversations(session).card(ours.conversation_id, "CAGENTS", "7.0")
        assert redaction.texts_of_user(session, TEAM, "U1") == {"ours", "ours, edited", "theirs"}
        assert redaction.texts_of_user(session, TEAM, "U1", TEAM) == {"ours", "ours, edited"}
        assert redaction.cases_of_user(session, TEAM, "U1", TEAM) == [ours.conversation_id]
        assert redaction.cases_of_user(session, TEAM, "U1", "T2") == []
        erased = redaction.erase_user(session, TEAM, "U1", TEAM)
        assert (erased.turns, erased.edits, erased.searches) == (1, 1, 1)
        assert [Turns(session).get(turn.id).text for turn in (ours, theirs)] == [ERASED, "theirs"]  # type: ignore[union-attr]
        assert redaction.count_user(session, TEAM, "U1") == redaction.count_user(session, TEAM, "U1", "T2") == 1


def test_the_card_of_somebody_else_s_case_may_show_a_comment(db: Database) -> None:
    with db.writing() as session:
        turn = a_turn(session, "1.0", user="U2")
        Conversations(session).card(turn.conversation_id, "CAGENTS", "7.0")
        Feedback(session).give(TEAM, turn.id, "U1", "bad", "other", "my comment")
        assert redaction.cases_of_user(session, TEAM, "U1") == [turn.conversation_id]


def test_comments_leave_the_cards_of_before(url: str) -> None:
    db = Database(url)
    with at_revision(db, "0004") as connection:
        for key, reason in (("card:1", "Not helpful: outdated (it moved (twice))"), ("card:2", "Needs a person")):
            value = json.dumps({"reason": reason, "turn": 1})
            row = {"key": key, "value": value}
            connection.execute(text("insert into settings_kv (team_id, key, value) values ('T1', :key, :value)"), row)
    db.migrate()
    with db.reading() as session:
        kept = [KeyValues(session, TEAM).get(f"card:{number}") for number in (1, 2)]
    assert kept == [
        {"reason": "Not helpful: outdated", "turn": 1},
        {"reason": "Needs a person", "turn": 1},
    ]
    db.close()
