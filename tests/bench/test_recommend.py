"""The measurement of recommendations, on a few dialogues."""

import numpy as np

from bench.recommend import WRITTEN, answers, interval, is_test, sgd, shop, spoken, visit_of
from model.starter import articles
from tests.model.fakes import FakeEncoder

TURNS = [
    {"speaker": "user", "text": "a car please", "intent": ["GetCars"]},
    {"speaker": "system", "text": "which?"},
    {"speaker": "user", "text": "the red one, and a room", "intent": ["GetCars", "FindRoom"]},
]


def test_a_topic_is_an_intent_when_it_is_first_named() -> None:
    visit = visit_of("1", TURNS)
    assert [(it.topic, it.question, it.answer) for it in visit.steps] == [
        ("GetCars", "a car please", "which?"),
        ("FindRoom", "the red one, and a room", ""),
    ]
    assert spoken("GetCarsAvailable") == "Get cars available"


def test_the_tables_hold_every_way_with_its_interval() -> None:
    visits = [visit_of(f"x/{number}", TURNS) for number in range(30)]
    held = sum(is_test(visit.customer) for visit in visits)
    assert 0 < held < 20
    curve = sgd(visits, FakeEncoder(), "test")
    last = curve[str(30 - held)]
    assert last["cases"] == held
    assert last["ways"]["mix"]["hit"] == [1.0, 1.0, 1.0]
    assert set(last["ways"]) > {"popularity", "meaning", "log", "mix"}


def test_the_written_cases_name_articles_that_there_are() -> None:
    found = shop(FakeEncoder(), "test")
    assert found["cases"] >= 30
    known = {article.id for article in articles()}
    assert all(set(about) <= known for about, _ in answers().values())
    assert len(WRITTEN.read_text().splitlines()) >= 60


def test_an_interval_is_over_groups() -> None:
    values = np.array([1.0] * 50 + [0.0] * 50)
    apart = interval(values, [str(number) for number in range(100)])
    together = interval(values, ["a"] * 50 + ["b"] * 50)
    assert together.high - together.low > 2 * (apart.high - apart.low)
    assert apart.value == together.value == 0.5
