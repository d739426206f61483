from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest import Digest, at
from bot.figures import Yardsticks
from model.types import UnderstudyError
from storage.feedback import Feedback
from storage.keyvalues import KeyValues
from tests.bot.conftest import Office


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def test_it_tells_of_the_day_and_of_who_waits_longest(office: Office) -> None:
    office.clock.now = datetime.now(UTC)
    asked = office.ask("parcel")
    office.ask("a human please, this &amp; that", user="UTOM", channel="DTOM")
    office.ask("human, me too", user="UANN", channel="DANN")
    with office.kit.db.writing() as session:
        Feedback(session).give("T1", asked.turn_id, "UMIA", "bad")
    clock = Clock()
    clock.now += timedelta(minutes=90)
    assert Digest(office.kit, Yardsticks(), clock).post()
    [lines] = office.surface.digests
    assert lines == [
        "*The last 24 hours*",
        "3 messages in 3 cases, 1 of them answered alone, 2 handed over.",
        "2 wait for a person, <@UTOM> the longest, for 1 h: a human please, this &amp; that",
        "3 messages to review (1 disliked).",
    ]


def test_one_message_in_one_case_is_told_in_the_singular(office: Office) -> None:
    asked = office.ask("parcel")
    with office.kit.db.writing() as session:
        Feedback(session).give("T1", asked.turn_id, "UMIA", "bad")
    lines, _ = Digest(office.kit, Yardsticks()).lines()
    assert lines[1] == "1 message in 1 case, 1 of them answered alone, none handed over."
    assert lines[-1] == "1 message to review (1 disliked)."


def test_it_counts_the_knowledge_gaps(office: Office) -> None:
    office.ask("parcel")
    lines, _ = Digest(office.kit, Yardsticks(), gaps=lambda: 2).lines()
    assert lines[-1] == "2 questions keep coming without an answer: see `kb gaps`."


def test_on_a_quiet_day_it_says_nothing(office: Office) -> None:
    assert not Digest(office.kit, Yardsticks()).post()
    assert office.surface.digests == []
    office.ask("a human please")
    office.kit.people.set_up("", ["UOWNER"])
    assert not Digest(office.kit, Yardsticks()).post(), "nobody to tell"


def test_one_a_day_whatever_restarts(office: Office) -> None:
    office.ask("a human please")
    clock = Clock()
    zone = Yardsticks(zone=ZoneInfo("Asia/Tokyo"))
    assert [Digest(office.kit, zone, clock).post() for _ in range(3)] == [True, False, False]
    clock.now += timedelta(days=1)
    assert Digest(office.kit, zone, clock).post()
    with office.kit.db.reading() as session:
        kept = KeyValues(session, "T1").keys("digest:")
    assert kept == [f"digest:{clock.now.astimezone(zone.zone):%Y-%m-%d}"]


def test_one_that_could_not_be_posted_is_not_lost(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.ask("a human please")

    def broken(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(office.surface, "digest", broken)
        with pytest.raises(ConnectionError):
            Digest(office.kit, Yardsticks()).post()
    assert Digest(office.kit, Yardsticks()).post()


def test_times() -> None:
    assert at(" 8:30 ") == (8, 30)
    assert at("") is None
    for wrong in ("8", "24:00", "8:3", "08:60", "morning", "-1:00", "8:30pm"):
        with pytest.raises(UnderstudyError, match="DIGEST_TIME: expected a time of day such as 08:30"):
            at(wrong)
