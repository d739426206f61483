"""A customer's day, played through sockets."""

import time

from bot import wording
from bot.listeners import ids
from storage.clicks import Clicks
from storage.feedback import Feedback
from storage.turns import Turn, Turns
from tests.e2e.conftest import House, element, options, shown


def turn_of(house: House, channel: str, ts: str) -> Turn:
    with house.bot.services.kit.db.reading() as session:
        found = Turns(session).by_ts("T0LOCAL", channel, ts)
    assert found is not None
    return found


def test_an_answer_in_the_thread_and_the_bot_introduces_itself_once(house: House) -> None:
    first = house.answer(house.mia, "where is my parcel??")
    assert "Hello Mia, it is on its way." in first["text"]
    assert wording.INTRODUCTION in shown(first)
    assert first["metadata"]["event_payload"]["intent"] == "order_status"
    assert element(first, ids.FEEDBACK)
    again = house.answer(house.mia, "return please")
    assert "Use the label &amp; the box." in again["text"]
    assert wording.INTRODUCTION not in shown(again)


def test_a_follow_up_in_the_thread_is_answered_there(house: House) -> None:
    ts = house.ask(house.mia, "where is my parcel")
    house.mia.wait_reply(house.mia.dm, ts)
    house.ask(house.mia, "and my refund?", ts)
    found = house.mia.wait_message(lambda one: one.get("thread_ts") == ts and "Five working days" in one["text"])
    assert found["thread_ts"] == ts


def test_two_requests_have_two_answers_in_one_reply(house: House) -> None:
    reply = house.answer(house.mia, "where is my parcel, and where is my refund?")
    assert "*Where is my order?*\nHello Mia, it is on its way." in reply["text"]
    assert "*Where is my refund?*\nFive working days." in reply["text"]
    facts = reply["metadata"]["event_payload"]
    assert (facts["intent"], facts["also_asks"]) == ("order_status", ["refund 0.90"])
    turn = turn_of(house, house.mia.dm, reply["thread_ts"])
    assert [request[0] for request in turn.requests] == ["order_status", "refund"]


def test_and_the_blue_one_is_understood_by_the_turn_before_it(house: House) -> None:
    ts = house.ask(house.mia, "how do I return a jumper")
    house.mia.wait_reply(house.mia.dm, ts)
    asked = house.ask(house.mia, "and the blue one?", ts)
    reply = house.mia.wait_message(lambda one: one.get("thread_ts") == ts and one["ts"] > asked)
    assert "Use the label" in reply["text"]
    turn = turn_of(house, house.mia.dm, asked)
    assert (turn.intent, turn.in_context, turn.route) == ("return_how", True, "ANSWER")


def test_eleven_deliveries_are_one_reply_and_one_turn(house: House) -> None:
    house.faults(duplicates=10)
    try:
        ts = house.ask(house.mia, "parcel, eleven times")
        house.mia.wait_reply(house.mia.dm, ts)
    finally:
        house.faults(duplicates=0)
    house.settle()
    time.sleep(0.3)
    assert len(house.mia.messages(house.mia.dm, ts)) == 2
    assert turn_of(house, house.mia.dm, ts).attempts == 1


def test_a_mention_that_arrives_as_two_events_is_one_turn(house: House) -> None:
    ts = house.mia.say("C0HELP", "@Understudy where is my parcel?")
    reply = house.mia.wait_reply("C0HELP", ts)
    house.settle()
    assert [one["ts"] for one in house.mia.messages("C0HELP", ts)] == [ts, reply["ts"]]
    assert turn_of(house, "C0HELP", ts).text == "where is my parcel?"


def test_who_is_not_spoken_to(house: House) -> None:
    plain = house.mia.say("C0HELP", "my parcel is late")
    asked = house.mia.say("C0HELP", "@Understudy my refund?")
    house.mia.wait_reply("C0HELP", asked)
    house.tom.say("C0HELP", "parcel, me too", asked)
    house.mia.say("C0HELP", "<@U0TOM> ask about your own parcel", asked)
    followed = house.mia.say("C0HELP", "and how do I return it?", asked)
    house.mia.wait_message(lambda one: one.get("thread_ts") == asked and "label" in one["text"])
    assert followed
    assert len(house.mia.messages("C0HELP", plain)) == 1
    assert len([one for one in house.mia.messages("C0HELP", asked) if "bot_id" in one]) == 2


def test_feedback_thanks_in_private_and_a_bad_one_asks_why(house: House) -> None:
    reply = house.answer(house.mia, "where is my parcel today")
    good, bad = options(reply, ids.FEEDBACK)
    house.mia.click(reply, ids.FEEDBACK, good)
    thanks = house.mia.wait_message(lambda one: one.get("ephemeral") and one["text"] == wording.THANKS)
    assert thanks["thread_ts"] == reply["thread_ts"]
    house.mia.click(reply, ids.FEEDBACK, bad)
    view = house.mia.wait_view(callback_id=ids.WHY_VIEW)
    assert house.mia.submit(view, {ids.REASON_BLOCK: "outdated", ids.COMMENT_BLOCK: "it moved"})["action"] == "close"
    house.card(lambda one: "outdated" in shown(one) and "it moved" in shown(one))
    turn = turn_of(house, house.mia.dm, reply["thread_ts"])
    with house.bot.services.kit.db.reading() as session:
        [kept] = Feedback(session).of_turn(turn.id)
    assert (kept.value, kept.reason, kept.comment) == ("bad", "outdated", "it moved")


def test_did_you_mean_answers_in_place_and_keeps_the_click_once(house: House) -> None:
    reply = house.answer(house.mia, "hm parcel")
    choice = element(reply, f"{ids.CHOOSE}_1")
    house.mia.click(reply, choice["action_id"])
    # A double click may come when the button is gone already; then the workspace refuses it.
    house.mia.try_act("click", channel=house.mia.dm, ts=reply["ts"], action_id=choice["action_id"])
    house.mia.wait_message(lambda one: one["ts"] == reply["ts"] and "label" in one["text"])
    house.settle()
    turn = turn_of(house, house.mia.dm, reply["thread_ts"])
    with house.bot.services.kit.db.reading() as session:
        clicks = Clicks(session).of_turn(turn.id)
    assert [(click.kind, click.value) for click in clicks] == [("did_you_mean", "return_how")]
    assert (turn.intent, turn.route) == ("order_status", "CLARIFY"), "the prediction stays as it was"
    assert len(house.mia.messages(house.mia.dm, reply["thread_ts"])) == 2


def test_none_of_these_offers_a_person(house: House) -> None:
    reply = house.answer(house.mia, "hm return")
    house.mia.click(reply, ids.NONE_OF_THESE)
    changed = house.mia.wait_message(lambda one: one["ts"] == reply["ts"] and wording.NONE_OF_THESE in one["text"])
    assert element(changed, ids.PERSON)


def test_an_edit_updates_the_same_answer_and_a_deletion_takes_it_back(house: House) -> None:
    ts = house.ask(house.mia, "where is my parcel then")
    reply = house.mia.wait_reply(house.mia.dm, ts)
    house.mia.edit(house.mia.dm, ts, "where is my refund then")
    house.mia.wait_message(lambda one: one["ts"] == reply["ts"] and "Five working days" in one["text"])
    turn = turn_of(house, house.mia.dm, ts)
    assert turn.text == "where is my parcel then"
    with house.bot.services.kit.db.reading() as session:
        assert [edit.text for edit in Turns(session).edits(turn.id)] == ["where is my refund then"]
    house.mia.delete(house.mia.dm, ts)
    house.mia.wait(lambda: all(one["ts"] != reply["ts"] for one in house.mia.messages(house.mia.dm)), 10, "no reply")
    assert turn_of(house, house.mia.dm, ts).text == "[erased]"


def test_bad_input_has_one_clear_line(house: House) -> None:
    for text, expected in ((":tada: :tada:", wording.NO_WORDS), ("parcel " * 5714, "39,997 characters")):
        reply = house.answer(house.mia, text)
        assert expected in reply["text"]


def test_out_of_scope_twice_calls_a_person(house: House) -> None:
    ts = house.ask(house.tom, "what is for breakfast")
    offered = house.tom.wait_reply(house.tom.dm, ts)
    assert wording.OFFER in offered["text"]
    assert element(offered, ids.PERSON)
    house.ask(house.tom, "tell me a joke", ts)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.HANDOFF in one["text"])
    card = house.card(lambda one: "tell me a joke" in shown(one))
    house.alex.click(card, ids.MORE, options(card, ids.MORE)[0])
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.RESOLVED in one["text"])


def test_a_failure_apologises_and_calls_a_person(house: House) -> None:
    ts = house.ask(house.tom, "boom")
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.APOLOGY in one["text"])
    card = house.card(lambda one: "The bot failed" in shown(one))
    house.alex.click(card, ids.MORE, options(card, ids.MORE)[0])
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.RESOLVED in one["text"])
    house.settle()
    turn = turn_of(house, house.tom.dm, ts)
    assert turn.status == "failed"
    assert "fell over" in turn.error


def test_home_says_that_it_is_a_bot_and_answers_a_topic(house: House) -> None:
    view = house.mia.home()
    assert wording.INTRODUCTION in shown(view)
    house.mia.click(view, f"{ids.HOME_TOPIC}_0")
    house.mia.wait_message(lambda one: "You asked: Where is my order?" in one["text"])
