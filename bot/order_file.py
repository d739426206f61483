"""Orders out of a CSV: the lookup that comes with Understudy, for trying it and for shops that can write one.

The first line names the columns: `customer`, `number` and `state`, and where known `placed`, `shipped`, `expected`,
`delivered`, `carrier`, `tracking`, `items`, `total`; others are left alone. The file is read again when it changes.
A row that is not usable is left out and named; a file that cannot be read leaves what was read before.
"""

import csv
import io
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

from bot.lookup import STATES, Order, State
from model.types import UnderstudyError

log = logging.getLogger(__name__)

NEEDED = ("customer", "number", "state")
DATES = ("placed", "shipped", "expected", "delivered")
WORDS = ("items", "total", "carrier", "tracking")
MOST_BYTES = 100_000_000
LONGEST = 300
"""Characters of a cell."""
NAMED = 5
"""Of the rows that were left out so many are named."""
_CUSTOMER = re.compile(r"(?:T[A-Z0-9]{1,30}/)?[UW][A-Z0-9]{1,30}")
_NUMBER = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_LINK = re.compile(r"https?://[^\s()<>|\"'\\]+")
_FROM_TODAY = re.compile(r"([+-]?\d{1,4})([dw])")
_ALSO = {"being_packed": "packing", "sent": "shipped", "canceled": "cancelled"}

Day = date | tuple[int, str] | None
"""A date, or so many days (d) or working days (w) from today."""


class CsvOrders:
    """Implements bot.lookup.Lookup. Thread-safe.

    Raises:
        UnderstudyError: there is no such file, or it is no such table. Only when it is made: later it stays with what
            it has read.
    """

    def __init__(self, path: Path, today: Callable[[], date] = date.today) -> None:
        self._path, self._today = path, today
        self._lock = threading.Lock()
        self._seen = _stamp(path)
        self._rows = read(path)
        self._trouble = ""
        self._report()

    def orders_of(self, customer: str) -> Sequence[Order]:
        return [row.on(self._today()) for row in self._fresh().of.get(customer, ())]

    def order(self, customer: str, number: str) -> Order | None:
        wanted = number.strip().casefold()
        return next((one for one in self.orders_of(customer) if one.number.casefold() == wanted), None)

    def _fresh(self) -> "Rows":
        """The rows, read again where the file has changed."""
        with self._lock:
            try:
                seen = _stamp(self._path)
                if seen != self._seen:
                    self._seen = seen  # first: what cannot be read now is not tried again until it changes
                    self._rows = read(self._path)
                    self._report()
                self._trouble = ""
            except UnderstudyError as error:
                if str(error) != self._trouble:
                    self._trouble = str(error)
                    log.warning("%s What was read before goes on.", error)
            return self._rows

    def _report(self) -> None:
        if self._rows.refused:
            log.warning("%s: %s", self._path, self._rows.said())


@dataclass(frozen=True, slots=True)
class Row:
    """An order with the days as they stand in the file."""

    order: Order
    days: Mapping[str, Day]

    def on(self, today: date) -> Order:
        found: dict[str, Any] = {name: _day(day, today) for name, day in self.days.items()}
        order = replace(self.order, **found)
        overdue = order.underway and order.expected is not None and order.expected < today
        return replace(order, state="late") if overdue else order


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file holds."""

    of: Mapping[str, Sequence[Row]]
    """By customer."""
    count: int
    refused: tuple[str, ...]
    """`line 7: state: expected ..., found ...`; names no customer and no order."""

    def said(self) -> str:
        """What was left out, in one line."""
        named = "; ".join(self.refused[:NAMED])
        more = f"; and {len(self.refused) - NAMED} more" if len(self.refused) > NAMED else ""
        return f"{len(self.refused)} of {self.count + len(self.refused)} orders left out: {named}{more}"


def read(path: Path) -> Rows:
    """Every usable row.

    Raises:
        UnderstudyError: there is no such file, or it is no such table.
    """
    rows: dict[str, list[Row]] = {}
    numbers: set[str] = set()
    refused: list[str] = []
    for line, cells in _table(path):
        try:
            row = _row(cells)
            if row.order.number.casefold() in numbers:
                raise ValueError("number: expected each number once, found it again; the first one counts")
        except ValueError as error:
            refused.append(f"line {line}: {error}")
            continue
        numbers.add(row.order.number.casefold())
        rows.setdefault(row.order.customer, []).append(row)
    return Rows(rows, len(numbers), tuple(refused))


def _table(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells, by the columns' names."""
    what = f"ORDERS_FILE: expected a CSV with the columns {', '.join(NEEDED)}"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnderstudyError(f"{what}, found more than {MOST_BYTES // 1_000_000} MB: {path}.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnderstudyError(f"{what}, found {path}: {error.strerror}. Correct it in .env.") from None
    except UnicodeDecodeError:
        raise UnderstudyError(f"{what}, found {path}, which is not UTF-8. Save it as UTF-8.") from None
    first = text.partition("\n")[0]
    parted = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parted)
    try:
        head = [name.strip().casefold() for name in next(reader, [])]
        if missing := [name for name in NEEDED if name not in head]:
            raise UnderstudyError(f"{what}, found {path} without {', '.join(missing)}. Name them in its first line.")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(head, (cell.strip() for cell in cells), strict=False))
    except csv.Error as error:
        raise UnderstudyError(f"{what}, found {path}, line {reader.line_num}: {error}.") from None


def _row(cells: Mapping[str, str]) -> Row:
    """One order. Raises ValueError with what is wrong, in words that name nobody."""
    customer, number = cells.get("customer", ""), cells.get("number", "").removeprefix("#")
    if not _CUSTOMER.fullmatch(customer):
        raise ValueError("customer: expected a Slack user id such as U0MIA, or T0FINCH/U0MIA, found something else")
    if not _NUMBER.fullmatch(number):
        raise ValueError("number: expected letters and digits, found something else")
    if long := next((name for name in WORDS if len(cells.get(name, "")) > LONGEST), ""):
        raise ValueError(f"{long}: expected at most {LONGEST} characters, found more")
    tracking = cells.get("tracking", "")
    if "://" in tracking and not _LINK.fullmatch(tracking):
        raise ValueError("tracking: expected a number or a whole https:// address, found something else")
    words: dict[str, Any] = {name: " ".join(cells.get(name, "").split()) for name in WORDS}
    days = {name: _read_day(name, cells.get(name, "")) for name in DATES}
    return Row(Order(customer, number, _state(cells.get("state", "")), **words), days)


def _state(words: str) -> State:
    name = "_".join(words.casefold().replace("-", " ").split())
    name = _ALSO.get(name, name)
    found = next((state for state in get_args(State) if state == name), None)
    if found is None:
        raise ValueError(f"state: expected one of {', '.join(STATES)}, found {words[:30]!r}")
    return found  # type: ignore[no-any-return]


def _read_day(name: str, words: str) -> Day:
    if not words or words.casefold() == "today":
        return (0, "d") if words else None
    if match := _FROM_TODAY.fullmatch(words.casefold()):
        return int(match.group(1)), match.group(2)
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        raise ValueError(f"{name}: expected 2026-11-30, or -3d, +2w, today, found {words[:30]!r}") from None


def _day(day: Day, today: date) -> date | None:
    if not isinstance(day, tuple):
        return day
    count, unit = day
    if unit == "d":
        return today + timedelta(days=count)
    step = timedelta(days=1 if count >= 0 else -1)
    found = today
    while _weekend(found):
        found += step
    for _ in range(abs(count)):
        found += step
        while _weekend(found):
            found += step
    return found


def _weekend(day: date) -> bool:
    return day.weekday() > 4


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when the file does: its time and size."""
    try:
        found = path.stat()
    except OSError as error:
        raise UnderstudyError(
            f"ORDERS_FILE: expected a CSV of orders, found {path}: {error.strerror}. Correct it in .env."
        ) from None
    return found.st_mtime_ns, found.st_size
