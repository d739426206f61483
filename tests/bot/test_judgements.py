"""An answer that did not help: what was said of it stays where agents read the case, whatever comes after."""

import pytest

from bot.listeners import cards, modals, relabel_blocks, review_blocks
from bot.reviewing import Walk, upcoming
from bot.values import Card, Judged
from tests.bot.conftest import Office


def card(office: Office) -> Card:
    [shown] = office.surface.cards.values()
    return shown


def test_the_reason_stays_on_the_card_of_a_customer_who_is_all_set(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.followups.judge(heard.turn_id, "UMIA", "bad")
    office.followups.judge(heard.turn_id, "UMIA", "bad", "incomplete", "no day is said")
    office.followups.done(office.case(heard).id, "UMIA")
    assert (card(office).state, card(office).reason) == ("closed", "The customer is all set")
    assert card(office).judged == (Judged("UMIA", "Something is missing", "no day is said"),)
    drawn = str(cards.card(card(office)))
    assert "*Not helpful*, says <@UMIA>: Something is missing" in drawn
    assert ">no day is said" in drawn


@pytest.mark.parametrize(("reason", "why"), [("outdated", "It is out of date"), ("", "")])
def test_so_does_one_without_free_words(office: Office, reason: str, why: str) -> None:
    heard = office.ask("where is my parcel?")
    office.followups.judge(heard.turn_id, "UMIA", "bad", reason)
    office.followups.done(office.case(heard).id, "UMIA")
    assert card(office).judged == (Judged("UMIA", why),)
    assert f"*Not helpful*, says <@UMIA>{f': {why}' if why else ''}" in str(cards.card(card(office)))


def test_a_later_request_of_the_case_leaves_it_there(office: Office) -> None:
    first = office.ask("where is my parcel?")
    office.followups.judge(first.turn_id, "UMIA", "bad", "wrong_answer")
    later = office.ask("then a human please", thread=office.case(first).thread_ts)
    assert card(office).turn_id == later.turn_id
    assert card(office).judged == (Judged("UMIA", "The answer is wrong", other=True),)
    assert "*Another answer was not helpful*, says <@UMIA>: The answer is wrong" in str(cards.card(card(office)))


def test_whoever_reads_the_turn_later_sees_it_too(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.followups.judge(heard.turn_id, "UMIA", "bad", "rude", "shouting")
    office.followups.done(office.case(heard).id, "UMIA")
    case, left = upcoming(office.kit, Walk())
    assert case is not None
    views = (
        review_blocks.review(case, left, Walk()),
        relabel_blocks.relabel(case, office.kit.catalogue.all(), {}),
        modals.edit_answer(case),
    )
    for view in views:
        assert "says <@UMIA>: The tone is wrong\\n>shouting" in str(view)


def test_who_changes_their_mind_is_believed(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.followups.judge(heard.turn_id, "UMIA", "bad", "incomplete")
    office.followups.judge(heard.turn_id, "UMIA", "good")
    assert (card(office).reason, card(office).judged) == ("Helpful after all", ())


def test_who_is_helped_at_once_has_no_card(office: Office) -> None:
    office.followups.judge(office.ask("where is my parcel?").turn_id, "UMIA", "good")
    assert office.surface.cards == {}
