"""What an agent has told the customer stands on the card and in the review, until the customer has it erased."""

from typing import Any

from bot import showing
from bot.addressing import Incoming
from bot.listeners import cards, ids, modals, review_blocks
from bot.listeners.messages import carry, taken_in
from bot.listeners.parts import Block
from bot.listeners.views import handle_write
from bot.reviewing import Walk
from bot.services import Services
from bot.values import Customer, Told
from tests.bot.conftest import Office
from tests.bot.listeners.conftest import Client


def drawn(office: Office) -> str:
    """The one card, as its blocks say it."""
    [shown] = office.surface.cards.values()
    return words(cards.card(shown))


def words(blocks: list[Block]) -> str:
    return "\n".join(block["text"]["text"] for block in blocks if "text" in block)


def test_the_card_and_the_review_show_the_last_that_was_told(office: Office) -> None:
    heard = office.ask("a human, please")
    case = office.case(heard)
    assert "told them" not in drawn(office)
    for said in ("We send a new one.", "It leaves <today> & costs nothing."):
        office.cases.words.write(case.id, "UAGENT", said)
    told = "*<@UAGENT> told them:*\n>It leaves &lt;today&gt; &amp; costs nothing."
    assert told in drawn(office)
    assert "We send a new one." not in drawn(office)
    shown = showing.case(office.kit, office.turn(heard))
    assert shown.told == Told("UAGENT", "It leaves <today> & costs nothing.")
    assert told in words(review_blocks.review(shown, 0, Walk())["blocks"])


def test_what_was_said_in_the_customers_thread_is_shown_too(office: Office, services: Services) -> None:
    case = office.case(office.ask("<@UBOT> a human, please", channel="CSHOP"))
    office.cases.take(case.id, "UAGENT")
    message = Incoming("CSHOP", "8.000100", "UAGENT", "we do engrave", case.thread_ts)
    accepted = office.intake.accept(message, "Ev8")
    assert not accepted.taken
    carry(services, message, accepted)
    assert "told them:*\n>we do engrave" in drawn(office)


def test_what_its_author_changes_or_takes_back_is_so_on_the_card(office: Office, services: Services) -> None:
    case = office.case(office.ask("<@UBOT> a human, please", channel="CSHOP"))
    office.cases.take(case.id, "UAGENT")
    message = Incoming("CSHOP", "8.000100", "UAGENT", "we do engrave", case.thread_ts)
    carry(services, message, office.intake.accept(message, "Ev8"))
    inner = {"ts": "8.000100", "user": "UAGENT", "text": "we do not", "thread_ts": case.thread_ts}
    happen(services, {"subtype": "message_changed", "message": inner})
    assert "told them:*\n>we do not" in drawn(office)
    happen(services, {"subtype": "message_deleted", "deleted_ts": "8.000100"})
    assert "told them" not in drawn(office)


def happen(services: Services, event: dict[str, Any]) -> None:
    job = taken_in(services, {"type": "event_callback", "event": {"type": "message", "channel": "CSHOP", **event}})
    assert job is not None
    job()


def test_the_agent_hears_that_it_was_sent(office: Office, services: Services) -> None:
    case = office.case(office.ask("a human, please"))
    view = modals.write(case.id, "CAGENTS", "9.0")
    view |= {"id": "V1", "state": {"values": {ids.ANSWER_BLOCK: {ids.VALUE: {"value": "On its way."}}}}}
    body = {"user": {"id": "UAGENT"}, "view": view}
    acked: list[object] = []
    handle_write(services, lambda **said: acked.append(said), body, Client())  # type: ignore[arg-type]
    assert acked == [{}]
    assert ("UAGENT", "Sent.") in office.surface.whispers


def test_erased_with_the_customers_data(office: Office) -> None:
    case = office.case(office.ask("a human, please"))
    office.cases.words.write(case.id, "UAGENT", "We send a new one.")
    office.privacy.erase(Customer("T1", "UMIA"))
    office.privacy.changed()
    assert "We send" not in drawn(office)
