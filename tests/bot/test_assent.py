"""Yes and no to what the bot has asked, in the thread of the question and beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.assent import assent
from model import starter
from tests.bot.conftest import CALLED, FIRST, Office
from tests.bot.test_bursts import QUIET, edit
from tests.bot.test_bursts import desk as desk


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("yes please", "yes"),
        ("Yes!", "yes"),
        ("sure, go ahead", "yes"),
        ("please do", "yes"),
        ("ok, that would be great", "yes"),
        ("no thanks", "no"),
        ("No, I'm fine thank you", "no"),
        ("nope", "no"),
        ("none of these", "no"),
        ("no, it's about my invoice", ""),
        ("yes, where is my parcel", ""),
        ("no?", ""),
        ("please", "yes"),
        ("thanks", ""),
        ("great", ""),
        ("", ""),
    ],
)
def test_what_is_nothing_but_a_yes_or_a_no(words: str, said: str) -> None:
    assert assent(words) == said


def test_no_request_of_the_starter_shop_is_a_yes_or_a_no() -> None:
    aside = {intent.name for intent in starter.intents() if intent.small_talk}
    assert [row.text for row in starter.utterances() if row.label not in aside and assent(row.text)] == []


@given(st.text(max_size=60))
def test_no_text_breaks_it(words: str) -> None:
    assert assent(words) in ("yes", "no", "")


@pytest.mark.parametrize("beside", [False, True])
def test_yes_to_the_offer_of_a_person_calls_one(office: Office, beside: bool) -> None:
    asked = office.ask("nonsense")
    assert office.surface.texts() == [wording.OFFER]
    thread = "" if beside else office.case(asked).thread_ts
    said = office.ask("yes please", thread=thread)
    assert office.case(said).id == office.case(asked).id
    assert office.case(asked).state == "waiting"
    assert office.surface.texts()[-1] == (elsewhere() if beside else CALLED)
    [card] = office.surface.cards.values()
    assert card.reason == "Asked for a person"
    assert "nonsense" in (card.text, *card.said_before)


def elsewhere(link: str = "") -> str:
    thread = f"[{wording.OWN_THREAD}]({link})" if link else wording.OWN_THREAD
    return wording.HANDOFF_ELSEWHERE.format(thread=thread) + FIRST


def test_who_says_yes_beside_the_thread_hears_in_which_one_they_are_answered(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.surface, "link", lambda channel, ts: f"https://x.example/{channel}/{ts}")
    case = office.case(office.ask("nonsense"))
    said = office.turn(office.ask("yes please"))
    (_, _, told_in, told) = office.surface.said[-1]
    assert (told_in, told.text) == (said.ts, elsewhere(f"https://x.example/DMIA/{case.thread_ts}"))
    assert office.cases.words.write(case.id, "UAGENT", "Here I am.") == ""
    (_, _, answered_in, answer) = office.surface.said[-1]
    assert (answered_in, answer.text) == (case.thread_ts, "**UAGENT Smith:** Here I am.")


def test_an_edit_that_calls_a_person_beside_the_thread_says_so_too(office: Office) -> None:
    office.ask("nonsense")
    said = office.turn(office.ask("no thanks"))
    edit(office, said.ts, "yes please")
    assert office.surface.texts()[-1] == elsewhere()


@pytest.mark.parametrize("beside", [False, True])
def test_no_to_it_calls_nobody(office: Office, beside: bool) -> None:
    asked = office.ask("nonsense")
    said = office.ask("no thanks", thread="" if beside else office.case(asked).thread_ts)
    assert office.case(said).id == office.case(asked).id
    assert office.case(asked).state == "bot"
    assert office.surface.texts()[-1] == wording.NO_COLLEAGUE
    assert not office.surface.cards
    office.ask("yes", thread=office.case(asked).thread_ts)
    assert office.case(asked).state == "bot", "nothing was asked any more"


def test_no_to_what_was_offered_as_meant(office: Office) -> None:
    asked = office.ask("hm refund")
    assert office.turn(asked).route == "CLARIFY"
    office.ask("no, none of these", thread=office.case(asked).thread_ts)
    assert office.surface.texts()[-1] == wording.NONE_OF_THESE
    office.ask("yes please", thread=office.case(asked).thread_ts)
    assert office.case(asked).state == "waiting"


def test_whether_that_was_all(office: Office) -> None:
    thread = office.case(office.ask("parcel")).thread_ts
    office.ask("thanks", thread=thread)
    assert office.surface.texts()[-1].endswith(wording.WAS_ALL)
    office.ask("no", thread=thread)
    assert office.surface.texts()[-1] == wording.WHAT_ELSE
    other = office.case(office.ask("refund", user="UTOM", channel="DTOM")).thread_ts
    office.ask("thanks", user="UTOM", channel="DTOM", thread=other)
    office.ask("yes", user="UTOM", channel="DTOM", thread=other)
    assert office.surface.texts()[-1] == wording.GLAD


def test_an_answer_closely_behind_the_offer_is_none_of_its_words(desk: Office) -> None:
    asked = desk.ask("nonsense about breakfast and no end of it")
    desk.quiet(QUIET)
    said = desk.ask("yes please")
    assert desk.turn(said).joined_to is None
    assert desk.case(asked).state == "waiting"


def test_without_a_question_it_is_any_message(office: Office) -> None:
    office.ask("parcel")
    said = office.ask("yes")
    assert office.turn(said).route != "HANDOFF"
    assert office.surface.texts()[-1] not in (wording.NO_COLLEAGUE, wording.GLAD, wording.WHAT_ELSE)
