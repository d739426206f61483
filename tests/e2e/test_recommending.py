"""You may also need, through the sockets: answer, recommendation, click, answer, and not again in this case."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot import wording
from bot.importing import Content, store
from bot.listeners import blocks, ids
from bot.models import Knowledge, Models
from bot.recommend_learning import VERDICT
from bot.settings import Settings
from model.recommend import Habits, Learned, Mix
from model.types import Article
from storage.clicks import Clicks
from storage.database import Database
from storage.keyvalues import KeyValues
from storage.recommendations import OPENED
from tests.e2e.conftest import House, a_house, element, shown
from tests.e2e.test_day import turn_of
from tests.model.fakes import FakeEncoder

TEAM = "T0LOCAL"
SHOP = (
    Article("back", "Send goods back", "Use the label.", ("return_how",)),
    Article("money", "When <money> comes", "Five days after the goods are here.", ("refund",)),
)
LEARNED = Learned(Habits({"money": 5}, {"return_how": {"money": 9}}), Mix(0.0), 60)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """With real search over two articles, after a training that found that recommendations help."""
    opened: list[Database] = []

    def known(settings: Settings, models: Models) -> Models:
        settings.home.mkdir(parents=True)
        db = Database(settings.url)
        opened.append(db)
        db.migrate()
        with db.writing() as session:
            store(session, TEAM, Content(articles=SHOP))
            verdict = {"measured": True, "better": True, "learned": LEARNED.to_json()}
            KeyValues(session, TEAM).set(VERDICT, verdict)
        knowledge = Knowledge(db, TEAM, FakeEncoder(), lambda: None)
        return replace(models, responder=knowledge.responder, recommender=knowledge.recommender)

    with a_house(tmp_path_factory.mktemp("next"), known) as made:
        yield made
    for db in opened:
        db.close()


def test_answer_recommendation_click_answer_and_not_again_in_this_case(house: House) -> None:
    answer = house.answer(house.mia, "how do I return it")
    assert blocks.ALSO in shown(answer)
    press = element(answer, f"{ids.RECOMMENDED}_0")
    assert press["text"]["text"] == "When <money> comes"
    house.mia.click(answer, f"{ids.RECOMMENDED}_0")
    told = house.mia.wait_message(lambda one: "Five days after the goods are here." in one.get("text", ""))
    assert told["thread_ts"] == answer["thread_ts"]
    assert "&lt;money&gt;" in told["text"]
    assert element(told, ids.PERSON)
    again = house.ask(house.mia, "how do I return the other", answer["thread_ts"])
    third = house.mia.wait_message(
        lambda one: (
            "Use the label" in one.get("text", "") and one["ts"] > again and one["thread_ts"] == told["thread_ts"]
        )
    )
    assert blocks.ALSO not in shown(third)
    turn = turn_of(house, house.mia.dm, answer["thread_ts"])
    with house.bot.services.kit.db.reading() as session:
        assert [(each.kind, each.value) for each in Clicks(session).of_turn(turn.id)] == [(OPENED, "money")]


def test_where_the_bot_is_at_a_loss_the_nearest_article_is_a_click_away(house: House) -> None:
    offer = house.answer(house.tom, "goods label?")
    assert blocks.PERHAPS in shown(offer)
    press = element(offer, f"{ids.RECOMMENDED}_0")
    assert press["text"]["text"] == "Send goods back"
    assert element(offer, ids.PERSON)
    house.tom.click(offer, f"{ids.RECOMMENDED}_0")
    told = house.tom.wait_message(lambda one: "Use the label." in one.get("text", ""))
    assert told["thread_ts"] == offer["thread_ts"]
    assert element(told, ids.DONE)


def test_a_double_click_has_one_answer(house: House) -> None:
    answer = house.answer(house.mia, "how do I return it")
    for _ in range(2):
        house.mia.click(answer, f"{ids.RECOMMENDED}_0")
    house.settle()
    house.mia.wait_message(
        lambda one: "Five days" in one.get("text", "") and one.get("thread_ts") == answer["thread_ts"]
    )
    house.settle()
    told = [
        one
        for one in house.mia.messages(house.mia.dm)
        if "Five days" in one.get("text", "") and one.get("thread_ts") == answer["thread_ts"]
    ]
    assert len(told) == 1


def test_after_the_click_a_person_can_be_called_and_then_nothing_more_is_opened(house: House) -> None:
    answer = house.answer(house.tom, "how do I return it")
    house.tom.click(answer, ids.PERSON)
    house.tom.wait_message(lambda one: wording.HANDOFF in one.get("text", ""))
    heard = house.heard(house.tom)
    house.tom.click(answer, f"{ids.RECOMMENDED}_0")
    house.tom.wait(lambda: wording.ALREADY_CALLED in heard(), 10, "why not")


def test_agents_read_how_often_it_is_opened(house: House) -> None:
    heard = house.heard(house.alex)
    house.alex.command("/support stats")
    house.alex.wait(lambda: any("You may also need" in words or "shown in" in words for words in heard()), 10, "stats")
