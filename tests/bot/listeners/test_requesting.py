"""An agent makes a request of a message that the bot was not asked about, over a real database."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot import wording
from bot.addressing import Incoming
from bot.corrections import Refused
from bot.figures import Yardsticks, figures
from bot.listeners.requesting import handle_request
from bot.requesting import DONE
from bot.services import Services
from storage.conversations import Conversation, Conversations
from tests.bot.conftest import CALLED, Office
from tests.bot.listeners.conftest import Client, body
from tests.bot.test_two_agents import both


class Member(Client):
    """The bot is in C1 alone, knows of C2, and is shown nothing else."""

    def conversations_info(self, *, channel: str, **_: Any) -> Any:
        if channel not in ("C1", "C2", "CAGENTS"):
            raise SlackApiError("no", {"ok": False, "error": "channel_not_found"})
        return {"channel": {"id": channel, "is_member": channel != "C2"}}


def opened(services: Services, payload: dict[str, Any]) -> str:
    """What the modal says in the end, once all is worked."""
    client = Member()
    handle_request(services, payload, client)
    assert services.workers.drain(10)
    return client.said()


def case_of(office: Office, thread: str) -> Conversation | None:
    with office.kit.db.reading() as session:
        return Conversations(session).by_thread("T1", "C1", thread)


def test_a_message_among_people_waits_for_a_person_and_twice_is_once(
    office: Office,
    services: Services,
) -> None:
    payload = body("5.000100", text="does anybody know where my parcel is?")
    assert opened(services, payload) == DONE
    case = case_of(office, "5.000100")
    assert case is not None
    assert (case.state, case.customer, case.is_test) == ("waiting", "UMIA", False)
    [(_, channel, thread, said)] = office.surface.said
    assert (channel, thread) == ("C1", "5.000100")
    assert said.text == CALLED
    [card] = office.surface.cards.values()
    assert (card.reason, card.text) == ("Opened by UAGENT Smith", "does anybody know where my parcel is?")
    assert card.guesses[0].name == "order_status"
    assert opened(services, payload | {"user": {"id": "UAGENT2"}}) == "It waits for a person already."
    assert len(office.surface.said) == len(office.surface.cards) == 1
    assert figures(office.kit, Yardsticks()).handed == (("an agent made a request", 1),)


def test_two_agents_at_once_make_one_case(office: Office, services: Services) -> None:
    message = Incoming("C1", "5.000100", "UMIA", "where is my parcel?", user_team="T1")
    told = both(lambda agent: services.requesting.open(message, agent).words)
    assert sorted(told) == sorted([DONE, "It waits for a person already."])
    office.desk.work(1)
    assert office.surface.texts() == [CALLED]


def test_a_turn_is_handed_over_in_its_case(office: Office, services: Services) -> None:
    asked = office.ask("<@UBOT> parcel?", channel="C1")
    ts = office.turn(asked).ts
    assert opened(services, body(ts, text="<@UBOT> parcel?")) == "It waits for a person now, and the customer knows."
    assert office.case(asked).state == "waiting"
    assert office.surface.texts()[1:] == [CALLED]
    office.cases.take(office.case(asked).id, "UAGENT2")
    assert opened(services, body(ts)).startswith("<@UAGENT2> has this case")
    # Of what another one writes in its thread too.
    assert opened(services, body("7.000100", thread_ts=ts, user="UTOM")).startswith("<@UAGENT2> has this case")
    assert case_of(office, "7.000100") is None


def test_the_customer_hears_it_also_after_a_crash_and_from_nobody_else(office: Office, services: Services) -> None:
    made = services.requesting.open(Incoming("C1", "5.000100", "UMIA", "my parcel?", user_team="T1"), "UAGENT")
    assert office.surface.said == []
    # The process died here: the next one finds the turn unfinished. Its own event came too.
    assert office.desk.unfinished() == [made.case_id]
    office.intake.accept(Incoming("C1", "5.000100", "UMIA", "my parcel?"), "Ev9")
    office.desk.work(made.case_id)
    office.desk.work(made.case_id)
    assert office.surface.texts() == [CALLED]


def test_a_picture_alone_that_nobody_can_read_waits_with_a_card(office: Office, services: Services) -> None:
    shot = {"id": "F1", "name": "shot.png", "mimetype": "image/png", "size": 10**9, "url_private_download": "u/shot"}
    assert opened(services, body("5.000100", text="", files=[shot], subtype="file_share")) == DONE
    case = case_of(office, "5.000100")
    assert case is not None
    assert case.state == "waiting"
    assert office.surface.texts() == [wording.WITH_A_PERSON]
    [card] = office.surface.cards.values()
    assert card.reason == "Opened by UAGENT Smith"


def test_who_takes_it_first_is_announced_alone(office: Office, services: Services) -> None:
    made = services.requesting.open(Incoming("C1", "5.000100", "UMIA", "my parcel?", user_team="T1"), "UAGENT")
    office.cases.take(made.case_id, "UAGENT2")
    office.desk.work(made.case_id)
    assert office.surface.texts() == [wording.TAKEN.format(name="UAGENT2 Smith")]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"user": "UBOT", "bot_id": "B1"}, "a bot's, or Slack's own"),
        ({"user": "UBOT"}, "a bot's"),
        ({"bot_id": "B2"}, "a bot's, or Slack's own"),
        ({"subtype": "channel_join"}, "a bot's, or Slack's own"),
        ({"user": "UAGENT2"}, "a colleague's"),
        ({"text": ":wave:"}, "says nothing"),
        ({"channel": "CAGENTS"}, "for agents"),
        ({"channel": "C2"}, "I am not in that channel"),
        ({"channel": "D5"}, "I am not in that channel"),
        ({"by": "UMIA"}, wording.ONLY_AGENTS),
    ],
)
def test_what_is_refused_in_one_line(
    office: Office,
    services: Services,
    message: dict[str, Any],
    expected: str,
) -> None:
    said = opened(services, body("5.000100", **message))
    assert expected in said
    assert "\n" not in said
    assert case_of(office, "5.000100") is None
    assert office.surface.said == []


def test_a_message_that_was_deleted_meanwhile_is_gone(office: Office, services: Services) -> None:
    office.intake.deleted("C1", "5.000100")
    with pytest.raises(Refused, match="gone"):
        services.requesting.open(Incoming("C1", "5.000100", "UMIA", "parcel?"), "UAGENT")
