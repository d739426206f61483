"""Orders out of a CSV: what is read, what is left out, and that it follows the file."""

import logging
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkup import check_orders
from bot.lookup import STATES, Order, OwnOrders, key
from bot.order_file import CsvOrders, read
from bot.order_source import lookup_of
from bot.order_words import choice, slots
from bot.settings import Settings
from bot.values import Customer
from model import starter
from model.slots import ORDER_SLOTS
from model.types import UnderstudyError

FRIDAY = date(2026, 11, 27)
HEAD = "customer,number,state,placed,shipped,expected,delivered,carrier,tracking,items,total\n"
MIA, TOM = Customer("T1", "U0MIA"), Customer("T1", "U0TOM")


def made(folder: Path, rows: str, head: str = HEAD, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text(head + rows, "utf-8")
    return path


def settings(path: object = "", **more: object) -> Settings:
    return Settings(_env_file=None, orders_file=str(path), **more)  # type: ignore[call-arg, arg-type]


def test_a_row_is_an_order_with_its_days(tmp_path: Path) -> None:
    path = made(tmp_path, "U0MIA,#10042,Out for delivery,2026-11-20,-2d,+0w,,Swift,https://x.example/1,2 mugs,£9\n")
    [order] = CsvOrders(path, lambda: FRIDAY).orders_of("U0MIA")
    assert order == Order(
        "U0MIA", "10042", "out_for_delivery", "2 mugs", "£9", date(2026, 11, 20), date(2026, 11, 25), FRIDAY, None,
        "Swift", "https://x.example/1",
    )  # fmt: skip


def test_days_from_today_pass_over_weekends_where_they_are_working_days(tmp_path: Path) -> None:
    path = made(tmp_path, "U0MIA,1,packing,-5w,,+1w,,,,,\n")
    lookup = CsvOrders(path, lambda: FRIDAY)
    [order] = lookup.orders_of("U0MIA")
    assert (order.placed, order.expected) == (date(2026, 11, 20), date(2026, 11, 30))


@given(st.integers(0, 4000))
def test_the_demo_never_ages(days: int) -> None:
    today = FRIDAY + timedelta(days=days)
    lookup = CsvOrders(starter.orders(), lambda: today)
    everybody = {
        number: order for who in ("U0MIA", "U0TOM") for order in lookup.orders_of(who) for number in [order.number]
    }
    assert (everybody["10042"].state, everybody["10057"].state) == ("shipped", "late")
    arrives = everybody["10042"].expected
    assert arrives is not None
    assert arrives >= today
    assert arrives.weekday() < 5
    for order in everybody.values():
        steps = [day for day in (order.placed, order.shipped, order.delivered) if day]
        assert steps == sorted(steps)
        assert all(day <= today for day in steps) or today.weekday() > 4


def test_the_starter_shop_has_orders_in_every_state() -> None:
    rows = read(starter.orders())
    assert rows.refused == ()
    lookup = CsvOrders(starter.orders(), lambda: FRIDAY)
    assert {order.state for who in rows.of for order in lookup.orders_of(who)} == set(STATES)
    assert {"U0MIA", "U0TOM"} < set(rows.of)


def test_what_is_still_to_come_after_its_day_is_late(tmp_path: Path) -> None:
    path = made(tmp_path, "U0MIA,1,shipped,,,-1d,,,,,\nU0MIA,2,delivered,,,-1d,,,,,\nU0MIA,3,late,,,,,,,,\n")
    assert [order.state for order in CsvOrders(path, lambda: FRIDAY).orders_of("U0MIA")] == [
        "late",
        "delivered",
        "late",
    ]


def test_bad_rows_are_named_in_one_line_without_anybodys_data(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = (
        "mia@example.com,10042,packing,,,,,,,secret,\n"
        "U0MIA,no number,packing,,,,,,,secret,\n"
        "U0MIA,10043,lost,,,,,,,secret,\n"
        "U0MIA,10044,packing,yesterday,,,,,,secret,\n"
        "U0MIA,10045,packing,,,,,,https://a b,secret,\n"
        f"U0MIA,10046,packing,,,,,,,{'x' * 301},\n"
        "U0MIA,10047,packing,,,,,,,fine,\n"
        "U0TOM,10047,packing,,,,,,,secret,\n"
    )
    path = made(tmp_path, rows)
    with caplog.at_level(logging.WARNING):
        lookup = CsvOrders(path, lambda: FRIDAY)
    assert [order.number for order in lookup.orders_of("U0MIA")] == ["10047"]
    assert lookup.orders_of("U0TOM") == []
    [line] = caplog.messages
    assert "7 of 8 orders left out: line 2: customer: expected a Slack user id" in line
    assert "line 4: state: expected one of packing, shipped" in line
    assert line.endswith("and 2 more")
    assert "secret" not in line
    assert "1004" not in line
    found = check_orders(settings(path))
    assert (found.level, found.about) == ("warn", "orders")
    assert "7 of 8 orders left out" in found.words


def test_the_file_is_read_again_when_it_changes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = made(tmp_path, "U0MIA,10042,packing,,,,,,,,\n")
    lookup = CsvOrders(path, lambda: FRIDAY)
    made(tmp_path, "U0MIA,10042,shipped,,,,,,,,\n")
    os.utime(path, ns=(1, 1))
    assert [order.state for order in lookup.orders_of("U0MIA")] == ["shipped"]
    path.write_text("something else entirely")
    assert [order.state for order in lookup.orders_of("U0MIA")] == ["shipped"], "what was read before goes on"
    path.unlink()
    assert [lookup.order("U0MIA", "10042") is not None for _ in range(3)] == [True] * 3
    assert len([line for line in caplog.messages if "No such file" in line]) == 1
    made(tmp_path, "U0MIA,10042,delivered,,,,,,,,\n")
    assert [order.state for order in lookup.orders_of("U0MIA")] == ["delivered"]


def test_a_spreadsheet_with_semicolons_and_other_columns(tmp_path: Path) -> None:
    path = made(tmp_path, 'U0MIA;x;10042;Being packed;"2 mugs; 1 pot"\n', "\ufeffCustomer;Note;Number;State;Items\n")
    [order] = CsvOrders(path, lambda: FRIDAY).orders_of("U0MIA")
    assert (order.state, order.items) == ("packing", "2 mugs; 1 pot")


@pytest.mark.parametrize(
    ("contents", "found"),
    [
        (None, "No such file"),
        (b"a,b\n1,2\n", "without customer, number, state"),
        (b"\xff\xfe", "not UTF-8"),
        (b"", "without"),
    ],
)
def test_a_file_that_is_none_is_one_clear_line(tmp_path: Path, contents: bytes | None, found: str) -> None:
    path = tmp_path / "orders.csv"
    if contents is not None:
        path.write_bytes(contents)
    with pytest.raises(UnderstudyError, match=found) as raised:
        lookup_of(settings(path))
    assert str(raised.value).startswith("ORDERS_FILE: expected a CSV")
    assert "\n" not in str(raised.value)


@given(st.binary(max_size=300))
def test_no_contents_break_it(tmp_path_factory: pytest.TempPathFactory, contents: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "orders.csv"
    path.write_bytes(HEAD.encode() + contents)
    try:
        rows = read(path)
    except UnderstudyError:
        return
    assert all(order.order.customer == who for who, orders in rows.of.items() for order in orders)


def test_a_companys_own_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our_shop_orders.py").write_text(
        "from bot.lookup import Order\n\n\nclass Ours:\n"
        "    def orders_of(self, customer):\n        return [Order(customer, '7', 'packing')]\n\n"
        "    def order(self, customer, number):\n        return Order(customer, number, 'packing')\n\n\n"
        "def lookup():\n    return Ours()\n"
    )
    found = lookup_of(settings(orders_module="our_shop_orders"))
    assert found is not None
    assert OwnOrders(found, "T1").of(MIA)[0].number == "7"
    for name, why in (("not_there_at_all", "ModuleNotFoundError"), ("json", "AttributeError")):
        with pytest.raises(UnderstudyError, match=why):
            lookup_of(settings(orders_module=name))
    with pytest.raises(UnderstudyError, match="found both"):
        lookup_of(settings("x.csv", orders_module="json"))


def test_a_real_workspace_has_no_orders_unless_it_names_them() -> None:
    real = {"slack_bot_token": "xoxb-1-22222222", "slack_app_token": "xapp-1-22222222"}
    assert lookup_of(settings(**real)) is None
    assert lookup_of(settings()) is not None


# The gate


class Careless:
    """A lookup that gives whatever it has."""

    def orders_of(self, customer: str) -> list[Order]:
        return [Order("U0MIA", "10042", "packing"), Order("U0TOM", "10057", "packing")]

    def order(self, customer: str, number: str) -> Order | None:
        return next((order for order in self.orders_of(customer) if order.number == number), None)


class Broken:
    def orders_of(self, customer: str) -> list[Order]:
        raise TimeoutError(f"secret {customer}")

    order = orders_of  # type: ignore[assignment]


def test_the_gate_hands_on_only_what_is_the_customers(caplog: pytest.LogCaptureFixture) -> None:
    gate = OwnOrders(Careless(), "T1")
    assert [order.number for order in gate.of(MIA)] == ["10042"]
    assert gate.one(TOM, "10042") is None
    assert gate.one(MIA, "10042") is not None
    assert all("1004" not in line and "U0" not in line for line in caplog.messages)


def test_the_same_id_in_another_company_is_somebody_else(tmp_path: Path) -> None:
    path = made(tmp_path, "U0MIA,10042,packing,,,,,,,,\nT0FINCH/U0MIA,10066,packing,,,,,,,,\n")
    gate = OwnOrders(CsvOrders(path), "T1")
    assert [order.number for order in gate.of(MIA)] == ["10042"]
    assert [order.number for order in gate.of(Customer("T0FINCH", "U0MIA"))] == ["10066"]
    assert gate.one(Customer("T0OTHER", "U0MIA"), "10042") is None
    assert key(Customer("", "U0MIA"), "T1") == "U0MIA", "cases begun before the team was kept are of the bot's own"


def test_a_lookup_that_fails_knows_nothing_and_its_words_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    gate = OwnOrders(Broken(), "T1")
    assert gate.of(MIA) == ()
    assert gate.one(MIA, "10042") is None
    assert "TimeoutError" in caplog.text
    assert "secret" not in caplog.text


# In words


def order(**more: object) -> Order:
    return Order("U0MIA", "10042", **{"state": "shipped", "items": "2 mugs", **more})  # type: ignore[arg-type]


def test_an_order_in_words() -> None:
    assert slots(order(carrier="Swift", shipped=date(2026, 11, 23)), FRIDAY) == {
        "order_number": "10042",
        "order_state": "is on its way with Swift since Monday 23 November",
        "items": "2 mugs",
        "shipped_date": "Monday 23 November",
        "carrier": "Swift",
    }
    assert slots(order(state="delivered", delivered=date(2025, 1, 2)), FRIDAY)["order_state"] == (
        "was delivered on Thursday 2 January 2025"
    )
    late = slots(order(state="late", expected=date(2026, 11, 25)), FRIDAY)
    assert "should have been with you on Wednesday 25 November" in late["order_state"]
    assert "expected_date" not in late, "a day that has passed is not promised"


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_words_and_only_known_slots(state: str) -> None:
    found = slots(order(state=state, expected=FRIDAY, delivered=FRIDAY, tracking="https://x.example/1"), FRIDAY)
    assert found["order_state"]
    assert set(found) <= ORDER_SLOTS
    assert ("tracking_link" in found) == order(state=state).underway
    assert choice(order(state=state)).title.startswith("10042 · 2 mugs · ")
