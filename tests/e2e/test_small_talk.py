"""Small talk through sockets."""

from bot import wording
from bot.listeners import ids
from tests.e2e.conftest import House, element, options, shown
from tests.e2e.test_day import turn_of


def test_thanks_are_short_open_no_case_and_ask_once_whether_that_was_all(house: House) -> None:
    answered = house.answer(house.mia, "where is my parcel?")
    thanked = house.answer(house.mia, "thanks!")
    assert f"You are welcome. {wording.WAS_ALL}" in thanked["text"]
    assert ids.FEEDBACK not in shown(thanked)
    first, second = (turn_of(house, house.mia.dm, one["thread_ts"]) for one in (answered, thanked))
    assert first.conversation_id == second.conversation_id
    again = house.answer(house.mia, "thanks again")
    assert wording.WAS_ALL not in again["text"]
    done = element(thanked, ids.DONE)
    house.mia.click(thanked, done["action_id"], done["value"])
    house.mia.wait_message(lambda one: wording.ALL_SET in one["text"] and one["channel"] == house.mia.dm)


def test_an_answer_that_helped_asks_once_too(house: House) -> None:
    reply = house.answer(house.tom, "where is my parcel?")
    good, _ = options(reply, ids.FEEDBACK)
    for _ in range(2):
        house.tom.click(reply, ids.FEEDBACK, good)
        house.settle()
    thread = reply["thread_ts"]
    asked = house.tom.wait_message(lambda one: one.get("thread_ts") == thread and wording.WAS_ALL in one["text"])
    assert element(asked, ids.DONE)
    assert sum(wording.WAS_ALL in one["text"] for one in house.tom.messages(house.tom.dm, thread)) == 1


def test_yes_and_no_to_what_the_bot_has_asked(house: House) -> None:
    offered = house.answer(house.mia, "what is the meaning of life")
    assert wording.OFFER in offered["text"]
    assert wording.NO_COLLEAGUE in house.answer(house.mia, "no thanks")["text"], "beside the thread"
    offered = house.answer(house.mia, "what is the meaning of all this")
    thread = offered["thread_ts"]
    house.ask(house.mia, "yes please", thread)
    house.mia.wait_message(lambda one: one.get("thread_ts") == thread and wording.HANDOFF in one["text"])
    card = house.card(lambda one: "the meaning of all this" in shown(one) and "waits for a person" in shown(one))
    house.alex.click(card, ids.MORE, next(each for each in options(card, ids.MORE) if each.startswith("resolve")))
    house.card(lambda one: one["ts"] == card["ts"] and "resolved" in shown(one))
    house.ask(house.mia, "great, thanks a lot!", thread)
    house.mia.wait_message(lambda one: one.get("thread_ts") == thread and "You are welcome" in one["text"])
    house.settle()
    assert "resolved" in shown(house.card(lambda one: one["ts"] == card["ts"]))
