"""Which questions count as unanswered, and what a mark does."""

from datetime import UTC, datetime, timedelta

from storage.clicks import Clicks
from storage.corrections import Corrections
from storage.database import Database
from storage.dismissals import Dismissals
from storage.feedback import Feedback
from storage.gaps import Gaps
from storage.opt_outs import OptOuts
from storage.recommendations import OPENED
from storage.session import Session
from storage.turns import Turn, Turns
from tests.storage.make import TEAM, FakePrediction, a_case

SINCE = datetime.now(UTC) - timedelta(days=60)


def asked(session: Session, text: str, route: str, *, user: str = "UMIA", test: bool = False) -> Turn:
    case = a_case(session, text, user, test)
    turns = Turns(session)
    turn, _ = turns.record(TEAM, "C1", text, user, text, f"Ev{text}", case.id)
    turns.predicted(turn.id, FakePrediction())
    turns.routed(turn.id, route)
    turns.finish(turn.id, reply_text="so it is", kind="verbatim")
    return turn


def texts(session: Session, team: str = TEAM) -> list[str]:
    return [each.text for each in Gaps(session, team).unanswered(SINCE, 100)]


def test_what_the_bot_did_not_know_or_handed_over_counts(db: Database) -> None:
    with db.writing() as session:
        for route in ("ANSWER", "CLARIFY", "OFFER", "HANDOFF"):
            asked(session, route.lower(), route)
        assert texts(session) == ["handoff", "offer", "clarify"]
        assert Gaps(session, TEAM).unanswered(datetime.now(UTC) + timedelta(1), 100) == []
        assert [each.text for each in Gaps(session, TEAM).unanswered(SINCE, 1)] == ["handoff"]
        assert texts(session, "T2") == []


def test_an_answer_counts_where_it_did_not_help(db: Database) -> None:
    with db.writing() as session:
        disliked, liked, person = (asked(session, name, "ANSWER") for name in ("disliked", "liked", "person"))
        chose = asked(session, "chose", "CLARIFY")
        Feedback(session).give(TEAM, disliked.id, "UMIA", "bad")
        Feedback(session).give(TEAM, liked.id, "UMIA", "good")
        Clicks(session).add(TEAM, person.id, "UMIA", "talk_to_person")
        Clicks(session).add(TEAM, chose.id, "UMIA", "did_you_mean", "refund")
        assert texts(session) == ["person", "disliked"]
        Feedback(session).give(TEAM, chose.id, "UMIA", "bad")
        assert texts(session) == ["chose", "person", "disliked"]


def test_an_article_that_was_opened_below_is_no_gap_unless_a_person_was_wanted_after_it(db: Database) -> None:
    with db.writing() as session:
        opened = [asked(session, route.lower(), route) for route in ("CLARIFY", "OFFER")]
        for turn in opened:
            Clicks(session).add(TEAM, turn.id, "UMIA", OPENED, "gifts")
        assert texts(session) == []
        Clicks(session).add(TEAM, opened[1].id, "UMIA", "talk_to_person")
        assert texts(session) == ["offer"]


def test_whose_questions_do_not_count(db: Database) -> None:
    with db.writing() as session:
        asked(session, "a test", "OFFER", test=True)
        no_request = asked(session, "no request", "OFFER")
        erased = asked(session, "erased", "OFFER")
        asked(session, "wants nothing learned", "OFFER", user="UTOM")
        edited = asked(session, "stays", "OFFER")
        Dismissals(session, TEAM).add(no_request.id, "UA")
        Turns(session).redact(erased.id)
        OptOuts(session, TEAM).add(TEAM, "UTOM")
        Turns(session).edited(edited.id, "stays, worded anew")
        assert texts(session) == ["stays, worded anew"]


def test_the_label_that_stands_comes_with_it(db: Database) -> None:
    with db.writing() as session:
        turn = asked(session, "do you engrave", "OFFER")
        log = Corrections(session)
        values = {"team": TEAM, "text": turn.text, "before": "oos", "by": "UA", "source": "card", "turn_id": turn.id}
        log.add(after="refund", **values)  # type: ignore[arg-type]
        last = log.add(after="engraving", **values)  # type: ignore[arg-type]
        assert [each.label for each in Gaps(session, TEAM).unanswered(SINCE, 9)] == ["engraving"]
        log.undo(last.id, "UA")
        assert [each.label for each in Gaps(session, TEAM).unanswered(SINCE, 9)] == ["refund"]


def test_a_mark_puts_questions_away_until_it_is_taken_back(db: Database) -> None:
    with db.writing() as session:
        one, two, three = (asked(session, name, "OFFER") for name in ("one", "two", "three"))
        gaps = Gaps(session, TEAM)
        assert gaps.mark([one.id, two.id, one.id], "dismissed", "UA", "d1") == 2
        assert gaps.mark([two.id, three.id], "written", "UB", "d2", "engraving") == 1
        assert texts(session) == []
        assert gaps.undo("d1") == 2
        assert gaps.undo("d1") == 0
        assert texts(session) == ["two", "one"]
