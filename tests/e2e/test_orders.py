"""A customer's own orders, through sockets: the starter shop's file, and answers that tell of it."""

from dataclasses import replace
from typing import Any

import pytest

from bot import wording
from bot.listeners import ids
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
