"""Customers who write in a language that the model does not read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.languages import Languages, phrases
from tests.bot.conftest import Office, database, made

GERMAN = "Wo ist denn mein parcel, ich warte seit Wochen"


def called(code: str) -> str:
    return f"{phrases(code).handoff} {phrases(code).line.format(number=1)}"


@pytest.fixture
def english(tmp_path: Path) -> Iterator[Office]:
    db = database(tmp_path)
    yield made(db, languages=Languages(lambda: frozenset({"en"})))
    db.close()


def test_it_says_so_in_that_language_and_offers_a_person(english: Office) -> None:
    turn = english.turn(english.ask(GERMAN))
    assert (turn.route, turn.intent) == ("OFFER", "order_status")
    [(_, _, _, said)] = english.surface.said
    assert said.text == phrases("de").offer
    assert said.person
    assert said.person_words == phrases("de").person


def test_twice_in_a_row_a_person_is_called(english: Office) -> None:
    first = english.ask(GERMAN)
    english.ask("ich möchte bitte meine Bestellung stornieren", thread=english.case(first).thread_ts)
    assert english.surface.texts() == [phrases("de").offer, called("de")]
    assert english.case(first).state == "waiting"
    [card] = english.surface.cards.values()
    assert (card.language, card.unread) == ("German", True)


def test_the_button_is_answered_in_that_language(english: Office) -> None:
    asked = english.ask("我的包裹在哪里？")
    english.followups.person(english.case(asked).id, asked.turn_id, "UMIA")
    assert english.surface.texts()[-1] == called("zh")


def test_what_an_agent_said_of_it_counts(english: Office) -> None:
    asked = english.ask(GERMAN)
    english.corrections.relabel(asked.turn_id, "refund", "UAGENT", "card")
    assert english.turn(english.ask(GERMAN, channel="DTOM", user="UTOM")).route == "ANSWER"


def test_in_draft_mode_a_person_is_called_at_once(tmp_path: Path) -> None:
    db = database(tmp_path)
    office = made(db, "draft", Languages(lambda: frozenset({"en"})))
    office.ask(GERMAN)
    assert office.surface.texts() == [called("de")]
    db.close()


def test_a_model_of_many_languages_serves_it(office: Office) -> None:
    assert office.turn(office.ask(GERMAN)).route == "ANSWER"


def test_english_is_answered_as_ever(english: Office) -> None:
    assert english.turn(english.ask("where is my parcel, order 10042?")).route == "ANSWER"
