"""Opening hours: whether somebody is there, when next, and how much open time has passed. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from model.types import UnderstudyError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = 24 * 60
LONGEST = timedelta(days=100)
"""No wait is counted further back."""
_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")

Spans = tuple[tuple[int, int], ...]
"""Of one day, in minutes since midnight: from, to; in order, and apart."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When the desk is open."""

    week: tuple[Spans, ...] = ()
    """From Monday to Sunday; empty: always open."""
    zone: tzinfo = UTC

    def open(self, at: datetime) -> bool:
        return not self.week or any(start <= at < end for start, end in self._spans(at, 1))

    def next_open(self, at: datetime) -> datetime:
        """The moment from which somebody is there: `at` itself where the desk is open."""
        if not self.week:
            return at
        # A week and a day: where the day has had its hours, the same weekday's next ones are looked for too.
        return next(max(at, start) for start, end in self._spans(at, 9) if at < end)

    def elapsed(self, since: datetime, until: datetime) -> timedelta:
        """How much open time lies between the two; at most `LONGEST`."""
        since = max(since, until - LONGEST)
        if not self.week:
            return max(until - since, timedelta())
        days = (until - since) // timedelta(days=1) + 2
        spans = ((max(start, since), min(end, until)) for start, end in self._spans(since, days))
        return sum((end - start for start, end in spans if start < end), timedelta())

    def words(self, at: datetime, now: datetime) -> str:
        """A moment as a sentence says it: `today at 14:00 (UTC)`, `Monday at 09:00 (Europe/Berlin)`."""
        there, here = at.astimezone(self.zone), now.astimezone(self.zone)
        ahead = (there.date() - here.date()).days
        day = {0: "today", 1: "tomorrow"}.get(ahead, NAMES[there.weekday()])
        if ahead > 6:
            day += f" {there:%d.%m.}"
        return f"{day} at {there:%H:%M} ({self.zone})"

    def stamp(self, at: datetime) -> str:
        """The same for every language: `2026-11-30 09:00 (Europe/Berlin)`."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M} ({self.zone})"

    def _spans(self, at: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """The open spans of so many days, from the day of `at` on, in order."""
        first = at.astimezone(self.zone).date()
        for number in range(days):
            day = first + timedelta(days=number)
            for start, end in self.week[day.weekday()]:
                yield self._moment(day, start), self._moment(day, end)

    def _moment(self, day: date, minutes: int) -> datetime:
        # By the clock on the wall, so that nine o'clock stays nine o'clock when the clocks are changed.
        days, rest = divmod(minutes, DAY)
        wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), self.zone)
        return wall.astimezone(UTC)


ALWAYS = Hours()


def parse(expression: str, zone: tzinfo) -> Hours:
    """`mon-fri 09:00-17:00, sat 10:00-14:00`; several spans a day, and spans over midnight, are fine. Empty: always.

    Raises:
        UnderstudyError: it cannot be read.
    """
    if not expression.strip():
        return Hours((), zone)
    week: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    try:
        for part in expression.lower().split(","):
            _add(week, part.strip())
    except ValueError:
        raise UnderstudyError(
            "OPENING_HOURS: expected days and times such as mon-fri 09:00-17:00, sat 10:00-14:00 or nothing, "
            f"found {expression!r}. Correct it in .env."
        ) from None
    return Hours(tuple(_apart(day) for day in week), zone)


def timezone(name: str) -> ZoneInfo:
    """The zone of that name.

    Raises:
        UnderstudyError: nobody knows it.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnderstudyError(
            f"TIMEZONE: expected a name such as Europe/Berlin or UTC, found {name!r}. Correct it in .env."
        ) from None


def _add(week: list[list[tuple[int, int]]], part: str) -> None:
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError(part)
    first = DAYS.index(found[1])
    last = DAYS.index(found[2] or found[1])
    start, end = _minutes(found[3], found[4]), _minutes(found[5], found[6])
    if start in (end, DAY):
        raise ValueError(part)
    for number in range((last - first) % 7 + 1):
        day = (first + number) % 7
        if start < end:
            week[day].append((start, end))
        else:
            week[day].append((start, DAY))
            week[(day + 1) % 7] += [(0, end)] if end else []


def _minutes(hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > DAY:
        raise ValueError(hour)
    return minutes


def _apart(spans: list[tuple[int, int]]) -> Spans:
    """In order, and those that touch joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
