"""What is asked of an order in one message, and which order in another: the answer tells of that order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot import wording
from bot.lookup import Order
from bot.order_answers import GOES_ON
from bot.order_file import CsvOrders
from model.types import Prediction, Ranked
from storage.intents import Intents
from storage.tables import turns
from tests.bot.conftest import Office
from tests.bot.fakes import INTENTS
from tests.bot.shop import a_shop
from tests.bot.test_bursts import QUIET
from tests.bot.test_orders import LATE, PACKED, TOM

PIECES = ("about my order", "the older one", "has it arrived")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Office]:
    """A classifier that knows what has arrived or not only of an order with a number, as the real one does."""
    office = a_shop(tmp_path, quiet=QUIET)
    plain = office.classifier.predict

    def known(texts: Sequence[str]) -> list[Prediction]:
        return [_surely(one) if "arrived" in one.text else one for one in plain(texts)]

    office.classifier.predict = known  # type: ignore[method-assign]
    yield office
    office.kit.db.close()


def _surely(found: Prediction) -> Prediction:
    number = any(char.isdigit() for char in found.text)
    sure = 0.9 if number else 0.4
    ranking = (Ranked("order_status", sure), Ranked("refund", 0.3 if not number else 0.05))
    return replace(found, intent="order_status", confidence=sure, ranking=ranking, out_of_scope=False)


def last(shop: Office) -> str:
    return shop.surface.said[-1][3].text


def later(shop: Office, passed: timedelta) -> None:
    shop.quiet(passed.total_seconds())
    with shop.kit.db.writing() as session:
        for turn in session.execute(turns.select()).all():
            session.execute(update(turns).where(turns.c.id == turn.id).values(created_at=turn.created_at - passed))


@pytest.mark.parametrize("seconds", [0.5, 4, 20, 60])
def test_pieces_have_the_answer_of_the_order_that_they_name(shop: Office, seconds: float) -> None:
    for words in PIECES:
        heard = shop.ask(words, **TOM)
        later(shop, timedelta(seconds=seconds))
    shop.quiet(QUIET)
    assert last(shop) == LATE
    first = shop.turn(heard) if seconds > 6 else shop.kit.turn(1)
    assert first is not None
    assert (first.intent, first.text) in (("order_status", PIECES[-1]), ("order_status", PIECES[0]))


def test_what_was_named_long_ago_does_not_count(shop: Office) -> None:
    for words in PIECES:
        shop.ask(words, **TOM)
        later(shop, GOES_ON + timedelta(seconds=1))
    assert last(shop) == wording.CLARIFY


def test_in_one_message_too(shop: Office) -> None:
    shop.ask("has my older order arrived?", **TOM)
    shop.quiet(QUIET)
    assert last(shop) == LATE
    shop.ask("it is about the zebra plates. Have they arrived?", **TOM)
    shop.quiet(QUIET)
    assert last(shop) == PACKED


def test_where_no_order_is_named_nothing_is_guessed(shop: Office) -> None:
    for words in ("about my order", "has it arrived"):
        shop.ask(words, **TOM)
    shop.quiet(QUIET)
    assert last(shop) == wording.CLARIFY


def test_among_others_no_order_is_looked_at(shop: Office) -> None:
    shop.ask("<@UBOT> the lamp. Has it arrived?", user="UTOM", channel="CSHOP")
    assert last(shop) == wording.CLARIFY


def test_what_no_order_answers_stays_a_question(shop: Office) -> None:
    with shop.kit.db.writing() as session:
        Intents(session, "T1").upsert(INTENTS[0], "starter")
    shop.ask("the lamp. Has it arrived?", **TOM)
    shop.quiet(QUIET)
    assert last(shop) == wording.CLARIFY


class Asked(CsvOrders):
    """Counts who was looked up."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seen: list[str] = []
        ASKED.append(self)

    def orders_of(self, customer: str) -> Sequence[Order]:
        self.seen.append(customer)
        return super().orders_of(customer)


ASKED: list[Asked] = []


@pytest.mark.parametrize("told", [True, False])
def test_no_order_is_looked_up_where_none_could_be_told_of(tmp_path: Path, told: bool) -> None:
    office = a_shop(tmp_path, lookup=Asked)
    if not told:
        with office.kit.db.writing() as session:
            for intent in INTENTS:
                Intents(session, "T1").upsert(intent, "starter")
    office.ask("the lamp. hm")
    assert bool(ASKED.pop().seen) is told
    office.kit.db.close()


def test_the_older_one_is_an_answer_to_which(shop: Office) -> None:
    shop.ask("where is my parcel?", **TOM)
    shop.ask("the older one", **TOM)
    shop.quiet(QUIET)
    assert last(shop) == LATE
