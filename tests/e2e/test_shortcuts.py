"""What agents do from a message's menu, through the socket, with a small model that is really trained."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import wording
from bot.listeners import ids
from bot.manifest import ARTICLE_SHORTCUT, EXPLAIN_SHORTCUT, REQUEST_SHORTCUT
from model.classifier import IntentClassifier
from storage.articles import Articles
from tests.bot.test_explaining import folder  # noqa: F401
from tests.e2e.conftest import House, a_house, shown, until
from tests.e2e.test_day import turn_of
from tests.model.conftest import tiny_base  # noqa: F401


@pytest.fixture(scope="module")
def house(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:  # noqa: F811
    live = IntentClassifier.load(folder)
    known = lambda _, models: replace(models, classifier=lambda: live)  # noqa: E731
    with a_house(tmp_path_factory.mktemp("house"), known) as made:
        yield made


def test_why_an_answer_is_told_from_the_menu_of_the_answer_and_of_the_question(house: House) -> None:
    ts = house.tom.say("C0HELP", "@Understudy where is my parcel")
    reply = house.tom.wait_reply("C0HELP", ts)
    for each in (reply["ts"], ts):
        house.alex.shortcut(EXPLAIN_SHORTCUT, "C0HELP", each)
        view = house.alex.wait(lambda: next((v for v in house.alex.views if "Why turn" in shown(v)), None), 10, "why")
        assert "Version v2" in shown(view)
        assert "Nearest of the messages it learned from" in shown(view)
        house.alex.close_view(view)
    house.tom.shortcut(EXPLAIN_SHORTCUT, "C0HELP", reply["ts"])
    view = house.tom.wait_view()
    assert wording.ONLY_AGENTS in shown(view)
    house.tom.close_view(view)


def test_why_is_told_in_the_thread_of_the_card_where_it_is_asked(house: House) -> None:
    ts = house.mia.say(house.mia.dm, "where is my parcel")
    reply = house.mia.wait_reply(house.mia.dm, ts)
    house.mia.click(reply, ids.PERSON)
    card = house.card(lambda one: "where is my parcel" in shown(one) and ids.EXPLAIN in shown(one))

    def told() -> list[dict[str, Any]]:
        return [one for one in house.alex.ephemerals() if "Why turn" in one["text"]]

    for number in (1, 2):
        house.alex.click(house.card(lambda one: one["ts"] == card["ts"]), ids.EXPLAIN)
        until(lambda: len(told()) == number)  # noqa: B023
        assert told()[-1].get("thread_ts") == card["ts"]
    _, *below = house.alex.messages("C0AGENTS", card["ts"])
    assert ["has asked why turn" in one["text"] for one in below] == [True], "one line makes it a thread"


def test_what_an_agent_told_a_customer_is_made_an_article_from_its_menu(house: House) -> None:
    ts = house.tom.say("C0HELP", "@Understudy track my parcel to an island")
    house.tom.wait_reply("C0HELP", ts)
    house.bot.services.corrections.relabel(turn_of(house, "C0HELP", ts).id, "unanswered", "U0AGENT", "card")
    told = house.alex.say("C0HELP", "Hi Tom, islands take six days & cost 9.90.", ts)
    house.alex.shortcut(ARTICLE_SHORTCUT, "C0HELP", told)
    view = house.alex.wait_view(callback_id=ids.ARTICLE_VIEW)
    filled = {
        block["block_id"]: element.get("initial_value") or [each["value"] for each in element["initial_options"]]
        for block in view["blocks"]
        if (element := block.get("element"))
    }
    assert filled == {
        ids.TITLE_BLOCK: "Track my parcel to an island",
        ids.INTENTS_BLOCK: ["unanswered"],
        f"{ids.BODY_BLOCK}_0": "Islands take six days & cost 9.90.",
    }
    assert house.alex.submit(view, {})["action"] == "update"
    saved = house.alex.wait(lambda: next((v for v in house.alex.views if "saved as version 1" in shown(v)), None), 10)
    house.alex.close_view(saved)
    with house.bot.services.kit.db.reading() as session:
        [row] = Articles(session, "T0LOCAL").all()
    assert (row.title, row.intents, row.source) == ("Track my parcel to an island", ("unanswered",), "agent")


def test_a_message_that_the_bot_was_not_asked_about_is_made_a_request_from_its_menu(house: House) -> None:
    ts = house.mia.say("C0HELP", "has anybody seen where my mug is? <3")
    house.settle()
    assert [one for one in house.mia.messages("C0HELP", ts) if "bot_id" in one] == []
    for expected in ("It is a request now", "It waits for a person already."):
        house.alex.shortcut(REQUEST_SHORTCUT, "C0HELP", ts)
        view = house.alex.wait(
            lambda wanted=expected: next((v for v in house.alex.views if wanted in shown(v)), None), 10, expected
        )
        house.alex.close_view(view)
        house.mia.wait_message(lambda one: one.get("thread_ts") == ts and wording.HANDOFF in one["text"])
    card = house.card(lambda one: "where my mug is? &lt;3" in shown(one) and "Opened by Alex Reed" in shown(one))
    assert "waits for a person" in shown(card)
    house.alex.click(card, ids.TAKE)
    house.mia.wait_message(lambda one: one.get("thread_ts") == ts and "has your request now" in one["text"])
    house.settle()
    told = [one["text"] for one in house.mia.messages("C0HELP", ts) if "bot_id" in one]
    assert len(told) == 2, told
    own = house.alex.say("C0HELP", "I look into mugs today")
    for refused in (own, next(one["ts"] for one in house.mia.messages("C0HELP", ts) if "bot_id" in one)):
        house.alex.shortcut(REQUEST_SHORTCUT, "C0HELP", refused)
        view = house.alex.wait(
            lambda: next((v for v in house.alex.views if "only a customer" in shown(v)), None), 10, "a refusal"
        )
        house.alex.close_view(view)
    house.tom.shortcut(REQUEST_SHORTCUT, "C0HELP", ts)
    view = house.tom.wait_view()
    assert wording.ONLY_AGENTS in shown(view)
    house.tom.close_view(view)
