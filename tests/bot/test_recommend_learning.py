"""From the log to the nightly verdict, both ways, over a real database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from bot.importing import Content, store
from bot.models import Knowledge
from bot.naming import articles
from bot.recommend_learning import KIND, VERDICT, learn_recommendations, visits_of
from model.recommend import Learned, Step, Visit
from model.types import Article, Intent
from storage.clicks import Clicks
from storage.conversations import Conversations
from storage.database import Database
from storage.intents import Intents
from storage.keyvalues import KeyValues
from storage.opt_outs import OptOuts
from storage.recommendations import OPENED, Recommendations
from storage.tables import turns, utcnow
from storage.training_runs import TrainingRuns
from storage.turns import Turns
from tests.bot.conftest import database
from tests.model.fakes import FakeEncoder
from tests.storage.make import FakePrediction

TOPICS = ("order_status", "return_how", "refund", "gift", "care", "sizes")
SHOP = tuple(Article(f"about-{name}", f"{name} matters", f"All about {name}.", (name,)) for name in TOPICS)
NEXT = dict(zip(TOPICS, (*TOPICS[1:], TOPICS[0]), strict=True))
NOON = utcnow() - timedelta(days=20)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = database(tmp_path)
    with made.writing() as session:
        store(session, "T1", Content(articles=SHOP))
        for name in TOPICS:
            Intents(session, "T1").upsert(Intent(name, name), "starter")
        Intents(session, "T1").upsert(Intent("thanks", "Thanks", small_talk=True), "starter")
    yield made
    made.close()


def needed(db: Database, user: str, *topics: str, hours: float = 1.0, is_test: bool = False) -> list[int]:
    """A customer was answered these, each in a case of its own, so many hours apart; ids of the turns."""
    made = []
    with db.writing() as session:
        own = Turns(session)
        for number, topic in enumerate(topics):
            ts = f"{user}.{number}"
            case = Conversations(session).open("T1", f"D{user}", ts, user, is_test=is_test)
            turn, _ = own.record("T1", f"D{user}", ts, user, f"{user} asks {topic}", f"E{ts}", case.id)
            own.claim(turn.id, 30)
            own.predicted(turn.id, FakePrediction(intent=topic))
            own.routed(turn.id, "ANSWER")
            own.finish(turn.id, f"so it is with {topic}", f"r{ts}", "verbatim")
            at = NOON + timedelta(hours=hours * number)
            session.execute(update(turns).where(turns.c.id == turn.id).values(created_at=at))
            made.append(turn.id)
    return made


def log(db: Database, customers: int, by_rule: bool) -> None:
    """What comes next goes by a rule, or by chance."""
    rng = np.random.default_rng(5)
    for number in range(customers):
        first = TOPICS[int(rng.integers(6))]
        others = [topic for topic in TOPICS if topic != first]
        needed(db, f"U{number}", first, NEXT[first] if by_rule else others[int(rng.integers(5))])


def read(db: Database) -> list[Visit]:
    with db.reading() as session:
        return visits_of(session, "T1", articles(session, "T1"))


def topics(visit: Visit) -> list[str]:
    return [step.topic for step in visit.steps]


def test_visits_are_cut_at_pauses_and_leave_small_talk_out(db: Database) -> None:
    needed(db, "UA", "order_status", "thanks", "refund", hours=2)
    needed(db, "UB", "refund", "gift", hours=25)
    found = read(db)
    assert sorted((visit.customer, topics(visit)) for visit in found) == [
        ("T1:UA", ["order_status", "refund"]),
        ("T1:UB", ["gift"]),
        ("T1:UB", ["refund"]),
    ]
    first = next(visit for visit in found if visit.customer == "T1:UA").steps[0]
    assert first == Step("order_status", ("about-order_status",), "UA asks order_status", "so it is with order_status")


def test_a_click_is_a_need_and_what_was_not_clicked_is_known_as_shown(db: Database) -> None:
    (turn,) = needed(db, "UA", "order_status")
    with db.writing() as session:
        case = Turns(session).get(turn).conversation_id  # type: ignore[union-attr]
        shown = [("about-gift", 0.5, 0.5, 0.1), ("about-care", 0.2, 0.2, 0.1)]
        Recommendations(session, "T1").claim(case, turn, shown, "next-1")
        Clicks(session).add("T1", turn, "UA", OPENED, "about-gift")
    assert [topics(visit) for visit in read(db)] == [["order_status"], ["gift"]], "it came weeks after the message"
    with db.writing() as session:
        session.execute(update(turns).values(created_at=utcnow() - timedelta(minutes=1)))
    (visit,) = read(db)
    assert topics(visit) == ["order_status", "gift"]
    assert (visit.shown, visit.clicked) == (("about-gift", "about-care"), ("about-gift",))


def test_a_log_with_habits_is_learned_and_the_running_bot_follows(db: Database) -> None:
    log(db, 90, by_rule=True)
    outcome = learn_recommendations(db, "T1", FakeEncoder())
    assert outcome.words[0].startswith("Recommendations are shown")
    with db.reading() as session:
        run = TrainingRuns(session, "T1").concluded(KIND)
        verdict = KeyValues(session, "T1").get(VERDICT)
    assert run is not None
    assert (run.status, run.rows, run.challenger) == ("promoted", 90, outcome.challenger)
    assert run.figures["ways"]["mix"]["hit"] > run.figures["ways"]["popularity"]["hit"]
    assert Learned.of_json(verdict["learned"]).version == outcome.challenger
    knowledge = Knowledge(db, "T1", FakeEncoder(), lambda: None)
    knowledge.refresh()
    recommender = knowledge.recommender()
    assert recommender is not None
    asked = Step("refund", ("about-refund",), "where is it")
    assert recommender.after([asked])[0].article == "about-gift"


def test_a_log_of_chance_is_refused_and_nothing_is_shown(db: Database) -> None:
    log(db, 90, by_rule=False)
    outcome = learn_recommendations(db, "T1", FakeEncoder())
    assert outcome.words[0].startswith("Recommendations are not shown")
    assert outcome.ok, "the night's run has not failed"
    with db.reading() as session:
        run = TrainingRuns(session, "T1").concluded(KIND)
    assert run is not None
    assert run.status == "kept"
    knowledge = Knowledge(db, "T1", FakeEncoder(), lambda: None)
    knowledge.refresh()
    assert knowledge.recommender() is None


def test_a_dry_run_changes_nothing(db: Database) -> None:
    log(db, 90, by_rule=True)
    assert "are shown" in learn_recommendations(db, "T1", FakeEncoder(), dry_run=True).words[0]
    with db.reading() as session:
        assert KeyValues(session, "T1").get(VERDICT) is None
        assert TrainingRuns(session, "T1").concluded(KIND) is None


def test_a_small_log_is_told_and_takes_back_what_was_learned(db: Database) -> None:
    log(db, 60, by_rule=True)
    learn_recommendations(db, "T1", FakeEncoder())
    with db.writing() as session:
        for number in range(60):
            OptOuts(session, "T1").add("T1", f"U{number}")
    assert "0 times" in learn_recommendations(db, "T1", FakeEncoder()).words[0]
    with db.reading() as session:
        assert KeyValues(session, "T1").get(VERDICT) == {"measured": False, "better": False, "learned": None}


def test_what_was_learned_holds_no_words(db: Database) -> None:
    log(db, 60, by_rule=True)
    learn_recommendations(db, "T1", FakeEncoder())
    with db.reading() as session:
        kept = str(KeyValues(session, "T1").get(VERDICT))
    assert "asks" not in kept
    assert "U1" not in kept
