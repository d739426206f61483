"""A customer's own orders, through sockets: the starter shop's file, and answers that tell of it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient

from bot import wording
from bot.listeners import ids, parts
from bot.workspace.hands import Hands, HandsError
from storage.clicks import Clicks
from storage.intents import Intents
from tests.bot.fakes import INTENTS
from tests.bot.shop import STATUS
from tests.e2e.conftest import House, element, shown

OF_TOM = ("10057", "10063", "lamp", "plates", "SW48210057")


@pytest.fixture(autouse=True)
def answers_that_tell_of_orders(house: House) -> None:
    with house.bot.services.kit.db.writing() as session:
        Intents(session, "T0LOCAL").upsert(replace(INTENTS[0], answer=STATUS), "starter")
    house.bot.services.kit.catalogue.forget()


def last_in(house: House, reply: dict[str, Any], *words: str) -> dict[str, Any]:
    """The message in the reply's thread that holds these words."""
    who = house.mia if reply["channel"] == house.mia.dm else house.tom
    thread = reply["thread_ts"]
    return who.wait_message(lambda one: one.get("thread_ts") == thread and all(each in one["text"] for each in words))


def test_asked_with_its_number(house: House) -> None:
    reply = house.answer(house.mia, "where is my parcel 10042?")
    assert "Hi Mia, order 10042 (2 blue stoneware mugs) is on its way with Swiftline since" in reply["text"]
    assert "<https://track.example/swiftline/SW48210042|Track it>" in reply["text"]
    assert "10042" not in str(reply["metadata"])


def test_without_a_number_the_only_one_that_is_to_come(house: House) -> None:
    reply = house.answer(house.mia, "where is my parcel?")
    assert "order 10042" in reply["text"]
    assert wording.ONE_ORDER in shown(reply)


def test_of_two_a_click_says_which_and_answers_in_place(house: House) -> None:
    reply = house.answer(house.tom, "where is my parcel?")
    assert wording.WHICH_ORDER in reply["text"]
    assert "10063 · 4 dinner plates, 2 soup bowls · being packed" in shown(reply)
    button = element(reply, f"{ids.WHICH_ORDER}_1")
    house.tom.click(reply, button["action_id"], button["value"])
    answered = last_in(house, reply, "Hi Tom, order 10057 (1 brass desk lamp) is late")
    assert answered["ts"] == reply["ts"]
    assert wording.CHOSE_ORDER.format(number="10057") in shown(answered)


def test_a_topic_of_the_home_asks_which_of_two_too(house: House) -> None:
    view = house.tom.home()
    topic = next(
        each for block in view["blocks"] for each in block.get("elements", []) if each.get("value") == "order_status"
    )
    house.tom.click(view, topic["action_id"], topic["value"])
    root = house.tom.wait_message(lambda one: "You asked: Where is my order?" in one["text"])
    reply = house.tom.wait_reply(house.tom.dm, root["ts"])
    assert wording.WHICH_ORDER in reply["text"]
    button = element(reply, f"{ids.WHICH_ORDER}_1")
    house.tom.click(reply, button["action_id"], button["value"])
    assert last_in(house, reply, "Hi Tom, order 10057 (1 brass desk lamp) is late")["ts"] == reply["ts"]


def test_of_two_that_are_named_both_are_told(house: House) -> None:
    reply = house.answer(house.tom, "where are my parcels 10057 and 10063?")
    assert "Hi Tom, order 10063 (4 dinner plates, 2 soup bowls) is being packed." in reply["text"]
    assert "Hi Tom, order 10057 (1 brass desk lamp) is late" in reply["text"]


def test_or_the_last_one_by_words(house: House) -> None:
    reply = house.answer(house.tom, "where is my parcel?")
    house.ask(house.tom, "the parcel is the last one", reply["thread_ts"])
    last_in(house, reply, "order 10063", "is being packed")


def test_somebody_elses_order_and_one_that_nobody_has_get_the_same_answer(house: House) -> None:
    said = []
    for number in ("10057", "99999"):
        reply = house.answer(house.mia, f"where is my parcel {number}?")
        assert wording.NO_SUCH_ORDER in reply["text"]
        assert [word for word in OF_TOM if word in shown(reply)] == []
        said.append([block["text"] for block in reply["blocks"] if block["type"] == "section"])
        house.ask(house.mia, f"parcel {number}, really", reply["thread_ts"])
        again = last_in(house, reply, wording.NO_SUCH_ORDER_AGAIN)
        assert element(again, ids.PERSON)
    assert said[0] == said[1]


def test_in_a_channel_nothing_is_told(house: House) -> None:
    ts = house.mia.say("C0HELP", "@Understudy where is my parcel 10042?")
    reply = house.mia.wait_reply("C0HELP", ts)
    assert "mugs" not in shown(reply)
    assert wording.ORDERS_IN_PRIVATE in shown(reply)


def test_by_command_it_is_the_customers_own(house: House) -> None:
    house.tom.command("/ask where is my parcel 10063?")
    house.tom.wait_message(lambda one: one["channel"] == house.tom.dm and "order 10063" in one["text"])
    house.mia.command("/ask where is my parcel 10063, please?")
    root = house.mia.wait_message(lambda one: "You asked: where is my parcel 10063, please?" in one["text"])
    house.mia.wait_message(lambda one: one.get("thread_ts") == root["ts"] and wording.NO_SUCH_ORDER in one["text"])


def test_agents_see_the_order_that_is_asked_about_and_only_orders_of_that_customer(house: House) -> None:
    for who, words, about, theirs in (
        (house.tom, "the candles of 10038, a human please", "10038 · 3 scented candles", {"10038", "10063", "10057"}),
        (house.mia, "10031 has a hole, a human please", "10031 · 1 grey wool blanket", {"10031", "10042", "10017"}),
    ):
        house.ask(who, words)
        card = house.card(lambda one, words=words: words in shown(one))
        assert f"*They ask about:*\\n• {about}" in shown(card)
        known = next(block for block in card["blocks"] if "They ask about" in str(block))
        assert set(re.findall(r"• (\d+)", str(known))) == theirs


def test_a_card_of_a_case_in_a_channel_has_that_customers_orders(house: House) -> None:
    house.mia.say("C0HELP", "@Understudy a human please, <@U0TOM> says 10057 is mine")
    card = house.card(lambda one: "10057 is mine" in shown(one))
    known = next(block for block in card["blocks"] if "Their orders" in str(block))
    assert set(re.findall(r"• (\d+)", str(known))) == {"10042", "10031", "10017"}


def asked_which(house: House, who: Hands) -> tuple[dict[str, Any], int]:
    """The reply that asks which order is meant, with this customer's own to choose from; and its turn."""
    reply = house.answer(who, "where is my parcel 99999?")
    return reply, int(element(reply, f"{ids.WHICH_ORDER}_0")["value"].partition("|")[0])


def standing(who: Hands, reply: dict[str, Any]) -> str:
    """What the reply shows now."""
    return shown(next(one for one in who.messages(reply["channel"], reply["thread_ts"]) if one["ts"] == reply["ts"]))


def clicks_of(house: House, turn: int) -> list[str]:
    with house.bot.services.kit.db.reading() as session:
        return [click.value for click in Clicks(session).of_turn(turn)]


def press(house: House, who: Hands, value: str, *, silent: bool = False) -> str:
    """A button that the desk never made, with this value, pressed in who's own messages; gives what they are told."""
    client = WebClient(house.server.bot_token, house.server.api_url)
    forged = [parts.actions([parts.button("Yes, mine", f"{ids.WHICH_ORDER}_0", value)])]
    sent = client.chat_postMessage(channel=who.dm, text="Which one?", blocks=forged)
    heard = house.heard(who)
    who.click(who.wait_message(lambda one: one["ts"] == sent["ts"]), f"{ids.WHICH_ORDER}_0")
    if not silent:
        who.wait(heard, 10, f"a line for {value!r}")
    house.settle()
    told = " ".join(heard())
    assert [word for word in (*OF_TOM, "10042", "mugs") if word in told] == []
    return told


def test_a_forged_button_tells_nothing_whatever_number_it_names(house: House) -> None:
    reply, turn = asked_which(house, house.mia)
    before = standing(house.mia, reply)
    forged = ("10057", "10063", "99999", "", "10042|10057", "U0TOM/10057", "*", "' or 1=1 --", "１００５７")
    told = {press(house, house.mia, f"{turn}|{number}") for number in forged}
    assert told == {wording.NO_SUCH_ORDER}, "whether it exists or not"
    assert (standing(house.mia, reply), clicks_of(house, turn)) == (before, [])


def test_another_customers_button_tells_nothing_to_who_presses_it(house: House) -> None:
    reply, turn = asked_which(house, house.tom)
    before = standing(house.tom, reply)
    with pytest.raises(HandsError):
        house.mia.click(reply, f"{ids.WHICH_ORDER}_0")
    for number in ("10063", "10057", "10042", "99999"):
        assert press(house, house.mia, f"{turn}|{number}") == wording.NOT_YOURS
    assert (standing(house.tom, reply), clicks_of(house, turn)) == (before, [])


@pytest.mark.parametrize("value", ["999999|10057", "0|10057", "-1|10057", "x|10057", "7", "|", "1|2|10057"])
def test_a_button_of_no_question_tells_nothing(house: House, value: str) -> None:
    press(house, house.mia, value)


def test_a_stale_button_changes_nothing(house: House) -> None:
    reply, turn = asked_which(house, house.tom)
    house.tom.click(reply, f"{ids.WHICH_ORDER}_0")
    last_in(house, reply, "order 10063", "is being packed")
    before = standing(house.tom, reply)
    with pytest.raises(HandsError):
        house.tom.click(reply, f"{ids.WHICH_ORDER}_1")
    assert press(house, house.tom, f"{turn}|10057", silent=True) == "", "as the second of two clicks"
    assert press(house, house.tom, f"{turn}|10042") == wording.NO_SUCH_ORDER
    assert (standing(house.tom, reply), clicks_of(house, turn)) == (before, ["10063"])


def test_a_button_that_is_pressed_after_a_person_was_called_tells_nothing(house: House) -> None:
    reply, turn = asked_which(house, house.tom)
    house.tom.click(reply, ids.PERSON)
    last_in(house, reply, wording.HANDOFF)
    before = standing(house.tom, reply)
    assert press(house, house.tom, f"{turn}|10063") == wording.ALREADY_CALLED
    assert standing(house.tom, reply) == before
    assert not [value for value in clicks_of(house, turn) if value]
