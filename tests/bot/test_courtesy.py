"""Thanks, greetings and goodbyes: short, no answer, no case of their own; and once, whether that was all."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.courtesy import courtesy, pleads
from model import starter
from storage.turns import Turns
from tests.bot.conftest import Office


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Thanks!", "thanks"),
        ("thank you so much for your help", "thanks"),
        ("ok great, cheers", "thanks"),
        ("thanks, bye", "thanks"),
        ("Goodbye and have a nice day", "bye"),
        ("hello?", "hello"),
        ("Hi there, good morning", "hello"),
        ("thanks, and where is my refund", ""),
        ("thanks for nothing", ""),
        ("hi, my parcel", ""),
        ("is that all, thanks?", ""),
        ("great", ""),
        ("", ""),
        ("👍", ""),
    ],
)
def test_what_holds_nothing_but_courtesy(words: str, kind: str) -> None:
    assert courtesy(words) == kind


@pytest.mark.parametrize(
    ("words", "plea"),
    [
        ("please help", True),
        ("HELP ME PLEASE!!!", True),
        ("can you help me with this?", True),
        ("asap pls", True),
        ("please", True),
        ("this does not help", False),
        ("please help, a person", False),
        ("can someone help me", False),
        ("please refund me", False),
        ("", False),
    ],
)
def test_what_asks_for_help_and_for_nothing_in_particular(words: str, plea: bool) -> None:
    assert pleads(words) is plea


def test_no_request_of_the_starter_shop_is_taken_for_courtesy() -> None:
    talk = {intent.name for intent in starter.intents() if intent.small_talk}
    rows = [*starter.utterances(), *starter.held_out()]
    assert [row.text for row in rows if row.label not in talk and courtesy(row.text)] == []
    thanks = [row.text for row in rows if row.label == "thanks"]
    assert sum(bool(courtesy(text)) for text in thanks) > len(thanks) / 3


@given(st.text(max_size=80))
def test_no_text_breaks_it(words: str) -> None:
    assert courtesy(words) in ("thanks", "bye", "hello", "")


def stats(office: Office) -> tuple[int, int, int, int]:
    with office.kit.db.reading() as session:
        found = Turns(session).stats(datetime.now(UTC) - timedelta(hours=1), "T1")
    return found.cases, found.answered, found.small_talk, found.alone


def test_thanks_belong_to_the_case_that_is_open_and_are_answered_where_they_stand(office: Office) -> None:
    asked = office.ask("where is my parcel?")
    thanked = office.ask("thanks!")
    assert office.case(thanked).id == office.case(asked).id
    ts, channel, thread, said = office.surface.said[-1]
    assert (channel, thread) == ("DMIA", office.turn(thanked).ts), "under the words themselves"
    assert said.text == f"You are welcome. {wording.WAS_ALL}"
    assert (said.feedback, said.done) == (False, True)
    turn = office.turn(thanked)
    assert (turn.reply_kind, turn.reply_text, turn.reply_ts) == ("small_talk", said.text, ts)
    assert stats(office) == (1, 1, 1, 1)


def test_what_is_written_below_them_is_of_the_same_case(office: Office) -> None:
    asked = office.ask("where is my parcel?")
    thanked = office.ask("thanks!")
    below = office.ask("and my refund?", thread=office.turn(thanked).ts)
    assert office.case(below).id == office.case(asked).id
    assert office.surface.said[-1][2] == office.turn(thanked).ts


def test_it_is_asked_once_whether_that_was_all(office: Office) -> None:
    asked = office.ask("where is my parcel?")
    office.followups.judge(asked.turn_id, "UMIA", "good")
    assert office.surface.texts()[-1] == wording.WAS_ALL
    assert office.surface.said[-1][3].done
    office.ask("thanks")
    office.followups.judge(asked.turn_id, "UMIA", "good")
    assert [text for text in office.surface.texts() if wording.WAS_ALL in text] == [wording.WAS_ALL]


def test_it_is_not_asked_where_nothing_was_answered(office: Office) -> None:
    office.ask("thanks")
    assert office.surface.texts() == ["You are welcome."]
    assert stats(office) == (1, 0, 1, 0)
    asked = office.ask("breakfast", user="UTOM", channel="DTOM")
    office.followups.judge(asked.turn_id, "UTOM", "good")
    assert len(office.surface.said) == 2


def test_nor_after_a_judgement_that_is_not_the_customers_or_is_bad(office: Office) -> None:
    asked = office.ask("where is my parcel?")
    office.followups.judge(asked.turn_id, "UTOM", "good")
    office.followups.judge(asked.turn_id, "UMIA", "bad")
    assert len(office.surface.said) == 1


def test_thanks_to_a_person_stay_with_the_person(office: Office) -> None:
    office.ask("human please")
    heard = office.ask("thanks")
    assert office.case(heard).state == "waiting"
    assert "You are welcome." not in office.surface.texts()


def test_another_customers_thanks_open_their_own_case(office: Office) -> None:
    asked = office.ask("where is my parcel?")
    thanked = office.ask("thanks", user="UTOM", channel="DTOM")
    assert office.case(thanked).id != office.case(asked).id


def test_a_turn_of_its_own_thread_that_was_posted_before_a_crash_is_not_posted_again(office: Office) -> None:
    office.ask("where is my parcel?")
    heard = office.hear("thanks")
    office.crash(heard)
    office.desk.work(office.case(heard).id)
    assert len(office.surface.said) == 2


@pytest.mark.parametrize("words", ["great, thanks a lot!", "Goodbye"])
def test_thanks_after_a_case_is_closed_open_nothing_again(office: Office, words: str) -> None:
    case = office.case(office.ask("where is my parcel"))
    office.followups.done(case.id, "UMIA")
    cards, said = dict(office.surface.cards), len(office.surface.said)
    thanked = office.ask(words, thread=case.thread_ts)
    assert (office.case(thanked).state, thanked.reopened, office.surface.cards) == ("closed", "", cards)
    assert len(office.surface.said) <= said + 1
    again = office.ask("thanks, but where is it", thread=case.thread_ts)
    assert again.reopened == "person"


def test_thanks_after_a_case_is_closed_have_their_word(office: Office) -> None:
    case = office.case(office.ask("where is my parcel"))
    office.cases.resolve(case.id)
    office.ask("thanks a lot!", thread=case.thread_ts)
    assert office.surface.texts()[-1] == "You are welcome."
    office.ask("a human please", thread=case.thread_ts)
    office.cases.take(case.id, "UAGENT")
    office.ask("thanks!", thread=case.thread_ts)
    assert office.surface.texts()[-1] != "You are welcome.", "a person has it"
