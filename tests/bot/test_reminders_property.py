"""Reminders of one case by two processes that die at any moment: each is said, and none twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.hours import parse
from bot.notices import LEASE
from bot.waits import Patience, Waits
from storage.conversations import Conversation
from tests.bot.conftest import Office, database, made
from tests.bot.failing import FailingSurface

OFFICE_HOURS = parse("mon-fri 09:00-17:00", ZoneInfo("Europe/Berlin"))


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Waits]]:
    """Two processes on one database and one platform."""
    office = made(database(tmp_path_factory.mktemp("replicas")), hours=OFFICE_HOURS)
    yield office, Waits(office.kit, office.cases, Patience())
    office.kit.db.close()


@given(st.lists(st.tuples(st.sampled_from((1, 4, 15, 600)), st.booleans(), st.text("xX ", max_size=3)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_neither_lost_nor_repeated_whoever_dies(
    replicas: tuple[Office, Waits], steps: list[tuple[int, bool, str]]
) -> None:
    office, other = replicas
    surface = FailingSurface()
    object.__setattr__(office.kit, "surface", surface)
    office.clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    case = office.case(office.ask("a human please"))
    for minutes, second, surface.fate in steps:
        office.clock.now += timedelta(minutes=minutes)
        _sweep(other if second else office.waits, case)
    surface.fate = ""
    for _ in range(3):
        office.clock.now += LEASE
        _sweep(office.waits, case)
    marks = [it[-1] for it in surface.notes] + [it.mark for *_, it in surface.said if it.mark]
    assert len(marks) == len(set(marks)), "said twice"
    waited = OFFICE_HOURS.elapsed(case.waiting_since or office.clock.now, office.clock.now)
    expected = {
        "agents": waited >= timedelta(minutes=10),
        "late": waited >= timedelta(minutes=15),
        "owners": waited >= timedelta(minutes=30),
    }
    if OFFICE_HOURS.open(office.clock.now):
        said = {kind: any(mark.endswith(kind) for mark in marks) for kind in expected}
        assert said == expected, "lost"
    office.cases.resolve(case.id)


def _sweep(waits: Waits, case: Conversation) -> None:
    try:
        if case.id in waits.due():
            waits.work(case.id)
    except SystemExit:
        pass
