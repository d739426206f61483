"""A hand-off from the first message to the last, through sockets: nobody is there at first, then somebody is."""

from collections.abc import Iterator

import pytest

from bot import wording
from bot.listeners import ids
from storage.conversations import Conversations
from storage.desk_rules import DeskRules
from tests.e2e.conftest import House, a_house, options, shown

MINUTES = {"agents": 0.02, "customer": 0.03, "owners": 0.04}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    quick = {
        "remind_agents_minutes": MINUTES["agents"],
        "tell_customer_minutes": MINUTES["customer"],
        "remind_owners_minutes": MINUTES["owners"],
    }
    with a_house(tmp_path_factory.mktemp("hand_off"), **quick) as made:
        yield made


def notices(house: House, card_ts: str) -> list[str]:
    """What agents were told in the card's thread, and in the channel beside it."""
    thread = house.alex.messages("C0AGENTS", card_ts)
    return [one["text"] for one in thread if one.get("subtype") == "thread_broadcast" and "bot_id" in one]


def test_from_the_hand_off_to_the_message_that_reopens_it(house: House) -> None:
    mine = house.ask(house.mia, "a human please, the first")
    house.mia.wait_message(lambda one: one.get("thread_ts") == mine and "number 1 in line" in one["text"])
    ts = house.ask(house.tom, "a human please, my chair is broken")
    told = house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.HANDOFF in one["text"])
    assert "You are number 2 in line." in told["text"]

    card = house.card(lambda one: "my chair is broken" in shown(one))
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and one["text"] == wording.LATE)
    house.alex.wait_message(lambda one: one.get("thread_ts") == card["ts"] and "Nobody has taken" in one["text"])
    reminder, mention = notices(house, card["ts"])
    assert reminder == "<@U0TOM> has waited 0 min for a person. Who takes this request?"
    assert mention.startswith("<@U0AGENT> Nobody has taken this request of <@U0TOM>")

    assert found_again(house, card["ts"], "agents")
    assert found_again(house, card["ts"], "late")
    assert not found_again(house, card["ts"], "away")

    house.alex.click(card, ids.TAKE)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "Alex Reed has your request" in one["text"])
    internal = house.alex.say("C0AGENTS", "We send a new one & it is free", card["ts"])
    offer = house.alex.wait_message(lambda one: one.get("ephemeral") and ids.SEND_WORDS in shown(one))
    assert offer["thread_ts"] == card["ts"]
    house.settle()
    assert not any("send a new one" in shown(one) for one in house.tom.messages(house.tom.dm, ts)), "a leak"
    house.alex.click(offer, ids.SEND_WORDS)
    said = house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "send a new one" in shown(one))
    assert "*Alex Reed:* We send a new one &amp; it is free" in shown(said)
    house.alex.wait(lambda: ticked(house, internal), 10, "a tick")
    house.alex.try_act("click", channel="C0AGENTS", ts=offer["ts"], action_id=ids.SEND_WORDS)

    more = next(each for each in options(card, ids.MORE) if each.startswith("resolve"))
    house.alex.click(card, ids.MORE, more)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.RESOLVED in one["text"])
    house.ask(house.tom, "it is broken again", ts)
    again = house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.REOPENED in one["text"])
    assert "You are number 2 in line." in again["text"]
    house.card(lambda one: one["ts"] == card["ts"] and "Opened again" in shown(one) and "waits" in shown(one))
    house.alex.wait(lambda: len(notices(house, card["ts"])) == 5, 10, "the reminders of the second wait")
    assert "<@U0TOM> has opened this request again: it waits for a person." in notices(house, card["ts"])[2]
    house.settle()
    spoken = [one["text"] for one in house.tom.messages(house.tom.dm, ts) if "bot_id" in one]
    assert sum("send a new one" in words for words in spoken) == 1
    assert spoken.count(wording.LATE) == 2, "once in each wait"


def test_a_draft_that_nobody_sends_is_reminded_of_until_it_is_sent(house: House) -> None:
    with house.bot.services.kit.db.writing() as session:
        DeskRules(session, "T0LOCAL").say("desk", "", "U0AGENT", mode="draft")
    ts = house.ask(house.mia, "where is my parcel?")
    house.mia.wait_message(lambda one: one.get("thread_ts") == ts and one["text"] == wording.DRAFTED)
    card = house.card(lambda one: "Draft, not sent" in shown(one))
    house.mia.wait_message(lambda one: one.get("thread_ts") == ts and one["text"] == wording.LATE)
    house.alex.wait(lambda: len(notices(house, card["ts"])) == 2, 10, "the reminders")
    reminder, mention = notices(house, card["ts"])
    assert reminder == "<@U0MIA> has waited 0 min for an answer to be sent. Who reads the draft?"
    assert mention.startswith("<@U0AGENT> Nobody has sent the answer to this request of <@U0MIA>")
    house.alex.click(card, ids.SEND)
    house.mia.wait_message(lambda one: one.get("thread_ts") == ts and "on its way" in shown(one))
    house.alex.wait(lambda: not waiting(house), 10, "the end of the wait")


def waiting(house: House) -> list[int]:
    with house.bot.services.kit.db.reading() as session:
        return [case.id for case in Conversations(session).waiting("T0LOCAL")]


def found_again(house: House, card_ts: str, kind: str) -> str:
    """Whether a bot that had died after posting this notice would find it."""
    kit = house.bot.services.kit
    with kit.db.reading() as session:
        case = Conversations(session).by_card(kit.team, "C0AGENTS", card_ts)
    assert case is not None
    place = ("C0AGENTS", card_ts) if kind == "agents" else (case.channel, case.thread_ts)
    return kit.surface.marked(*place, f"{case.id}-{case.moves}-{kind}")


def ticked(house: House, ts: str) -> bool:
    found = next(one for one in house.alex.messages("C0AGENTS") if one["ts"] == ts)
    return any(each["name"] == "white_check_mark" for each in found.get("reactions", []))
