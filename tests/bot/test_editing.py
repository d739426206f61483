"""An agent words an answer anew: where there is one. What the bot says of itself is no answer."""

from collections.abc import Callable

import pytest

from bot import showing, wording
from bot.listeners import blocks, cards, ids
from bot.listeners.parts import Block
from bot.values import Said
from storage.corrections import Corrections
from tests.bot.conftest import Office
from tests.bot.test_bursts import edit

NONE = "I have said no answer there"


def pressable(drawn: list[Block]) -> list[str]:
    return [each["action_id"] for block in drawn for each in block.get("elements", []) if "action_id" in each]


def editable(office: Office) -> bool:
    """Whether the one card offers it."""
    [shown] = office.surface.cards.values()
    return ids.EDIT in pressable(cards.card(shown))


def buttons(said: Said) -> list[str]:
    return pressable(blocks.reply(said))


def silent_in_a_held_case(office: Office) -> int:
    case = office.case(office.ask("a human"))
    office.cases.take(case.id, "UAGENT")
    return office.ask("where is my refund", thread=case.thread_ts).turn_id


def joined_a_waiting_case(office: Office) -> int:
    office.ask("a human")
    return office.ask("where is my refund").turn_id


def only_offered(office: Office) -> int:
    heard = office.ask("breakfast")
    office.followups.person(office.case(heard).id, heard.turn_id, "UMIA")
    return heard.turn_id


def only_asked_back(office: Office) -> int:
    heard = office.ask("hm refund")
    office.followups.person(office.case(heard).id, heard.turn_id, "UMIA")
    return heard.turn_id


@pytest.mark.parametrize(
    "made",
    [
        lambda office: office.ask("a human").turn_id,
        silent_in_a_held_case,
        joined_a_waiting_case,
        only_offered,
        only_asked_back,
    ],
)
def test_where_the_bot_has_not_answered_nothing_is_edited(office: Office, made: Callable[[Office], int]) -> None:
    turn_id = made(office)
    before = list(office.surface.said)
    assert not editable(office)
    assert office.followups.edit_answer(turn_id, "On Friday.", "UAGENT", 0).startswith(NONE)
    assert office.surface.said == before
    with office.kit.db.reading() as session:
        assert Corrections(session).latest(turn_id) is None


def test_an_answer_is_edited_in_place_and_kept(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.followups.judge(heard.turn_id, "UMIA", "bad", "outdated")
    assert editable(office)
    assert office.followups.edit_answer(heard.turn_id, "It left today.", "UAGENT", 0) == ""
    [card], [said] = office.surface.cards.values(), [each for *_, each in office.surface.said]
    assert "*The bot wrote first*\\n>Hello Umia, it is on its way." in str(cards.card(card))
    assert "*A better answer*\\n>It left today." in str(cards.card(card))
    assert showing.case(office.kit, office.turn(heard)).reply == "It left today.", "the next edit begins with it"
    assert said.text == "It left today."
    assert buttons(said) == [ids.DONE, ids.PERSON, ids.FEEDBACK]


def test_in_a_case_that_the_agent_has_nobody_is_offered_a_person_below_it(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.followups.person(office.case(heard).id, heard.turn_id, "UMIA")
    office.cases.take(office.case(heard).id, "UAGENT")
    assert editable(office)
    assert office.followups.edit_answer(heard.turn_id, "It left today.", "UAGENT", 0) == ""
    [edited] = [said for *_, said in office.surface.said if said.text == "It left today."]
    assert buttons(edited) == [ids.DONE, ids.FEEDBACK]
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    assert office.followups.answer_rightly(heard.turn_id, "UAGENT") == "Sent."
    assert buttons(office.surface.said[-1][-1]) == [ids.DONE, ids.FEEDBACK]


def test_the_answer_that_a_customer_chose_is_edited_and_teaches_what_they_chose(office: Office) -> None:
    heard = office.ask("hm refund")
    office.followups.choose(heard.turn_id, "order_status", "UMIA")
    office.followups.judge(heard.turn_id, "UMIA", "bad", "outdated")
    [card] = office.surface.cards.values()
    assert card.replaced
    assert "*The bot wrote first*" in str(cards.card(card))
    assert editable(office)
    assert office.followups.edit_answer(heard.turn_id, "It left today.", "UAGENT", 0) == ""
    with office.kit.db.reading() as session:
        kept = Corrections(session).latest(heard.turn_id)
    assert kept is not None
    assert (kept.after, kept.better_answer) == ("order_status", "It left today.")


def test_a_reply_that_is_no_answer_any_more_is_not_edited(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.followups.judge(heard.turn_id, "UMIA", "bad", "outdated")
    edit(office, office.turn(heard).ts, "breakfast")
    assert office.surface.texts() == [wording.OFFER]
    assert not editable(office)
    assert office.followups.edit_answer(heard.turn_id, "On Friday.", "UAGENT", 0).startswith(NONE)


def test_the_card_of_a_draft_that_was_sent_in_other_words_shows_these(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel")
    assert drafting.followups.edit_answer(heard.turn_id, "It comes today.", "UAGENT", 0) == ""
    [card] = drafting.surface.cards.values()
    assert "*The bot wrote first*\\n>Hello Umia, it is on its way." in str(cards.card(card))
    assert "*A better answer*\\n>It comes today." in str(cards.card(card))


def test_a_draft_that_was_sent_is_not_edited_and_nothing_is_learned_from_trying(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel")
    assert editable(drafting)
    drafting.cases.drafts.send(heard.turn_id, "UAGENT")
    assert not editable(drafting)
    told = drafting.followups.edit_answer(heard.turn_id, "It comes today.", "UAGENT2", 0)
    assert told == "This draft has been sent already."
    with drafting.kit.db.reading() as session:
        assert Corrections(session).latest(heard.turn_id) is None
