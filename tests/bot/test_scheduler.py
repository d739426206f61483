"""When a training starts by itself."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.control import TrainingControl
from bot.scheduler import LATE, Scheduler, cron
from bot.settings import LOCAL_TEAM, Settings
from model.types import UnderstudyError
from storage.database import Database

BERLIN = ZoneInfo("Europe/Berlin")


class CountingControl(TrainingControl):
    """Counts instead of training."""

    def __init__(self, settings: Settings, db: Database) -> None:
        super().__init__(settings, db, LOCAL_TEAM, lambda words, more, trained: None)
        self.fired = threading.Semaphore(0)

    def scheduled(self) -> None:
        self.fired.release()


def scheduler(home: Path, **more: object) -> tuple[Scheduler, CountingControl]:
    settings = Settings(_env_file=None, data_dir=home, **more)  # type: ignore[call-arg, arg-type]
    control = CountingControl(settings, Database(settings.url))
    return Scheduler(settings, control), control


@pytest.fixture
def clean() -> Iterator[list[Scheduler]]:
    made: list[Scheduler] = []
    yield made
    for each in made:
        each.close()


def test_next_run_in_the_desks_time_zone(tmp_path: Path, clean: list[Scheduler]) -> None:
    made, control = scheduler(tmp_path, timezone="Europe/Berlin")
    clean.append(made)
    made.start()
    coming = control.next_run()
    assert coming is not None
    assert (coming.hour, coming.minute) == (3, 0)
    assert coming.utcoffset() == datetime.now(BERLIN).replace(hour=3).utcoffset()


def test_no_schedule(tmp_path: Path, clean: list[Scheduler]) -> None:
    made, control = scheduler(tmp_path, retrain_cron="")
    clean.append(made)
    made.start()
    assert control.next_run() is None


def test_a_late_job_still_runs_once(tmp_path: Path, clean: list[Scheduler]) -> None:
    made, _ = scheduler(tmp_path)
    clean.append(made)
    made.start()
    job = made._scheduler.get_jobs()[0]
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, LATE)


def test_it_fires(tmp_path: Path, clean: list[Scheduler]) -> None:
    made, control = scheduler(tmp_path)
    clean.append(made)
    made.start()
    made._scheduler.modify_job("retrain", next_run_time=datetime.now(BERLIN))
    assert control.fired.acquire(timeout=10)


@pytest.mark.parametrize(
    ("weekday", "days"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("sat,0", "Sat Sun"),
        ("*/3", "Sun Wed Sat"),
    ],
)
def test_weekdays_count_from_sunday_as_in_cron(weekday: str, days: str) -> None:
    trigger = cron(f"0 3 * * {weekday}", BERLIN)
    found, now = set(), datetime(2026, 11, 22, 12, tzinfo=BERLIN)
    for _ in range(7):
        fired = trigger.get_next_fire_time(None, now)
        found.add(f"{fired:%a}")
        now = fired.replace(hour=12)
    assert found == set(days.split())


@pytest.mark.parametrize(
    "expression", ["3", "0 3 * *", "0 3 * * * *", "x 3 * * *", "0 25 * * *", "0 3 * * 5-1", "0 3 * * 9"]
)
def test_a_malformed_schedule_is_refused_in_one_line(expression: str) -> None:
    with pytest.raises(UnderstudyError, match="RETRAIN_CRON: expected five fields") as caught:
        cron(expression, BERLIN)
    assert "\n" not in str(caught.value)


def test_the_digest_comes_once_a_day_or_never(tmp_path: Path, clean: list[Scheduler]) -> None:
    for time, fields in (("07:05", ("7", "5")), ("", None)):
        settings = Settings(_env_file=None, data_dir=tmp_path, digest_time=time, timezone="Europe/Berlin")  # type: ignore[call-arg]
        made = Scheduler(settings, CountingControl(settings, Database(settings.url)), lambda: None)
        clean.append(made)
        job = made._scheduler.get_job("digest")
        if fields is None:
            assert job is None
            continue
        hour, minute = (str(field) for field in job.trigger.fields if field.name in ("hour", "minute"))
        assert (hour, minute) == fields
        assert job.trigger.timezone == BERLIN
