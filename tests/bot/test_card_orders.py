"""What agents' cards show of orders: first the one that is asked about, and never one of another customer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import showing
from bot.intake import Accepted
from bot.listeners import cards
from bot.order_words import SHOWN
from storage.conversations import Conversations
from storage.turns import Turns
from tests.bot.conftest import Office
from tests.bot.shop import OF_TOM, a_shop
from tests.bot.test_others_orders import WAYS, Careless

TOM = {"user": "UTOM", "channel": "DTOM"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Office]:
    office = a_shop(tmp_path)
    yield office
    office.kit.db.close()


def numbers(shop: Office, heard: Accepted) -> tuple[list[str], list[str]]:
    """Of the orders asked about, and of the others."""
    card = showing.card(shop.kit, shop.case(heard))
    return [line.split(" ")[0] for line in card.about], [line.split(" ")[0] for line in card.orders]


def by_a_click(shop: Office) -> Accepted:
    heard = shop.ask("where is my parcel?", **TOM)
    shop.followups.choose_order(heard.turn_id, "10057", "UTOM")
    return heard


def in_an_earlier_message(shop: Office) -> Accepted:
    heard = shop.ask("where is my parcel 10057?", **TOM)
    return shop.ask("a human please", thread=shop.case(heard).thread_ts, **TOM)


@pytest.mark.parametrize(
    ("ask", "about"),
    [
        (lambda shop: shop.ask("order 10038, a human please", **TOM), ["10038"]),
        (lambda shop: shop.ask("a human for 10057 and 10063", **TOM), ["10063", "10057"]),
        (lambda shop: shop.ask("the lamp is dim, a human please", **TOM), ["10057"]),
        (lambda shop: shop.ask("where is my refund?", **TOM), ["10038"]),
        (lambda shop: shop.ask("where is my parcel?", **TOM), []),
        (lambda shop: shop.ask("a human please", **TOM), []),
        (lambda shop: shop.ask("a human for parcel 10042", **TOM), []),
        (by_a_click, ["10057"]),
        (in_an_earlier_message, ["10057"]),
    ],
)
def test_the_order_that_is_asked_about_stands_first(
    shop: Office, ask: Callable[[Office], Accepted], about: list[str]
) -> None:
    seen, others = numbers(shop, ask(shop))
    assert seen == about
    assert set(seen + others) <= {"10057", "10063", "10038"}
    assert len(seen + others) == SHOWN
    assert len(set(seen + others)) == SHOWN


def test_it_is_named_on_the_card(shop: Office) -> None:
    card = showing.card(shop.kit, shop.case(shop.ask("order 10038, a human please", **TOM)))
    drawn = str(cards.card(card))
    assert "*They ask about:*\\n• 10038 · 3 candles · is cancelled · £36\\n*Their other orders:*" in drawn


def test_what_was_erased_points_at_nothing(shop: Office) -> None:
    heard = by_a_click(shop)
    with shop.kit.db.writing() as session:
        Turns(session).redact(heard.turn_id)
    assert numbers(shop, heard)[0] == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("careless", [False, True])
def test_no_card_shows_another_customers_order(tmp_path: Path, way: str, careless: bool) -> None:
    shop = a_shop(tmp_path, lookup=Careless) if careless else a_shop(tmp_path)
    WAYS[way](shop)
    with shop.kit.db.reading() as session:
        cases = Conversations(session).in_state({"bot", "waiting", "human", "closed"})
    assert cases
    for case in cases:
        card = showing.card(shop.kit, case)
        if (case.customer_team, case.customer) != ("T1", "UTOM"):
            assert [word for word in OF_TOM if word in f"{card.about} {card.orders} {card.before}"] == []
    shop.kit.db.close()
