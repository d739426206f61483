"""An agent's day, played through sockets: take over, correct, review, and what others are refused."""

import json

from bot import wording
from bot.listeners import ids
from bot.manifest import HANDOFF_SHORTCUT, RELABEL_SHORTCUT
from storage.corrections import Corrections
from storage.turns import Turns
from tests.e2e.conftest import House, options, shown, until
from tests.e2e.test_day import turn_of


def call_person(house: House, text: str) -> tuple[str, dict]:  # type: ignore[type-arg]
    """Tom asks, presses "Talk to a person"; gives his message's ts and the card."""
    ts = house.ask(house.tom, text)
    reply = house.tom.wait_reply(house.tom.dm, ts)
    house.tom.click(reply, ids.PERSON)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.HANDOFF in one["text"])
    return ts, house.card(lambda one: text in shown(one))


def turn_done(house: House, ts: str) -> bool:
    with house.bot.services.kit.db.reading() as session:
        turn = Turns(session).by_ts("T0LOCAL", "C0HELP", ts)
    return turn is not None and turn.status == "done"


def reactions(message: dict) -> list[str]:  # type: ignore[type-arg]
    return [each["name"] for each in message.get("reactions", [])]


def end(house: House, ts: str, card: dict) -> None:  # type: ignore[type-arg]
    card = house.card(lambda one: one["ts"] == card["ts"] and ids.MORE in shown(one))
    house.alex.click(card, ids.MORE, next(each for each in options(card, ids.MORE) if each.startswith("resolve")))
    house.card(lambda one: one["ts"] == card["ts"] and "resolved" in shown(one))
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.RESOLVED in one["text"])


def test_a_hand_off_keeps_the_bot_silent_and_says_so_once(house: House) -> None:
    ts, card = call_person(house, "parcel one, a person please")
    assert "waits for a person" in shown(card)
    house.ask(house.tom, "parcel hello?", ts)
    house.ask(house.tom, "parcel anybody?", ts)
    house.ask(house.tom, "parcel, a new message")
    house.card(lambda one: "a new message" in shown(one))
    later = house.ask(house.tom, "parcel, another new message")
    house.tom.wait_message(lambda one: one["ts"] == later and "eyes" in reactions(one))
    house.settle()
    texts = [one["text"] for one in house.tom.messages(house.tom.dm) if "bot_id" in one]
    assert sum(wording.WITH_A_PERSON in text for text in texts) == 1
    assert sum("on its way" in text for text in texts) == 1, "what came before the hand-off"
    end(house, ts, card)


def test_take_write_release_resolve(house: House) -> None:
    ts, card = call_person(house, "parcel two")
    house.alex.click(card, ids.TAKE)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "Alex Reed has your request" in one["text"])
    house.card(lambda one: one["ts"] == card["ts"] and "taken by <@U0AGENT>" in shown(one))
    house.alex.click(card, ids.WRITE)
    view = house.alex.wait_view(callback_id=ids.WRITE_VIEW)
    house.alex.submit(view, {ids.ANSWER_BLOCK: "It is at the depot <now>."})
    said = house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "at the depot" in one["text"])
    assert "*Alex Reed:* It is at the depot &lt;now&gt;." in shown(said)
    release = next(each for each in options(card, ids.MORE) if each.startswith("release"))
    house.alex.click(card, ids.MORE, release)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.RELEASED in one["text"])
    house.ask(house.tom, "refund?", ts)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "Five working days" in one["text"])
    end(house, ts, card)
    house.ask(house.tom, "parcel, one more thing", ts)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.REOPENED in one["text"])
    house.card(lambda one: one["ts"] == card["ts"] and "Opened again" in shown(one) and "waits" in shown(one))
    end(house, ts, card)


def test_a_double_click_takes_once(house: House) -> None:
    ts, card = call_person(house, "parcel three")
    house.alex.click(card, ids.TAKE)
    # The second click may find the button gone already.
    house.alex.try_act("click", channel="C0AGENTS", ts=card["ts"], action_id=ids.TAKE)
    house.card(lambda one: one["ts"] == card["ts"] and "taken by" in shown(one))
    thread = house.tom.messages(house.tom.dm, ts)
    assert sum("has your request now" in one["text"] for one in thread) == 1
    end(house, ts, card)


def test_an_agent_who_writes_in_the_thread_takes_over_and_may_give_back(house: House) -> None:
    ts = house.tom.say("C0HELP", "@Understudy where is my parcel")
    house.tom.wait_reply("C0HELP", ts)
    house.alex.say("C0HELP", "I look into this", ts)
    asked = house.alex.wait_message(lambda one: one.get("ephemeral") and ids.GIVE_BACK in shown(one))
    thanks = house.tom.say("C0HELP", "parcel thanks", ts)
    until(lambda: turn_done(house, thanks))
    spoken = [one for one in house.tom.messages("C0HELP", ts) if "bot_id" in one]
    house.alex.click(asked, ids.GIVE_BACK)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.RELEASED in one["text"])
    assert len(spoken) == 1, "the bot kept silent"
    house.tom.say("C0HELP", "my refund?", ts)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "Five working days" in one["text"])


def test_a_correction_holds_from_the_very_next_message_on_and_can_be_undone(house: House) -> None:
    ts, card = call_person(house, "parcel four sent home again")
    house.alex.click(card, ids.CORRECT)
    view = house.alex.wait_view(callback_id=ids.RELABEL_VIEW)
    values = {ids.INTENT_BLOCK: "refund", ids.ANSWER_BLOCK: "", ids.NOTE_BLOCK: ""}
    assert house.alex.submit(view, values)["action"] == "close"
    card = house.card(lambda one: one["ts"] == card["ts"] and "by <@U0AGENT>" in shown(one))
    assert "*order_status* → *refund*" in shown(card)
    reply = house.answer(house.mia, "Parcel four sent home again")
    assert "Five working days" in reply["text"]
    assert reply["metadata"]["event_payload"]["source"] == "memory"
    house.alex.click(card, ids.UNDO)
    house.alex.wait_message(lambda one: one.get("ephemeral") and "Undone" in one["text"])
    again = house.answer(house.mia, "parcel four sent home again")
    assert "on its way" in again["text"]
    with house.bot.services.kit.db.reading() as session:
        log = [row for row in Corrections(session).all() if row.text == "parcel four sent home again"]
    assert [(row.before, row.after, row.undoes is not None) for row in log] == [
        ("order_status", "refund", False),
        ("refund", "order_status", True),
    ]
    end(house, ts, card)


def test_a_stale_modal_is_refused_inline_with_the_name_of_who_was_first(house: House) -> None:
    ts, card = call_person(house, "parcel five")
    house.alex.click(card, ids.CORRECT)
    view = house.alex.wait_view(callback_id=ids.RELABEL_VIEW)
    turn = turn_of(house, house.tom.dm, ts)
    house.bot.services.corrections.relabel(turn.id, "return_how", "U0AGENT", "command")
    answer = house.alex.submit(view, {ids.INTENT_BLOCK: "refund", ids.ANSWER_BLOCK: "", ids.NOTE_BLOCK: ""})
    assert answer["action"] == "errors"
    assert "Alex Reed corrected this" in answer["errors"][ids.INTENT_BLOCK]
    house.alex.close_view(view)
    end(house, ts, card)


def test_relabel_by_permalink_turn_and_what_is_said_of_nonsense(house: House) -> None:
    reply = house.answer(house.mia, "parcel six")
    house.settle()  # a program is quicker than the reply's timestamp is in SQL
    ts = reply["thread_ts"]
    turn = turn_of(house, house.mia.dm, ts)
    link = f"https://local.example/archives/{house.mia.dm}/p{reply['ts'].replace('.', '')}"
    heard = house.heard(house.alex)
    house.alex.command(f"/relabel {link} refund")
    house.alex.wait(lambda: any("Where is my refund?" in text for text in heard()), 10, "a correction")
    for text, expected in (
        (f"/relabel {turn.id} refnd", "Did you mean `refund`"),
        ("/relabel https://x.example/archives/C9/p1700000000000000 refund", "neither a customer's message"),
        ("/relabel https://example.com/ refund", "Expected a link"),
        ("/relabel 999999 refund", "There is no turn 999999"),
        ("/support statuss", "Did you mean `/support status`?"),
        ("/support status", "wait for a person"),
        ("/support help", "model rollback"),
        ("/support model status", "The intent model"),
    ):
        house.alex.command(text)
        house.alex.wait(lambda wanted=expected: any(wanted in said for said in heard()), 10, expected)
    house.alex.command(f"/relabel {turn.id}")
    house.alex.close_view(house.alex.wait_view(callback_id=ids.RELABEL_VIEW))


def test_the_shortcut_works_in_a_thread(house: House) -> None:
    ts = house.tom.say("C0HELP", "@Understudy parcel seven")
    reply = house.tom.wait_reply("C0HELP", ts)
    house.alex.shortcut(RELABEL_SHORTCUT, "C0HELP", reply["ts"])
    view = house.alex.wait_view(callback_id=ids.RELABEL_VIEW)
    house.alex.submit(view, {ids.INTENT_BLOCK: "refund", ids.ANSWER_BLOCK: "", ids.NOTE_BLOCK: ""})
    offer = house.alex.wait_message(
        lambda one: one["channel"] == "C0HELP" and one.get("ephemeral") and ids.ANSWER_NOW in shown(one)
    )
    house.alex.click(offer, ids.ANSWER_NOW)
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "Five working days" in one["text"])
    house.tom.shortcut(RELABEL_SHORTCUT, "C0HELP", reply["ts"])
    assert wording.ONLY_AGENTS in json.dumps(house.tom.wait_view())
    house.tom.close_view(house.tom.wait_view())


def test_others_are_politely_refused(house: House) -> None:
    heard = house.heard(house.tom)
    for text in ("/support review", "/relabel 1 refund", "/support train now"):
        house.tom.command(text)
    house.tom.wait(lambda: sum(wording.ONLY_AGENTS in text for text in heard()) == 3, 10, "three refusals")
    house.tom.command("/support setup")
    house.tom.wait(lambda: any("Only the bot's owners" in text for text in heard()), 10, "a refusal")


def test_review_labels_one_after_another(house: House) -> None:
    house.answer(house.mia, "hm parcel eight")
    house.alex.command("/support review")
    view = house.alex.wait_view(callback_id=ids.REVIEW_VIEW)
    first = shown(view)
    house.alex.click(view, ids.REVIEW_RIGHT)
    view = house.alex.wait(lambda: next((v for v in house.alex.views if shown(v) != first), None), 10, "the next turn")
    assert "is right" in shown(view)
    second = shown(view)
    house.alex.click(view, ids.REVIEW_UNDO)
    view = house.alex.wait(lambda: next((v for v in house.alex.views if shown(v) != second), None), 10, "an undo")
    assert "Undone" in shown(view)
    house.alex.close_view(view)


def test_the_agents_home(house: House) -> None:
    ts, card = call_person(house, "parcel nine waits")
    view = house.alex.home()
    assert "parcel nine waits" in json.dumps(view)
    assert f"p{card['ts'].replace('.', '')}|open>" in shown(view), "the card, not the customer's thread"
    house.alex.click(card, ids.TAKE)
    house.alex.wait(lambda: "*My cases*" in shown(house.alex.home_view or {}), 10, "what I have taken")
    end(house, ts, card)
    house.alex.wait(lambda: "parcel nine waits" not in shown(house.alex.home_view or {}), 15, "what I have resolved")


def test_an_agents_own_message_is_a_test_case(house: House) -> None:
    reply = house.answer(house.alex, "where is my parcel")
    turn = turn_of(house, house.alex.dm, reply["thread_ts"])
    case = house.bot.services.kit.case(turn.conversation_id)
    assert case is not None
    assert case.is_test


def test_a_request_is_handed_to_a_person_by_shortcut_and_back_by_command(house: House) -> None:
    ts = house.tom.say("C0HELP", "@Understudy where is my parcel, once more?")
    reply = house.tom.wait_reply("C0HELP", ts)
    house.alex.shortcut(HANDOFF_SHORTCUT, "C0HELP", reply["ts"])
    view = house.alex.wait_view(callback_id=ids.HANDOVER_VIEW)
    refused = house.alex.submit(view, {ids.AGENT_BLOCK: "U0TOM", ids.REASON_BLOCK: ""})
    assert "no support agent" in json.dumps(refused)
    assert house.alex.submit(view, {ids.AGENT_BLOCK: "", ids.REASON_BLOCK: "knows <parcels>"})["action"] == "update"
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.HANDOFF in one["text"])
    card = house.card(lambda one: "knows &lt;parcels&gt;" in shown(one) and "waits" in shown(one))
    turn = turn_of(house, "C0HELP", ts)
    heard = house.heard(house.alex)
    house.alex.command(f"/support handoff {turn.id} @Alex it is mine")
    house.alex.wait(lambda: "<@U0AGENT> has it now." in heard(), 10, "that it is done")
    card = house.card(lambda one: one["ts"] == card["ts"] and "taken by <@U0AGENT>" in shown(one))
    house.alex.click(card, ids.GIVE)
    house.alex.close_view(house.alex.wait_view(callback_id=ids.HANDOVER_VIEW))
    house.alex.command(f"/support handoff release {turn.id}")
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and wording.RELEASED in one["text"])
    house.alex.command("/support handoff")
    house.alex.wait(lambda: any("Expected `handoff" in each for each in heard()), 10, "one line")
