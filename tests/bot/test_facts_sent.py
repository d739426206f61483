"""What an agent has sent says how it was made, as every other answer does."""

from typing import Any

from bot.listeners import blocks
from tests.bot.conftest import Office

MADE = {"intent", "confidence", "route", "intent_version", "response_version", "source"}


def payload(office: Office) -> dict[str, Any]:
    """Of the metadata of the last message to a customer."""
    metadata = blocks.metadata(office.surface.said[-1][-1])
    assert metadata is not None
    return dict(metadata["event_payload"])


def test_a_sent_draft_tells_what_an_answer_tells(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel?")
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT") == ""
    sent = payload(drafting)
    assert set(sent) == {*MADE, "turn_id"}
    assert (sent["intent"], sent["confidence"], sent["source"]) == ("order_status", 0.9, "model")


def test_a_draft_that_was_sent_in_other_words_is_an_agents(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel?")
    assert drafting.followups.edit_answer(heard.turn_id, "It comes today.", "UAGENT", 0) == ""
    sent = payload(drafting)
    assert (sent["intent"], sent["source"], sent["response_version"]) == ("order_status", "agent", "")


def test_the_right_answer_tells_what_an_agent_called_right(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    assert office.followups.answer_rightly(heard.turn_id, "UAGENT") == "Sent."
    sent = payload(office)
    assert (sent["turn_id"], sent["intent"], sent["route"], sent["source"]) == (
        heard.turn_id,
        "refund",
        "ANSWER",
        "agent",
    )
    assert "confidence" not in sent, "nobody guessed it"


def test_a_better_answer_and_one_that_was_worded_anew_do_too(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    assert office.followups.edit_answer(heard.turn_id, "It left today.", "UAGENT", 0) == ""
    assert payload(office)["intent"] == "order_status"
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card", better_answer="It is booked.")
    assert office.followups.answer_rightly(heard.turn_id, "UAGENT") == "Sent."
    assert (payload(office)["intent"], payload(office)["source"]) == ("refund", "agent")
