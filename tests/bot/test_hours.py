"""Opening hours: parsed, asked, and counted."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import ALWAYS, parse, timezone
from model.types import UnderstudyError

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = parse("mon-fri 09:00-17:00, sat 10:00-14:00", BERLIN)


def berlin(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """2026-11-23 is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_open", "following"),
    [
        (berlin(23, 9), True, berlin(23, 9)),
        (berlin(23, 8, 59), False, berlin(23, 9)),
        (berlin(23, 17), False, berlin(24, 9)),
        (berlin(27, 18), False, berlin(28, 10)),
        (berlin(28, 14), False, berlin(30, 9)),
        (berlin(29, 12), False, berlin(30, 9)),
    ],
)
def test_open_or_when_next(at: datetime, is_open: bool, following: datetime) -> None:
    assert OFFICE.open(at) is is_open
    assert OFFICE.next_open(at) == following


def test_only_open_time_counts() -> None:
    assert OFFICE.elapsed(berlin(23, 16, 55), berlin(24, 9, 5)) == timedelta(minutes=10)
    assert OFFICE.elapsed(berlin(27, 12), berlin(30, 10)) == timedelta(hours=5 + 4 + 1)
    assert OFFICE.elapsed(berlin(28, 20), berlin(29, 20)) == timedelta()
    assert ALWAYS.elapsed(berlin(23, 1), berlin(23, 2)) == timedelta(hours=1)
    assert ALWAYS.elapsed(berlin(23, 2), berlin(23, 1)) == timedelta()


def test_nine_stays_nine_when_the_clocks_are_changed() -> None:
    assert OFFICE.next_open(berlin(24, 15, month=10)) == datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert OFFICE.next_open(berlin(23, 8, month=10)) == datetime(2026, 10, 23, 7, tzinfo=UTC)


def test_over_midnight_and_several_spans() -> None:
    night = parse("fri-sun 22:00-06:00, fri 23:00-24:00", UTC)
    assert night.open(datetime(2026, 11, 30, 5, 59, tzinfo=UTC)), "Sunday's night"
    assert not night.open(datetime(2026, 11, 30, 6, tzinfo=UTC))
    assert night.week[4] == ((22 * 60, 24 * 60),)
    round_ = parse("sun-mon 9:00-12:00", UTC)
    assert [bool(day) for day in round_.week] == [True, False, False, False, False, False, True]
    assert parse("mon-sun 00:00-24:00", UTC).elapsed(berlin(1, 0), berlin(8, 0)) == timedelta(days=7)


@pytest.mark.parametrize(
    "expression",
    [
        "9-17",
        "mon",
        "mon 9-17",
        "monday 09:00-17:00",
        "mon 09:00-09:00",
        "mon 24:00-06:00",
        "mon 9:60-17:00",
        "mon 09:00-25:00",
        "mon-fri 09:00-17:00,",
        "mon-fri 09:00-17:00; sat",
        "mon 09:00–17:00",
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(expression: str) -> None:
    with pytest.raises(UnderstudyError, match="OPENING_HOURS: expected days and times such as mon-fri") as caught:
        parse(expression, UTC)
    assert "\n" not in str(caught.value)


def test_said_as_people_say_it() -> None:
    friday = berlin(27, 18)
    assert OFFICE.words(berlin(27, 20), friday) == "today at 20:00 (Europe/Berlin)"
    assert OFFICE.words(berlin(28, 10), friday) == "tomorrow at 10:00 (Europe/Berlin)"
    assert OFFICE.words(berlin(30, 9), friday) == "Monday at 09:00 (Europe/Berlin)"
    assert OFFICE.words(berlin(7, 9, month=12), friday) == "Monday 07.12. at 09:00 (Europe/Berlin)"
    assert OFFICE.stamp(berlin(30, 9)) == "2026-11-30 09:00 (Europe/Berlin)"


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
clocks = st.integers(0, 24 * 4 - 1).map(lambda it: f"{it // 4:02}:{it % 4 * 15:02}")
parts = st.tuples(
    st.sampled_from(("mon", "tue-thu", "fri-mon", "sun")), st.tuples(clocks, clocks).filter(lambda it: it[0] != it[1])
).map(lambda it: f"{it[0]} {it[1][0]}-{it[1][1]}")


@given(st.lists(parts, min_size=1, max_size=4), moments, moments, moments)
def test_hours_agree_with_themselves(chosen: list[str], one: datetime, two: datetime, three: datetime) -> None:
    hours = parse(", ".join(chosen), BERLIN)
    first, middle, last = sorted((one, two, three))
    first = max(first, last - timedelta(days=90))
    middle = max(first, middle)
    assert hours.elapsed(first, last) == hours.elapsed(first, middle) + hours.elapsed(middle, last)
    assert timedelta() <= hours.elapsed(first, last) <= last - first
    following = hours.next_open(first)
    assert hours.open(following)
    assert hours.open(first) == (following == first)
    assert hours.elapsed(first, following) == timedelta()


@pytest.mark.parametrize("name", ["Berlin", "", "../etc/passwd", "Europe/"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(UnderstudyError, match="TIMEZONE: expected a name"):
        timezone(name)
