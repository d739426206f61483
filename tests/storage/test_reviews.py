from dataclasses import dataclass
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.clicks import Clicks
from storage.corrections import Corrections
from storage.database import Database
from storage.dismissals import Dismissals
from storage.feedback import Feedback
from storage.reviews import RANDOM_EVERY, Candidate, Filter, arranged, queue
from storage.session import Session
from storage.tables import utcnow
from storage.turns import Turn
from storage.utterances import Utterances
from tests.storage.make import TEAM, FakePrediction, a_done_turn, a_turn


@dataclass(frozen=True)
class Row:
    text: str
    label: str


def ids(session: Session, where: Filter | None = None, team: str | None = TEAM) -> list[int]:
    return [each.turn_id for each in queue(session, team, where)]


def label(session: Session, turn: Turn, after: str, by: str = "U9", source: str = "card") -> int:
    log = Corrections(session)
    return log.add(team=TEAM, turn_id=turn.id, text="x", before="refund", after=after, by=by, source=source).id


def test_disagreement_comes_first_and_then_doubt(db: Database) -> None:
    with db.writing() as session:
        sure = a_done_turn(session, "1.0", FakePrediction(confidence=0.99))
        unsure = a_done_turn(session, "2.0", FakePrediction(confidence=0.4))
        far = a_done_turn(session, "3.0", FakePrediction(confidence=0.8, out_of_scope=True))
        disliked = a_done_turn(session, "4.0", FakePrediction(confidence=0.97))
        Feedback(session).give(TEAM, disliked.id, "U1", "bad")
        disagreed = a_done_turn(session, "5.0", FakePrediction(confidence=0.95))
        Clicks(session).add(TEAM, disagreed.id, "U1", "did_you_mean", "delivery")
        agreed = a_done_turn(session, "6.0", FakePrediction(confidence=0.7))
        Clicks(session).add(TEAM, agreed.id, "U1", "did_you_mean", "refund")
        judged = a_done_turn(session, "7.0", FakePrediction(confidence=0.1))
        row = label(session, judged, "refund")
        a_done_turn(session, "8.0", FakePrediction(confidence=0.1), is_test=True)
        a_turn(session, "9.0")
        assert ids(session) == [disagreed.id, disliked.id, unsure.id, agreed.id, far.id, sure.id]
        assert ids(session, team="T2") == []
        Corrections(session).undo(row, "U9")
        assert judged.id in ids(session)


def test_a_rare_intent_comes_before_a_common_one(db: Database) -> None:
    with db.writing() as session:
        common = a_done_turn(session, "1.0", FakePrediction("refund", 0.8))
        rare = a_done_turn(session, "2.0", FakePrediction("gift_card", 0.85))
        Utterances(session, TEAM).add([Row(f"refund {number}", "refund") for number in range(40)], "import")
        found = queue(session, TEAM)
    assert [each.turn_id for each in found] == [rare.id, common.id]
    assert [each.rows for each in found] == [0, 40]


def test_what_two_agents_say_differently_comes_back_until_the_review_settles_it(db: Database) -> None:
    with db.writing() as session:
        turn = a_done_turn(session, "1.0", FakePrediction(confidence=0.99))
        label(session, turn, "refund", by="U8")
        assert ids(session) == []
        label(session, turn, "delivery", by="U9")
        assert [each.disagreed for each in queue(session, TEAM)] == ["agents"]
        assert queue(session, TEAM, today=lambda name: "one") == [], "two names of one intent"
        label(session, turn, "delivery", by="U7", source="review")
        assert ids(session) == []


def test_one_agent_who_changes_her_mind_disagrees_with_nobody(db: Database) -> None:
    with db.writing() as session:
        turn = a_done_turn(session, "1.0")
        label(session, turn, "delivery")
        label(session, turn, "refund")
        assert ids(session) == []


def test_an_agent_and_the_customers_choice(db: Database) -> None:
    with db.writing() as session:
        other, same = a_done_turn(session, "1.0"), a_done_turn(session, "2.0")
        for turn in (other, same):
            Clicks(session).add(TEAM, turn.id, "U1", "did_you_mean", "delivery")
        label(session, other, "refund")
        label(session, same, "delivery")
        assert [(each.turn_id, each.disagreed) for each in queue(session, TEAM)] == [(other.id, "agent and customer")]


def test_filters(db: Database) -> None:
    with db.writing() as session:
        low = a_done_turn(session, "1.0", FakePrediction("refund", 0.4))
        other = a_done_turn(session, "2.0", FakePrediction("delivery", 0.5))
        a_done_turn(session, "3.0", FakePrediction("refund", 0.3, out_of_scope=True))
        assert ids(session, Filter(intent="refund")) == [low.id]
        assert low.id not in ids(session, Filter(below=0.4))
        assert ids(session, Filter(below=0.6, intent="delivery")) == [other.id]
        assert ids(session, Filter(since=utcnow() + timedelta(minutes=1))) == []
        assert len(ids(session, Filter(since=utcnow() - timedelta(minutes=1)))) == 3


def test_what_was_no_request_is_not_shown(db: Database) -> None:
    with db.writing() as session:
        turn = a_done_turn(session, "1.0")
        Dismissals(session, TEAM).add(turn.id, "U9", state="waiting")
        assert ids(session) == []
        assert Dismissals(session, TEAM).standing(turn.id) is not None
        Dismissals(session, TEAM).add(turn.id, "U9", dismissed=False)
        assert ids(session) == [turn.id]
        assert Dismissals(session, TEAM).standing(turn.id) is None


@given(st.lists(st.integers(1, 10**6), unique=True, max_size=80), st.integers(0, 100))
def test_every_tenth_place_is_chances_and_nothing_is_lost(turn_ids: list[int], shown: int) -> None:
    ranked = [Candidate(turn_id, 0.5, False, False) for turn_id in turn_ids]
    found = arranged(ranked, shown)
    assert sorted(each.turn_id for each in found) == sorted(turn_ids)
    for place, each in enumerate(found):
        assert each.drawn == ((shown + place) % RANDOM_EVERY == RANDOM_EVERY - 1)
    best = [each.turn_id for each in found if not each.drawn]
    assert best == [turn_id for turn_id in turn_ids if turn_id in set(best)], "the others keep their order"
