"""What agents see of a request whose customer has taken its words back: that it is so, and whom they still owe."""

import pytest

from bot.corrections import Refused
from bot.listeners import agents_home_view, cards, ids
from bot.listeners.parts import Block
from bot.reviewing import Walk, upcoming, waiting
from bot.values import Card, Customer
from storage.attachments import Arrived
from storage.tables import ERASED
from tests.bot.conftest import Office

MIA = Customer("T1", "UMIA")


def card(office: Office) -> Card:
    [shown] = office.surface.cards.values()
    return shown


def pressable(drawn: list[Block]) -> list[str]:
    """Action ids, and what the menu holds."""
    found: list[str] = []
    for block in drawn:
        for each in [*block.get("elements", []), block.get("accessory", {})]:
            found += [each["action_id"]] if "action_id" in each and each["action_id"] != ids.MORE else []
            found += [option["value"].partition("|")[0] for option in each.get("options", [])]
    return found


def test_a_person_is_still_owed_and_nothing_is_labelled(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.followups.person(office.case(heard).id, heard.turn_id, "UMIA")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    office.privacy.erase(MIA)
    drawn = cards.card(card(office))
    assert f"_{cards.TAKEN_BACK}._" in str(drawn)
    assert ERASED not in str(drawn)
    assert "%" not in str(drawn)
    assert pressable(drawn) == [ids.TAKE, ids.WRITE, "resolve", "release"]
    assert cards.fallback(card(office)) == f"Asked for a person: {cards.TAKEN_BACK}"
    assert agents_home_view.line(card(office)) == f"<@UMIA>: {cards.TAKEN_BACK}"
    case_id = office.case(heard).id
    assert office.cases.take(case_id, "UAGENT") == ""
    assert pressable(cards.card(card(office))) == [ids.GIVE, ids.WRITE, "resolve", "release"]
    assert office.cases.resolve(case_id) == ""


def test_a_draft_that_is_gone_is_not_sent(drafting: Office) -> None:
    drafting.ask("where is my parcel?")
    drafting.privacy.erase(MIA)
    assert pressable(cards.card(card(drafting))) == [ids.TAKE, ids.WRITE, "resolve"]


def test_a_message_that_was_deleted_is_shown_so_too(office: Office) -> None:
    heard = office.ask("a human please")
    turn = office.turn(heard)
    office.followups.deleted(office.intake.deleted(turn.channel, turn.ts))
    assert card(office).erased
    assert pressable(cards.card(card(office))) == [ids.TAKE, ids.WRITE, "resolve", "release"]


def test_what_the_customer_writes_then_is_shown_and_may_be_labelled(office: Office) -> None:
    heard = office.ask("a human please")
    office.privacy.erase(MIA)
    office.ask("where is my refund", thread=office.case(heard).thread_ts)
    assert not card(office).erased
    assert ids.CORRECT in pressable(cards.card(card(office)))


def test_who_still_has_the_button_is_told_why_not(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.privacy.erase(MIA)
    for label in (
        lambda: office.corrections.confirm(heard.turn_id, "UAGENT"),
        lambda: office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "review"),
        lambda: office.corrections.worded(heard.turn_id),
    ):
        with pytest.raises(Refused, match="The customer has erased what was written there"):
            label()


def test_the_review_leaves_them_out_pictures_too(office: Office) -> None:
    office.files.kept["https://x/1"] = b"where is my parcel"
    office.ask("where is my refund?")
    shown = office.ask("", Arrived("file", "F1", "shot.png", "https://x/1", size=9), channel="DTOM", user="UTOM")
    office.followups.person(office.case(shown).id, shown.turn_id, "UTOM")
    assert waiting(office.kit) == 2
    office.privacy.erase(MIA)
    assert waiting(office.kit) == 1
    office.privacy.erase(Customer("T1", "UTOM"))
    assert upcoming(office.kit, Walk()) == (None, 0)
    assert card(office).erased
