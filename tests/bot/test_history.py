"""What went before: agents see the customer's last case and orders, and who comes back to a matter is told of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import showing, wording
from bot.history import earlier
from bot.listeners import cards
from model.types import OOS
from storage.clicks import Clicks
from storage.tables import utcnow
from tests.bot.conftest import Office
from tests.bot.shop import OF_TOM, a_shop
from tests.bot.test_bursts import edit


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Office]:
    office = a_shop(tmp_path)
    office.clock.now = utcnow()
    yield office
    office.kit.db.close()


def notice(shop: Office) -> str:
    return shop.surface.said[-1][3].notice


def test_agents_see_the_customers_last_case_and_newest_orders(shop: Office) -> None:
    shop.cases.resolve(shop.case(shop.ask("where is my refund?")).id)
    heard = shop.ask("human please")
    card = showing.card(shop.kit, shop.case(heard))
    assert card.before == "Where is my refund? · resolved · just now"
    assert card.orders == (
        "10042 · 2 blue mugs · is on its way · £29",
        "10031 · 1 wool blanket · was delivered on Tuesday 6 October · £89",
    )
    drawn = str(cards.card(card))
    assert "*Before:* Where is my refund?" in drawn
    assert "• 10042 · 2 blue mugs" in drawn
    assert [word for word in OF_TOM if word in drawn] == []


def test_an_edit_of_the_last_case_is_on_the_card_of_the_next_one(shop: Office) -> None:
    first = shop.ask("where is my refund?")
    shop.cases.resolve(shop.case(first).id)
    shop.ask("human please")
    [shown] = shop.surface.cards.values()
    assert shown.before.startswith("Where is my refund?")
    edit(shop, shop.turn(first).ts, "how do i return it?")
    [shown] = shop.surface.cards.values()
    assert shown.before.startswith(shop.kit.catalogue.title("return_how"))
    shop.corrections.relabel(shop.turn(first).id, "refund", "UAGENT", "card")
    assert showing.card(shop.kit, shop.case(shop.ask("another human"))).before.startswith("Where is my refund?")


def test_what_the_customer_chose_and_then_what_an_agent_says_is_what_it_was_about(shop: Office) -> None:
    first = shop.ask("parcel or refund?")
    with shop.kit.db.writing() as session:
        Clicks(session).add("T1", first.turn_id, "UMIA", "did_you_mean", "return_how")
    case = shop.case(shop.ask("human please"))
    title = shop.kit.catalogue.title
    assert (found := earlier(shop.kit, case)) is not None
    assert found.title == title("return_how")
    shop.corrections.relabel(shop.turn(first).id, "refund", "UAGENT", "card")
    assert (found := earlier(shop.kit, case)) is not None
    assert found.title == title("refund")
    shop.corrections.relabel(shop.turn(first).id, OOS, "UAGENT", "card")
    assert earlier(shop.kit, case) is None, "nothing that anybody knows of"


def test_a_customer_of_another_company_has_their_own(shop: Office) -> None:
    shop.ask("where is my parcel?")
    other = shop.case(shop.ask("where is my parcel?", user="UTOM", channel="DTOM"))
    assert earlier(shop.kit, other) is None


def test_who_comes_back_to_a_matter_is_told_of_the_last_request(shop: Office) -> None:
    shop.ask("how do I return it?")
    assert wording.ASKED_BEFORE not in notice(shop)
    shop.ask("where is my refund?")
    assert notice(shop) == "", "another matter"
    shop.ask("refund, please?")
    assert notice(shop) == "", "they go on with what they have just asked"
    shop.clock.now += timedelta(hours=2)
    shop.ask("my refund?")
    assert notice(shop) == wording.ASKED_BEFORE


def test_and_that_it_was_closed_within_a_day(shop: Office) -> None:
    first = shop.case(shop.ask("how do I return it?"))
    shop.cases.resolve(first.id)
    shop.ask("how do I return this one?")
    assert notice(shop) == wording.ASKED_CLOSED
    second = shop.case(shop.ask("how do I return that one?"))
    shop.cases.resolve(second.id)
    shop.clock.now += timedelta(days=2)
    shop.ask("how do I return all of it?")
    assert notice(shop) == ""


def test_it_is_said_once_in_a_case_and_never_in_a_channel(shop: Office) -> None:
    shop.ask("how do I return it?")
    heard = shop.ask("return?")
    shop.ask("how do I return this?", thread=shop.case(heard).thread_ts)
    assert notice(shop) == ""
    shop.ask("<@UBOT> how do I return it?", channel="CHELP")
    assert notice(shop) == ""
