"""A customer's journeys beyond the question: the Home, their data, being all set, and a customer of another company."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import wording
from bot.listeners import cards, ids
from bot.listeners.slack import TICK
from bot.material import gather
from bot.workspace.hands import Hands
from storage import reviews
from storage.feedback import Feedback
from storage.scores import Scores
from storage.tables import ERASED
from tests.e2e.conftest import House, element, options, shown, until
from tests.e2e.test_agents import call_person, end
from tests.e2e.test_day import turn_of

TEAM, OTHERS = "T0LOCAL", "T0FINCH"


def mean(house: House) -> tuple[int, float | None]:
    with house.bot.services.kit.db.reading() as session:
        found = Scores(session, TEAM).mean(datetime.now(UTC) - timedelta(hours=1))
    return found.count, found.mean


def home_with(who: Hands, *words: str) -> dict[str, Any]:
    """The Home, once it shows all of these by itself."""

    def found() -> dict[str, Any] | None:
        view = who.home_view
        return view if view and all(each in shown(view) for each in words) else None

    return dict(who.wait(found, 10, f"a Home with {words}"))


def files_with(house: House, words: str) -> list[str]:
    """Files of the data folder that hold these words, once the database has written all it knows."""
    house.bot.services.kit.db.scrub()
    files = [path for path in house.bot.settings.home.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if words.encode() in path.read_bytes()]


def said_in_a_window(who: Hands, words: str) -> None:
    view = who.wait(lambda: next((one for one in who.views if words in shown(one)), None), 10, words)
    who.close_view(view)


# The Home


def test_the_home_says_what_it_is_and_a_topic_becomes_a_request_with_a_link(house: House) -> None:
    house.answer(house.tom, "where is my refund")
    view = house.mia.home()
    assert "I am a bot" in shown(view)
    assert element(view, f"{ids.HOME_TOPIC}_0")["value"] == "refund", "what customers ask most comes first"
    house.mia.click(view, f"{ids.HOME_TOPIC}_0")
    root = house.mia.wait_message(lambda one: "You asked: Where is my refund?" in one["text"])
    said = house.mia.wait_message(lambda one: one.get("thread_ts") == root["ts"] and "Five working days" in one["text"])
    assert element(said, ids.DONE)
    said_in_a_window(house.mia, f"/archives/{house.mia.dm}/p{root['ts'].replace('.', '')}|your request in our direct")
    view = home_with(house.mia, "with the bot", "|Where is my refund?>")
    assert f"/archives/{house.mia.dm}/p{root['ts'].replace('.', '')}" in shown(view)


def test_a_person_from_the_home_and_the_state_of_my_request_follows(house: House) -> None:
    house.mia.click(house.mia.home(), ids.HOME_PERSON)
    root = house.mia.wait_message(lambda one: "You asked for a person" in one["text"])
    house.mia.wait_message(lambda one: one.get("thread_ts") == root["ts"] and wording.HANDOFF in one["text"])
    said_in_a_window(house.mia, "A colleague of ours is asked and answers there")
    home_with(house.mia, "waits for a person")
    card = house.card(lambda one: "Asked for a person" in shown(one) and "waits" in shown(one))
    house.alex.click(card, ids.TAKE)
    home_with(house.mia, "with Alex Reed")
    card = house.card(lambda one: one["ts"] == card["ts"] and "taken by" in shown(one))
    house.alex.click(card, ids.MORE, next(each for each in options(card, ids.MORE) if each.startswith("resolve")))
    house.mia.wait_message(lambda one: one.get("thread_ts") == root["ts"] and wording.RESOLVED in one["text"])
    house.mia.wait(lambda: "with Alex Reed" not in shown(house.mia.home_view or {}), 10, "a closed request")


def test_two_quick_clicks_call_one_person(house: House) -> None:
    view = house.mia.home()
    before = sum("You asked for a person" in one["text"] for one in house.mia.messages(house.mia.dm))
    for _ in range(2):
        house.mia.click(view, ids.HOME_PERSON)
    house.mia.wait_message(lambda one: one["channel"] == house.mia.dm and wording.ALREADY_CALLED in one["text"])
    asked = sum("You asked for a person" in one["text"] for one in house.mia.messages(house.mia.dm))
    assert asked == before + 1


def test_a_question_in_the_messages_shows_in_the_home_by_itself(house: House) -> None:
    house.mia.home()
    house.answer(house.mia, "where is my parcel with the <lamp> | shade")
    view = home_with(house.mia, "with the &lt;lamp&gt; ¦ shade")
    assert "I keep" in shown(view)


# My data


def test_see_what_is_kept(house: House) -> None:
    house.answer(house.mia, "where is my parcel")
    house.mia.click(house.mia.home(), ids.DATA_SEE)
    view = house.mia.wait(lambda: next((one for one in house.mia.views if "I keep" in shown(one)), None), 10, "my data")
    for words in (wording.MY_DATA, wording.NOT_ERASED, datetime.now(UTC).strftime("%B %Y")):
        assert words in shown(view)
    house.mia.close_view(view)


def test_a_copy_of_what_is_kept_goes_to_nobody_else(house: House) -> None:
    house.answer(house.mia, "where is my parcel with the copied tapir")
    house.mia.click(home_with(house.mia, ids.DATA_COPY), ids.DATA_COPY)
    said_in_a_window(house.mia, "my-data.json")
    assert "copied tapir" in handed(house, house.mia)
    house.alex.command("/support privacy")
    house.alex.submit(house.alex.wait_view(callback_id=ids.PRIVACY_VIEW), {ids.CUSTOMER_BLOCK: "U0MIA"})
    view = house.alex.wait(lambda: one_with(house.alex, ids.PRIVACY_COPY), 10, "the second step")
    house.alex.click(view, ids.PRIVACY_COPY)
    said_in_a_window(house.alex, "my-data.json")
    assert "copied tapir" in handed(house, house.alex)
    assert not [one for one in house.tom.messages(house.tom.dm) if one.get("files")]


def one_with(who: Hands, words: str) -> Any:
    return next((view for view in who.views if words in shown(view)), None)


def handed(house: House, who: Hands) -> str:
    """The newest file in somebody's direct messages with the bot."""
    posted = who.wait_message(lambda one: one["channel"] == who.dm and one.get("files"))
    return house.server.world.state.contents[posted["files"][-1]["id"]].decode()


def test_stop_learning_from_me_and_learn_again(house: House) -> None:
    answered = house.answer(house.mia, "where is my parcel of glass")
    turn = turn_of(house, house.mia.dm, answered["thread_ts"])
    house.bot.services.corrections.relabel(turn.id, "refund", "U0AGENT", "card")
    db, memory = house.bot.services.kit.db, house.bot.services.understanding.memory
    assert "where is my parcel of glass" in [row.text for row in gather(db, TEAM).examples]
    house.mia.click(house.mia.home(), ids.DATA_STOP)
    said_in_a_window(house.mia, wording.LEARNS_NOTHING)
    assert gather(db, TEAM).examples == []
    assert turn.text not in [entry.text for entry in memory.entries()]
    house.mia.click(home_with(house.mia, ids.DATA_LEARN), ids.DATA_LEARN)
    said_in_a_window(house.mia, wording.LEARNS)
    home_with(house.mia, ids.DATA_STOP)
    assert "where is my parcel of glass" in [row.text for row in gather(db, TEAM).examples]
    until(lambda: turn.text in [entry.text for entry in memory.entries()])


def test_erase_asks_first_and_leaves_no_word_in_any_file_card_or_memory(house: House) -> None:
    ts, card = call_person(house, "my parcel with the quokka")
    house.tom.edit(house.tom.dm, ts, "my return of the quokka")
    card = house.card(lambda one: one["ts"] == card["ts"] and "return of the quokka" in shown(one))
    turn = turn_of(house, house.tom.dm, ts)
    house.bot.services.corrections.relabel(turn.id, "refund", "U0AGENT", "card", better_answer="The quokka comes.")
    assert files_with(house, "quokka") != []
    erase = element(house.tom.home(), ids.DATA_ERASE)
    assert erase["confirm"]["text"]["text"] == wording.ERASE_ASKED
    house.tom.click(house.tom.home(), ids.DATA_ERASE)
    said_in_a_window(house.tom, "No model version has learned from it.")
    home_with(house.tom, "I keep no words of yours")
    card = house.card(lambda one: one["ts"] == card["ts"] and cards.TAKEN_BACK in shown(one))
    assert "quokka" not in json.dumps(card)
    assert files_with(house, "quokka") == []
    assert not [entry for entry in house.bot.services.understanding.memory.entries() if "quokka" in entry.text]
    end(house, ts, card)


def test_an_owner_erases_who_asks_by_other_ways(house: House) -> None:
    ts = house.tom.say("C0HELP", "@Understudy where is my parcel with the numbat?")
    house.tom.wait_reply("C0HELP", ts)
    house.settle()
    heard = house.heard(house.tom)
    house.tom.command("/support privacy")
    house.tom.wait(lambda: any(wording.ONLY_AGENTS in each for each in heard()), 10, "a refusal")
    house.alex.command("/support privacy")
    view = house.alex.wait_view(callback_id=ids.PRIVACY_VIEW)
    assert house.alex.submit(view, {ids.CUSTOMER_BLOCK: "U0TOM"})["action"] == "update"
    view = house.alex.wait_view(callback_id=ids.PRIVACY_VIEW)
    assert "<@U0TOM>" in shown(view)
    assert "of theirs since" in shown(view)
    assert house.alex.submit(view)["action"] == "update"
    said_in_a_window(house.alex, "the words are gone")
    assert files_with(house, "numbat") == []


def test_a_question_that_the_bot_repeated_is_rewritten(house: House) -> None:
    house.mia.command("/ask where is my parcel with the dugong?", "C0GENERAL")
    asked = house.mia.wait_message(lambda one: "dugong" in one["text"])
    house.mia.wait_reply(house.mia.dm, asked["ts"])
    house.settle()
    house.mia.click(house.mia.home(), ids.DATA_ERASE)
    said_in_a_window(house.mia, "the words are gone")
    house.mia.wait_message(lambda one: one["ts"] == asked["ts"] and one["text"] == ERASED)


# All set


def test_all_set_closes_ticks_and_asks_for_a_score_that_can_be_changed(house: House) -> None:
    ts = house.mia.say("C0HELP", "@Understudy where is my parcel of tea?")
    reply = house.mia.wait_reply("C0HELP", ts)
    heard = house.heard(house.tom)
    house.tom.click(reply, ids.DONE)
    house.tom.wait(lambda: wording.NOT_YOURS in heard(), 10, "a refusal")
    for _ in range(2):
        house.mia.click(reply, ids.DONE)
    asked = house.mia.wait_message(lambda one: one.get("thread_ts") == ts and wording.ALL_SET in one["text"])
    house.mia.wait_message(lambda one: one["ts"] == ts and TICK in [each["name"] for each in one.get("reactions", [])])
    house.settle()
    assert sum(wording.ALL_SET in one["text"] for one in house.mia.messages("C0HELP", ts)) == 1
    count, _ = mean(house)
    for score in (2, 5, 5):
        house.mia.click(asked, f"{ids.SCORE}_{score}")
        house.mia.wait_message(
            lambda one, given=score: one["ts"] == asked["ts"] and wording.SCORED.format(score=given) in one["text"]
        )
    assert mean(house)[0] == count + 1
    again = house.mia.say("C0HELP", "and my refund?", ts)
    assert again
    house.mia.wait_message(lambda one: one.get("thread_ts") == ts and wording.REOPENED in one["text"])
    house.mia.wait(
        lambda: not next(one for one in house.mia.messages("C0HELP") if one["ts"] == ts).get("reactions"), 10, "no tick"
    )


def test_what_came_before_the_click_is_answered_before_the_case_is_closed(house: House) -> None:
    ts = house.ask(house.mia, "where is my parcel of salt?")
    reply = house.mia.wait_reply(house.mia.dm, ts)
    house.classifier.gate.clear()
    try:
        house.ask(house.mia, "and my refund?", ts)
        until(lambda: len(house.bot.services.desk.unfinished()) == 1)
        house.mia.click(reply, ids.DONE)
    finally:
        house.classifier.gate.set()
    house.mia.wait_message(lambda one: one.get("thread_ts") == ts and wording.ALL_SET in one["text"])
    texts = [one["text"] for one in house.mia.messages(house.mia.dm, ts) if "bot_id" in one]
    assert "Five working days" in texts[-2]


# Feedback, prompts, hints


def test_every_reason_of_a_thumb_down_is_kept_and_thanked_for_in_private(house: House) -> None:
    ts = house.mia.say("C0HELP", "@Understudy where is my parcel of soap?")
    reply = house.mia.wait_reply("C0HELP", ts)
    turn = turn_of(house, "C0HELP", ts)
    heard = house.heard(house.mia)
    for number, reason in enumerate(wording.NOT_HELPFUL, 1):
        house.mia.click(reply, ids.FEEDBACK, options(reply, ids.FEEDBACK)[1])
        view = house.mia.wait_view(callback_id=ids.WHY_VIEW)
        house.mia.submit(view, {ids.REASON_BLOCK: reason, ids.COMMENT_BLOCK: f"because {reason}"})
        house.mia.wait(lambda n=number: heard().count(wording.THANKS_BAD) == n, 10, "thanks")
        with house.bot.services.kit.db.reading() as session:
            [kept] = Feedback(session).of_turn(turn.id)
        assert (kept.value, kept.reason, kept.comment) == ("bad", reason, f"because {reason}")
    assert list(wording.NOT_HELPFUL) == [
        "wrong_topic", "wrong_answer", "incomplete", "outdated", "rude", "other",
    ]  # fmt: skip
    assert not [one for one in house.tom.messages("C0HELP", ts) if wording.THANKS_BAD in one["text"]]


def test_the_messages_tab_suggests_what_people_ask_and_a_suggestion_is_a_message(house: House) -> None:
    before = len(house.tom.events)
    house.tom.act("messages_tab")
    suggested = house.tom.wait(
        lambda: next((one for one in house.tom.events[before:] if one["type"] == "prompts"), None), 10, "suggestions"
    )
    assert suggested["channel"] == house.tom.dm
    assert 0 < len(suggested["prompts"]) <= 4
    prompt = next(one for one in suggested["prompts"] if "refund" in one["message"])
    assert "Five working days" in house.answer(house.tom, prompt["message"])["text"]


def test_a_mention_without_words_gets_a_hint_and_is_no_turn_to_train_on(house: House) -> None:
    ts = house.mia.say("C0HELP", "@Understudy")
    assert wording.NO_WORDS in house.mia.wait_reply("C0HELP", ts)["text"]
    until(lambda: turn_of(house, "C0HELP", ts).status == "done")
    turn = turn_of(house, "C0HELP", ts)
    assert (turn.predicted, turn.route) == (False, None)
    with house.bot.services.kit.db.reading() as session:
        assert turn.id not in [each.turn_id for each in reviews.queue(session, TEAM)]
    assert "" not in gather(house.bot.services.kit.db, TEAM).unlabelled


def test_what_was_taken_back_is_in_no_file_memory_or_dataset(house: House) -> None:
    ts = house.ask(house.mia, "my parcel with the axolotl")
    reply = house.mia.wait_reply(house.mia.dm, ts)
    house.mia.edit(house.mia.dm, ts, "my refund for the axolotl")
    house.mia.wait_message(lambda one: one["ts"] == reply["ts"] and "Five working days" in one["text"])
    turn = turn_of(house, house.mia.dm, ts)
    house.bot.services.corrections.relabel(turn.id, "return_how", "U0AGENT", "card")
    house.bot.services.followups.judge(turn.id, "U0MIA", "bad", "other", "the axolotl again")
    card = house.card(lambda one: "the axolotl again" in shown(one))
    house.mia.delete(house.mia.dm, ts)
    house.card(lambda one: one["ts"] == card["ts"] and "axolotl" not in json.dumps(one))
    house.mia.wait(lambda: all(one["ts"] != reply["ts"] for one in house.mia.messages(house.mia.dm)), 10, "no reply")
    house.settle()
    assert files_with(house, "axolotl") == []
    material = gather(house.bot.services.kit.db, TEAM)
    learned = [*(row.text for row in material.examples), *material.unlabelled]
    learned += [entry.text for entry in house.bot.services.understanding.memory.entries()]
    assert not [words for words in learned if "axolotl" in words]


# A customer of another company: messages and buttons alone


@pytest.fixture(scope="module")
def kai(house: House) -> Iterator[Hands]:
    """Somebody of another team in the shared channel #help: no App Home, no commands, no direct messages here."""
    asked = urllib.request.Request(
        f"{house.server.url}/ui/users",
        json.dumps({"name": "Kai Finch", "team_id": OTHERS, "has_app": False}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=5) as answer:
        user = json.load(answer)["user"]["id"]
    with Hands(house.server, user) as hands:
        for what in ({"do": "home"}, {"do": "command", "command": "/ask", "text": "x", "channel": "C0HELP"}):
            assert hands.try_act(**what)["error"] == "app_not_installed"
        yield hands


def test_a_customer_of_another_company_needs_messages_and_buttons_alone(house: House, kai: Hands) -> None:
    ts = kai.say("C0HELP", "@Understudy hm parcel")
    asked = kai.wait_reply("C0HELP", ts)
    kai.click(asked, f"{ids.CHOOSE}_1")
    answered = kai.wait_message(lambda one: one["ts"] == asked["ts"] and "Use the label" in one["text"])
    turn = turn_of(house, "C0HELP", ts)
    case = house.bot.services.kit.case(turn.conversation_id)
    assert case is not None
    assert (case.customer, case.customer_team, case.is_test) == (kai.user, OTHERS, False)
    kai.say("C0HELP", "and my refund?", ts)
    answered = kai.wait_message(lambda one: one.get("thread_ts") == ts and "Five working days" in one["text"])
    kai.click(answered, ids.FEEDBACK, options(answered, ids.FEEDBACK)[0])
    kai.wait_message(lambda one: one.get("ephemeral") and one["text"] == wording.THANKS)
    kai.click(answered, ids.PERSON)
    kai.wait_message(lambda one: one.get("thread_ts") == ts and wording.HANDOFF in one["text"])
    card = house.card(lambda one: f"<@{kai.user}>" in shown(one) and "waits" in shown(one))
    house.alex.click(card, ids.TAKE)
    kai.wait_message(lambda one: one.get("thread_ts") == ts and "Alex Reed has your request" in one["text"])
    kai.click(answered, ids.DONE)
    score = kai.wait_message(lambda one: one.get("thread_ts") == ts and wording.ALL_SET in one["text"])
    kai.click(score, f"{ids.SCORE}_4")
    kai.wait_message(lambda one: one["ts"] == score["ts"] and wording.SCORED.format(score=4) in one["text"])


def test_and_has_a_say_over_their_data_in_the_shared_channel(house: House, kai: Hands) -> None:
    ts = kai.say("C0HELP", "@Understudy where is the parcel with the okapi?")
    kai.wait_reply("C0HELP", ts)
    kai.say("C0HELP", "My data", ts)
    mine = kai.wait_message(lambda one: one.get("ephemeral") and ids.DATA_ERASE in shown(one))
    assert mine["thread_ts"] == ts
    assert "parcel with the okapi" in shown(mine)
    assert not [one for one in house.tom.ephemerals() if ids.DATA_ERASE in shown(one)]
    heard = house.heard(kai)
    kai.click(mine, ids.DATA_STOP)
    kai.wait(lambda: wording.LEARNS_NOTHING in heard(), 10, "an answer")
    kai.click(mine, ids.DATA_SEE)
    kai.wait(lambda: any("Nothing is learned from you, as asked" in each for each in heard()), 10, "what is kept")
    kai.click(mine, ids.DATA_ERASE)
    kai.wait(lambda: any("the words are gone" in each for each in heard()), 10, "that it is done")
    assert files_with(house, "okapi") == []
    house.settle()
    assert turn_of(house, "C0HELP", ts).text == ERASED
    assert len([one for one in house.tom.messages("C0HELP", ts) if "bot_id" in one]) == 1, "nobody else saw of it"


def test_and_is_never_an_agent(house: House, kai: Hands) -> None:
    house.alex.act("invite", channel="C0AGENTS", invitee=kai.user)
    until(lambda: kai.channels.get("C0AGENTS"))
    people = house.bot.services.kit.people
    people.forget()
    assert not people.is_agent(kai.user)
    assert people.is_agent("U0AGENT")
