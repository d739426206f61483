"""The knowledge base through sockets: agents write, edit and search it, and a customer asks by a command."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot import wording
from bot.app import build
from bot.listeners import ids
from bot.models import Knowledge, Models
from bot.workspace.hands import Hands
from bot.workspace.server import Server
from model.memory import OverrideMemory
from model.types import Article
from storage.articles import Articles
from storage.database import Database
from storage.search_marks import SearchMarks
from tests.bot.fakes import FakeClassifier
from tests.e2e.conftest import MANIFEST, House, element, seed, settings_for, shown, until
from tests.e2e.test_agents import call_person, end
from tests.e2e.test_day import turn_of
from tests.model.fakes import FakeEncoder

TEAM = "T0LOCAL"
ARTICLES = (
    Article(
        "wool",
        "Care for wool",
        "Wash wool by hand at 30 degrees.\n\nDry wool flat.",
        ("return_how",),
        "en",
        "2026-11-01",
    ),
    Article("islands", "Delivery to islands", "Islands cost 9.90.\n\nIslands take six days.", (), "en", "2020-01-01"),
    Article("gifts", "Gift cards", "Gift cards are valid for three years.", (), "en", "2026-11-01"),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """As the house of the other journeys, with real search over real articles."""
    home = tmp_path_factory.mktemp("library")
    with Server(port=0, manifest=MANIFEST) as server:
        settings = settings_for(server, home)
        settings.home.mkdir(parents=True)
        db = Database(settings.url)
        db.migrate()
        with db.writing() as session:
            for article in ARTICLES:
                Articles(session, TEAM).upsert(article, "import", "command line")
        classifier, encoder = FakeClassifier(), FakeEncoder()
        knowledge = Knowledge(db, TEAM, encoder, lambda: None)
        memory = OverrideMemory(encoder)
        models = Models(lambda: classifier, knowledge.responder, memory, forget=knowledge.forget)
        # Articles are never looked for by themselves here: what an agent saves must count without that.
        bot = build(settings, models=models, lease_seconds=1.0, sweep_seconds=0.5)
        seed(bot)
        bot.start()
        try:
            with Hands(server, "U0MIA") as mia, Hands(server, "U0TOM") as tom, Hands(server, "U0AGENT") as alex:
                yield House(server, bot, classifier, mia, tom, alex)
        finally:
            bot.close()
            db.close()


def told(house: House, who: Hands, command: str, expected: str, channel: str | None = None) -> str:
    """Say a command; gives what its author alone is told."""
    heard = house.heard(who)
    who.command(command, channel)
    who.wait(lambda: any(expected in said for said in heard()), 10, expected)
    return next(said for said in heard() if expected in said)


def test_an_article_that_an_agent_writes_answers_the_very_next_message(house: House) -> None:
    house.alex.command("/support kb add Wrapping mystery")
    view = house.alex.wait_view(callback_id=ids.ARTICLE_VIEW)
    saved = house.alex.submit(
        view,
        {
            ids.TITLE_BLOCK: "Wrapping mystery",
            ids.INTENTS_BLOCK: ["unanswered"],
            f"{ids.BODY_BLOCK}_0": "We wrap for 2.00.",
        },
    )
    assert saved["action"] == "update"
    assert "saved as version 1" in json.dumps(house.alex.wait_view(), ensure_ascii=False)
    house.alex.close_view(house.alex.wait_view())
    assert "We wrap for 2.00." in house.answer(house.mia, "wrapping mystery")["text"]
    house.alex.command("/support kb edit wrapping mystery")
    view = house.alex.wait_view(callback_id=ids.ARTICLE_VIEW)
    assert "We wrap for 2.00." in shown(view)
    house.alex.submit(
        view,
        {
            ids.TITLE_BLOCK: "Wrapping mystery",
            ids.INTENTS_BLOCK: ["unanswered"],
            f"{ids.BODY_BLOCK}_0": "We wrap for 3.00.",
        },
    )
    assert "We wrap for 3.00." in house.answer(house.mia, "a wrapping mystery")["text"]
    house.alex.close_view(house.alex.wait_view())
    with house.bot.services.kit.db.reading() as session:
        kept = Articles(session, TEAM).versions("wrapping-mystery")
    assert [(each.body, each.by) for each in kept] == [
        ("We wrap for 2.00.", "U0AGENT"),
        ("We wrap for 3.00.", "U0AGENT"),
    ]


def test_the_list_begins_with_what_is_stale_and_unknown_names_are_helped(house: House) -> None:
    lines = told(house, house.alex, "/support kb", "want looking at").splitlines()
    assert re.match(r"⚠️ \*Delivery to islands\* `islands` · version 1, 2020-01-01 by command line · not upd", lines[1])
    assert "Care for wool" in told(house, house.alex, "/support kb list", "want looking at")
    told(house, house.alex, "/support kb edit zebras & co", "found 'zebras &amp; co'")
    told(house, house.alex, "/support kb edit", "Expected `/support kb list | add | edit TITLE | remove TITLE | gaps`")
    told(house, house.tom, "/support kb", wording.ONLY_AGENTS)
    told(house, house.tom, "/support search wool", wording.ONLY_AGENTS)
    told(house, house.alex, "/support search zzzzqqq wibble", "The knowledge base has nothing about that.")
    told(house, house.alex, "/support search 😀", "The knowledge base has nothing about that.")


def test_a_found_passage_is_sent_to_the_case_that_the_agent_chooses(house: House) -> None:
    ts, card = call_person(house, "parcel nine goes to an island")
    house.alex.click(card, ids.TAKE)
    house.card(lambda one: one["ts"] == card["ts"] and "taken by <@U0AGENT>" in shown(one))
    house.answer(house.mia, "parcel of mine")
    house.alex.command("/support search what do islands cost")
    found = house.alex.wait_message(lambda one: one.get("ephemeral") and ids.SEARCH_SEND in shown(one))
    assert len([block for block in found["blocks"] if block["type"] == "actions"]) == 2, "those about islands"
    assert re.search(r"\*Delivery to islands\* · 0\.\d\d\\n>Islands cost 9\.90\.", shown(found))
    first = element(found, ids.SEARCH_SEND)["value"]
    house.alex.click(found, ids.SEARCH_SEND, block_id="found_0")
    view = house.alex.wait_view(callback_id=ids.SEND_VIEW)
    [menu] = [block["element"] for block in view["blocks"] if block.get("block_id") == ids.CASE_BLOCK]
    assert menu["options"][0]["text"]["text"].startswith("Tom")
    assert menu["options"][0]["description"]["text"] == "yours"
    assert any(option["description"]["text"] == "with the bot" for option in menu["options"])
    house.alex.submit(view, {ids.CASE_BLOCK: menu["options"][0]["value"], ids.ANSWER_BLOCK: json.loads(first)["p"]})
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "*Alex Reed:* Islands cost 9.90." in one["text"])
    heard = house.heard(house.alex)
    house.alex.command("/support search gift cards for islands")
    other = house.alex.wait_message(lambda one: one.get("ephemeral") and "for “gift cards for islands”" in shown(one))
    house.alex.click(other, ids.SEARCH_WRONG, block_id="found_0")
    house.alex.wait(lambda: any("Noted" in said for said in heard()), 10, "a thank-you")
    with house.bot.services.kit.db.reading() as session:
        marks = SearchMarks(session, TEAM)
        assert marks.pairs() == [
            ("what do islands cost", "islands"),
            ("parcel nine goes to an island", "islands"),
        ]
        assert [query for query, _ in marks.wrong()] == ["gift cards for islands"]
        assert {mark.by for mark in marks.all()} == {"U0AGENT"}
    end(house, ts, card)


def test_the_same_from_the_home_with_what_comes_of_it_in_the_window(house: House) -> None:
    ts, card = call_person(house, "parcel nineteen goes to an island")
    alex = house.alex
    alex.click(alex.home(), ids.HOME_SEARCH)
    view = alex.wait_view(callback_id=ids.SEARCH_VIEW)
    assert alex.submit(view, {ids.QUERY_BLOCK: "?"})["errors"][ids.QUERY_BLOCK] == "Write what to look for."
    alex.submit(view, {ids.QUERY_BLOCK: "what do islands cost"})
    found = with_words(alex, ids.SEARCH_SEND)
    alex.click(found, ids.SEARCH_WRONG, block_id="found_1")
    alex.close_view(with_words(alex, "Noted: this is no"))
    alex.click(found, ids.SEARCH_SEND, block_id="found_0")
    form = alex.wait_view(callback_id=ids.SEND_VIEW)
    [menu] = [block["element"] for block in form["blocks"] if block.get("block_id") == ids.CASE_BLOCK]
    case = next(each["value"] for each in menu["options"] if "parcel nineteen" in each["text"]["text"])
    alex.submit(form, {ids.CASE_BLOCK: case, ids.ANSWER_BLOCK: "Islands cost 9.90."})
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "*Alex Reed:* Islands cost" in one["text"])
    alex.close_view(with_words(alex, "Sent. The case is yours."))
    alex.close_view(alex.wait_view(callback_id=ids.SEARCH_VIEW))
    end(house, ts, card)


def with_words(alex: Hands, words: str) -> dict[str, Any]:
    """The modal on top, once it holds them."""
    return dict(alex.wait(lambda: next((each for each in alex.views[-1:] if words in shown(each)), None), 10, words))


def test_an_article_is_taken_out_by_the_command_and_by_its_form(house: House) -> None:
    alex = house.alex
    for title, opened in (("Candles", "remove Candles"), ("Lamps", "edit Lamps")):
        house.bot.services.knowledge.save("U0AGENT", title, f"{title} are warm.", [])
        alex.command(f"/support kb {opened}", "C0AGENTS")
        view = alex.wait_view(callback_id=ids.ARTICLE_VIEW)
        alex.click(view, ids.ARTICLE_REMOVE)
        alex.close_view(with_words(alex, f"“{title}” is taken out"))
        assert title not in [each.title for each in house.bot.services.knowledge.listed()]
    told(house, alex, "/support kb remove zebra", "found 'zebra'")


def test_every_article_is_opened_from_the_home(house: House) -> None:
    alex = house.alex
    alex.click(alex.home(), ids.HOME_ARTICLES)
    listed = alex.wait_view(callback_id=ids.ARTICLES_VIEW)
    first = next(block for block in listed["blocks"] if block.get("accessory"))
    assert "Delivery to islands" in first["text"]["text"], "what is stale comes first"
    alex.click(listed, ids.ARTICLE_EDIT, "islands", first["block_id"])
    form = alex.wait_view(callback_id=ids.ARTICLE_VIEW)
    assert "Islands take six days." in shown(form)
    alex.close_view(form)
    assert alex.options(listed, ids.ARTICLE_FIND, "gift")[0]["value"] == "gifts"
    alex.click(listed, ids.ARTICLE_FIND, "gifts")
    alex.close_view(alex.wait_view(callback_id=ids.ARTICLE_VIEW))
    alex.click(listed, ids.HOME_ARTICLE)
    form = alex.wait_view(callback_id=ids.ARTICLE_VIEW)
    assert form["title"]["text"] == "New article"
    alex.close_view(form)
    alex.close_view(alex.wait_view(callback_id=ids.ARTICLES_VIEW))


def test_a_search_for_nothing_says_how(house: House) -> None:
    told(house, house.alex, "/support search", "Write what to look for")


def test_a_case_that_was_resolved_meanwhile_is_refused_in_the_modal(house: House) -> None:
    ts, card = call_person(house, "parcel ten")
    house.alex.command("/support search dry wool flat")
    found = house.alex.wait_message(lambda one: one.get("ephemeral") and "dry wool flat" in shown(one))
    house.alex.click(found, ids.SEARCH_SEND, block_id="found_0")
    view = house.alex.wait_view(callback_id=ids.SEND_VIEW)
    [menu] = [block["element"] for block in view["blocks"] if block.get("block_id") == ids.CASE_BLOCK]
    end(house, ts, card)
    answer = house.alex.submit(view, {ids.CASE_BLOCK: menu["options"][0]["value"], ids.ANSWER_BLOCK: "Dry wool flat."})
    assert answer["errors"][ids.CASE_BLOCK] == "This case is resolved."
    house.alex.close_view(view)


def test_a_question_by_command_is_a_case_in_the_direct_messages(house: House) -> None:
    words = told(house, house.mia, "/ask where is my <parcel> & when?", "I am on it", "C0HELP")
    link = re.search(r"<(http[^|]+)\|", words)
    assert link is not None
    asked = house.mia.wait_message(
        lambda one: one["channel"] == house.mia.dm and "You asked: where is my" in one["text"]
    )
    assert link.group(1).endswith("p" + asked["ts"].replace(".", ""))
    reply = house.mia.wait_message(lambda one: one.get("thread_ts") == asked["ts"] and "on its way" in one["text"])
    assert reply["channel"] == house.mia.dm
    turn = turn_of(house, house.mia.dm, asked["ts"])
    assert (turn.text, turn.user, turn.intent) == ("where is my <parcel> & when?", "U0MIA", "order_status")
    house.ask(house.mia, "and my refund?", asked["ts"])
    house.mia.wait_message(lambda one: one.get("thread_ts") == asked["ts"] and "Five working days" in one["text"])
    assert "/ask where is my order?" in told(house, house.mia, "/ask", "Write your question")


def test_a_question_by_command_joins_a_case_that_waits_for_a_person(house: House) -> None:
    ts, card = call_person(house, "parcel eleven")
    words = told(house, house.tom, "/ask parcel twelve", "with our team already")
    assert f"p{ts.replace('.', '')}|" in words, "a person answers in the case's thread, not below the question"
    asked = house.tom.wait_message(lambda one: "You asked: parcel twelve" in one["text"])
    house.tom.wait_message(lambda one: one.get("thread_ts") == asked["ts"] and wording.WITH_A_PERSON in one["text"])
    house.card(lambda one: one["ts"] == card["ts"] and "parcel twelve" in shown(one))
    until(lambda: turn_of(house, house.tom.dm, asked["ts"]).status == "done")
    end(house, ts, card)
