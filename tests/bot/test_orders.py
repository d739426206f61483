"""Orders through the desk: which one is told, what is asked, and what is said where nothing is known."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import wording
from model.types import Reply, ReplyRequest
from storage.clicks import Clicks
from storage.intents import Intents
from storage.tables import ERASED
from storage.turns import Turns
from tests.bot.conftest import Office
from tests.bot.fakes import INTENTS, FakeResponder
from tests.bot.shop import GENERAL, MINE, STATUS, a_shop

TOM = {"user": "UTOM", "channel": "DTOM"}
LATE = (
    "Hi Utom, order 10057 (1 brass lamp) is late: it should have been with you on Friday 20 November, "
    "and we are sorry. [Track it](https://track.example/secret)"
)
PACKED = "Hi Utom, order 10063 (4 zebra plates) is being packed."


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Office]:
    office = a_shop(tmp_path)
    yield office
    office.kit.db.close()


def last(shop: Office) -> str:
    return shop.surface.said[-1][3].text


def asked(shop: Office) -> list[str]:
    return [order.number for order in shop.surface.said[-1][3].orders]


def test_a_number_gets_that_orders_state(shop: Office) -> None:
    turn = shop.turn(shop.ask("where is my parcel 10042?"))
    assert (turn.route, turn.reply_kind, turn.reply_text) == ("ANSWER", "verbatim", MINE)
    assert wording.ONE_ORDER not in shop.surface.said[-1][3].notice
    shop.ask("and parcel 10031?")
    assert last(shop) == "Hi Umia, order 10031 (1 wool blanket) was delivered on Tuesday 6 October."


def test_the_only_one_that_is_to_come_is_told_and_that_is_said(shop: Office) -> None:
    shop.ask("where is my parcel?")
    assert last(shop) == MINE
    assert wording.ONE_ORDER in shop.surface.said[-1][3].notice


def test_that_it_is_the_only_one_is_said_where_several_things_are_asked(shop: Office) -> None:
    shop.ask("where is my parcel, and where is my refund?")
    assert MINE in last(shop)
    assert shop.surface.said[-1][3].notice.count(wording.ONE_ORDER) == 1
    shop.ask("where is my parcel? And can I talk to a human please?", user="UMIA", channel="DOTHER")
    assert wording.ONE_ORDER in shop.surface.said[-1][3].notice


def test_of_several_one_is_asked_for_with_buttons_and_the_click_answers_in_place(shop: Office) -> None:
    heard = shop.ask("where is my parcel?", **TOM)
    turn = shop.turn(heard)
    assert (turn.route, turn.reply_kind, last(shop)) == ("CLARIFY", "which_order", wording.WHICH_ORDER)
    assert asked(shop) == ["10063", "10057"]
    assert "10063 · 4 zebra plates · being packed" in [order.title for order in shop.surface.said[-1][3].orders]
    assert shop.followups.choose_order(turn.id, "10057", "UTOM") == ""
    assert (last(shop), len(shop.surface.said)) == (LATE, 1)
    assert shop.surface.said[-1][3].notice.splitlines()[0] == wording.CHOSE_ORDER.format(number="10057")
    assert shop.case(heard).strikes == 0
    assert shop.followups.choose_order(turn.id, "10063", "UTOM") == "", "the second of two clicks does nothing"
    assert last(shop) == LATE


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("10063", PACKED),
        ("the last one", PACKED),
        ("my latest order", PACKED),
        ("the lamp one", LATE),
        ("it is 10057", LATE),
    ],
)
def test_or_by_words_in_the_thread(shop: Office, answer: str, told: str) -> None:
    heard = shop.ask("where is my parcel?", **TOM)
    shop.ask(f"parcel: {answer}", thread=shop.case(heard).thread_ts, **TOM)
    assert last(shop) == told


@pytest.mark.parametrize(
    ("answer", "told"), [("the lamp one", LATE), ("zebra", PACKED), ("10057", LATE), ("the newest", PACKED)]
)
def test_an_answer_to_the_question_needs_no_topic_of_its_own(shop: Office, answer: str, told: str) -> None:
    heard = shop.ask("where is my parcel?", **TOM)
    turn = shop.turn(shop.ask(answer, thread=shop.case(heard).thread_ts, **TOM))
    assert turn.route == "ANSWER"
    assert last(shop) == told


def test_nor_does_it_have_to_stand_in_the_thread(shop: Office) -> None:
    shop.ask("where is my parcel?", **TOM)
    shop.ask("the lamp one", **TOM)
    assert last(shop) == LATE
    shop.ask("zebra", **TOM)
    assert last(shop) != PACKED, "nothing was asked this time"


def test_what_names_no_order_is_no_answer_to_it_nor_who_wants_a_person(shop: Office) -> None:
    heard = shop.ask("where is my parcel?", **TOM)
    assert shop.turn(shop.ask("breakfast", thread=shop.case(heard).thread_ts, **TOM)).route == "OFFER"
    assert shop.case(heard).state == "bot", "to be asked which order is no first failure"
    other = shop.ask("where is my parcel?", **TOM)
    shop.ask("a human about the lamp", thread=shop.case(other).thread_ts, **TOM)
    assert shop.case(other).state == "waiting"


def test_a_number_without_a_topic_after_a_wrong_one(shop: Office) -> None:
    heard = shop.ask("where is my parcel 99999?")
    shop.ask("sorry, 10031", thread=shop.case(heard).thread_ts)
    assert last(shop) == "Hi Umia, order 10031 (1 wool blanket) was delivered on Tuesday 6 October."


def test_it_is_asked_once_and_then_answered_for_all(shop: Office) -> None:
    heard = shop.ask("where is my parcel?", **TOM)
    shop.ask("my parcel, I said", thread=shop.case(heard).thread_ts, **TOM)
    assert last(shop) == "Hello Utom, it is on its way."
    assert shop.case(heard).state == "bot"


def test_what_was_chosen_at_a_click_goes_on_counting(shop: Office) -> None:
    heard = shop.ask("where is my parcel?", **TOM)
    shop.followups.choose_order(heard.turn_id, "10057", "UTOM")
    shop.ask("will the parcel come this week?", thread=shop.case(heard).thread_ts, **TOM)
    assert last(shop) == LATE


def test_a_number_that_is_unknown_gets_one_neutral_answer_and_then_a_person_is_offered(shop: Office) -> None:
    heard = shop.ask("where is my parcel 99999?")
    turn = shop.turn(heard)
    assert (turn.route, turn.reply_kind, last(shop)) == ("CLARIFY", "no_such_order", wording.NO_SUCH_ORDER)
    assert asked(shop) == ["10042", "10031"], "their own are offered"
    again = shop.ask("parcel 99998", thread=shop.case(heard).thread_ts)
    assert (shop.turn(again).route, last(shop)) == ("OFFER", wording.NO_SUCH_ORDER_AGAIN)
    assert shop.surface.said[-1][3].person
    assert asked(shop) == []


def test_who_has_no_orders_is_answered_in_general(shop: Office) -> None:
    shop.ask("where is my parcel?", user="UNEW", channel="DNEW")
    assert last(shop) == "Hello Unew, it is on its way."


def test_an_answer_about_refunds_is_about_what_was_sent_back(shop: Office) -> None:
    shop.ask("where is my refund?", **TOM)
    assert last(shop) == "Order 10038 (3 candles): it is cancelled."
    shop.ask("where is my refund?")
    assert last(shop) == "Five working days."


def test_several_that_are_named_are_each_told(shop: Office) -> None:
    shop.ask("where are my parcels 10057 and 10063?", **TOM)
    assert last(shop) == f"**10063**\n{PACKED}\n\n**10057**\n{LATE}"
    assert asked(shop) == []
    shop.ask("where are my parcels 10057 and 10042?", **TOM)
    assert last(shop) == LATE, "the other is nobody's, as far as he is told"


def test_several_are_told_in_the_approved_words(shop: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worded anew to a question about two, the answer about one said things twice."""
    asked: list[bool] = []
    respond = FakeResponder.respond

    def noted(self: FakeResponder, request: ReplyRequest, *more: Any) -> Reply | None:
        asked.append(request.intent is not None and request.intent.compose)
        return respond(self, request, *more)

    monkeypatch.setattr(FakeResponder, "respond", noted)
    with shop.kit.db.writing() as session:
        Intents(session, "T1").upsert(replace(INTENTS[0], answer=STATUS, compose=True), "starter")
    shop.kit.catalogue.forget()
    shop.ask("where is my parcel 10057?", **TOM)
    shop.ask("where are my parcels 10057 and 10063?", **TOM)
    assert asked == [True, False, False]


def test_in_a_channel_no_order_is_told(shop: Office) -> None:
    shop.ask("<@UBOT> where is my parcel 10042?", channel="CHELP")
    assert last(shop) == GENERAL
    assert wording.ORDERS_IN_PRIVATE in shop.surface.said[-1][3].notice


def test_two_requests_in_one_message_are_not_held_up_by_a_question(shop: Office) -> None:
    shop.ask("where is my parcel, and where is my refund?", **TOM)
    refund = "**Where is my refund?**\nOrder 10038 (3 candles): it is cancelled."
    assert last(shop) == f"**Where is my order?**\nHello Utom, it is on its way.\n\n{refund}"
    shop.ask("where is my parcel 10057, and where is my refund?", **TOM)
    assert LATE in last(shop)


def test_an_edit_is_answered_about_the_order_that_it_names(shop: Office) -> None:
    heard = shop.ask("where is my parcel 10031?")
    with shop.kit.db.writing() as session:
        Turns(session).edited(heard.turn_id, "where is my parcel 10042?")
    shop.followups.edited(heard.turn_id)
    assert (last(shop), len(shop.surface.said)) == (MINE, 1)


def test_did_you_mean_may_lead_to_which_order(shop: Office) -> None:
    heard = shop.ask("hm", **TOM)
    assert shop.turn(heard).route == "CLARIFY"
    shop.followups.choose(heard.turn_id, "order_status", "UTOM")
    assert (last(shop), asked(shop)) == (wording.WHICH_ORDER, ["10063", "10057"])
    shop.followups.choose_order(heard.turn_id, "10063", "UTOM")
    assert last(shop) == PACKED


def test_a_click_is_carried_out_by_a_person_where_agents_answer_by_now(shop: Office) -> None:
    heard = shop.ask("where is my parcel?", **TOM)
    shop.kit.people.set_up("CAGENTS", ["UAGENT"], "draft")
    shop.followups.choose_order(heard.turn_id, "10057", "UTOM")
    assert shop.case(heard).state == "waiting"
    assert "10057" not in last(shop)


def test_in_draft_mode_the_draft_tells_of_the_order(tmp_path: Path) -> None:
    shop = a_shop(tmp_path, "draft")
    assert shop.turn(shop.ask("where is my parcel 10042?")).reply_text == MINE
    assert shop.turn(shop.ask("where is my parcel?", **TOM)).reply_text == "Hello Utom, it is on its way."
    shop.kit.db.close()


def test_a_broken_lookup_never_reaches_the_customer(shop: Office, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("nonsense")
    shop.ask("where is my parcel 10042?")
    assert last(shop) == MINE, "what was read before goes on"


def test_erasing_takes_the_order_out_of_the_log_too(shop: Office) -> None:
    heard = shop.ask("where is my parcel?", **TOM)
    shop.followups.choose_order(heard.turn_id, "10057", "UTOM")
    with shop.kit.db.writing() as session:
        Turns(session).redact(heard.turn_id)
        kept = [click.value for click in Clicks(session).of_turn(heard.turn_id)]
    assert kept == [ERASED]
    assert shop.turn(heard).reply_text == ERASED
