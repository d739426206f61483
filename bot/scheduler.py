"""When trainings start by themselves: APScheduler jobs from the settings. The training itself is a child process."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.control import TrainingControl
from bot.hours import timezone
from bot.settings import Settings
from model.types import UnderstudyError

JOB = "retrain"
LATE = 3600
"""Seconds a job may be late, because the machine slept; APScheduler's default of one second skips silently."""
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class Scheduler:
    """Fires the jobs; tells the control when the next training comes.

    Raises:
        UnderstudyError: RETRAIN_CRON or TIMEZONE cannot be read.
    """

    def __init__(self, settings: Settings, control: TrainingControl) -> None:
        zone = timezone(settings.timezone)
        self._scheduler = BackgroundScheduler(timezone=zone)
        if settings.retrain_cron.strip():
            self._scheduler.add_job(
                control.scheduled,
                cron(settings.retrain_cron, zone),
                id=JOB,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=LATE,
            )
        control.next_run = self.next_run

    def start(self) -> None:
        self._scheduler.start()

    def next_run(self) -> datetime | None:
        """When the next training may start; none without a schedule."""
        job = self._scheduler.get_job(JOB)
        return getattr(job, "next_run_time", None) if job else None

    def close(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def cron(expression: str, zone: ZoneInfo) -> CronTrigger:
    """A trigger of five cron fields.

    Raises:
        UnderstudyError: they cannot be read.
    """
    fields = expression.split()
    try:
        if len(fields) != 5:
            raise ValueError
        minute, hour, day, month, week = fields
        return CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=_days(week), timezone=zone)
    except ValueError:
        raise UnderstudyError(
            "RETRAIN_CRON: expected five fields (minute hour day month weekday, such as 0 3 * * *) or nothing, "
            f"found {expression!r}. Correct it in .env."
        ) from None


def _days(field: str) -> str:
    """Cron counts weekdays from Sunday, 0 or 7; APScheduler from Monday. Names mean the same to both."""
    if not re.search(r"\d", field):
        return field.lower()
    chosen: set[int] = set()
    for part in field.split(","):
        span, _, step = part.lower().partition("/")
        first, _, last = span.partition("-")
        low = 0 if first == "*" else _day(first)
        high = 6 if first == "*" else _day(last) if last else 6 if step else low
        if high < low or int(step or 1) < 1:
            raise ValueError(field)
        chosen.update(day % 7 for day in range(low, high + 1, int(step or 1)))
    return ",".join(DAYS[day] for day in sorted(chosen))


def _day(name: str) -> int:
    number = DAYS.index(name) if name in DAYS else int(name)
    if not 0 <= number <= 7:
        raise ValueError(name)
    return number
