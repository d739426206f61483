"""Names that a knowledge base knows, on texts written for this test."""

from model import starter
from model.answering import Point
from model.known import Known
from model.proper_names import names_another, names_of
from model.words import content
from tests.model.fakes import FakeEncoder

TEXTS = [
    "We deliver to Ireland, France and Germany.\n\n## Express in the United Kingdom\n\nOn Monday, Swiftline brings it.",
    "Express is quick. An express parcel goes with Swiftline; swiftness is ours.",
]
NAMES = names_of(TEXTS)


def test_what_is_never_written_small_is_a_name_but_no_day() -> None:
    assert {"ireland", "franc", "germany", "kingdom", "swiftlin"} <= NAMES
    assert not {"express", "monday", "we", "on", "an"} & NAMES


def test_the_starter_shop_knows_countries_and_brands() -> None:
    names = names_of(article.body for article in starter.articles())
    assert {"germany", "norway", "klarna", "paypal"} <= names
    assert not {"express", "order", "return", "saturday", "delivery"} & names


def test_a_reply_about_another_place_names_another() -> None:
    asked = set(content("delivery to germany?"))
    assert names_another(asked, set(content("Delivery in the United Kingdom takes 2 days.")), NAMES)
    assert not names_another(asked, set(content("Delivery to Germany takes 4 days, in the United Kingdom 2.")), NAMES)
    assert not names_another(asked, set(content("Delivery takes 2 days.")), NAMES)
    assert not names_another(set(content("how long is delivery")), set(content("In the United Kingdom 2 days.")), NAMES)


def test_that_reply_does_not_reach_the_point_though_the_sources_do_not_know_the_name() -> None:
    said = "Delivery in the United Kingdom takes 2 days."
    known = Known([said], FakeEncoder())
    assert not Point("delivery to germany?", known, FakeEncoder(), names=NAMES).reached([said], said)
    assert Point("delivery to germany?", known, FakeEncoder()).reached([said], said)
