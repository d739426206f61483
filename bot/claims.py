"""A training run's claim in SQL: one at a time, kept alive by a heartbeat, given back at the end."""

import logging
import os
import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from storage.database import Database
from storage.training_runs import TrainingRun, TrainingRuns

log = logging.getLogger(__name__)
HEARTBEAT = 20.0
"""Seconds; a claim expires after two minutes without one."""


class Cancelled(Exception):
    """The run is to end: its claim was lost, or whoever started it is gone."""


class Busy(Exception):
    """Another run is alive."""

    def __init__(self, run: TrainingRun | None) -> None:
        super().__init__("another training runs")
        self.run = run


class Claim:
    """A run that this process holds."""

    def __init__(self, db: Database, team: str, run: TrainingRun) -> None:
        self.run = run
        self._db, self._team = db, team
        self._stop = threading.Event()
        self._lost = ""

    def check(self) -> None:
        """Raise Cancelled when the run is to end. Called between steps of the training."""
        if self._lost:
            raise Cancelled(self._lost)

    def hold(self) -> None:
        """Ask SQL too, before what cannot be undone: who ended the run may be another process.

        Raises:
            Cancelled: the run is to end.
        """
        self._ask()
        self.check()

    def cancel(self, why: str) -> None:
        """Have the run end at its next step."""
        self._lost = self._lost or why

    def ticking(self, share: float, what: str) -> None:
        """A trainer's progress callback that only checks."""
        self.check()

    def beat(self, interval: float) -> None:
        """Say every `interval` seconds that the run is alive, until `end`."""
        while not self._stop.wait(interval):
            try:
                if not self._ask():
                    return
            except Exception:
                log.exception("no heartbeat for training run %s", self.run.id)

    def _ask(self) -> bool:
        """Say that the run is alive; where it is not ours any more, have it end, and say so by False."""
        with self._db.writing() as session:
            runs = TrainingRuns(session, self._team)
            alive = runs.heartbeat(self.run.id)
            run = None if alive else runs.get(self.run.id)
        if not alive:
            ended = run is not None and run.status == "cancelled"
            self.cancel(run.error if ended and run is not None else "its claim was lost to another run")
        return alive

    def end(self) -> None:
        self._stop.set()

    def finish(self, status: str, **facts: object) -> bool:
        """Write the end of the run down; False when the claim was lost before."""
        with self._db.writing() as session:
            return TrainingRuns(session, self._team).finish(self.run.id, status, **facts)  # type: ignore[arg-type]


@contextmanager
def claimed(
    db: Database,
    team: str,
    kind: str,
    *,
    heartbeat: float = HEARTBEAT,
    held: Callable[[Claim], object] = lambda claim: None,
) -> Iterator[Claim]:
    """Hold the one claim while the body runs. A run that ends by an exception is written down as failed.

    Args:
        held: told of the claim, so that another thread may cancel it.

    Raises:
        Busy: another run is alive.
    """
    with db.writing() as session:
        runs = TrainingRuns(session, team)
        run = runs.claim(kind, f"{platform.node()}:{os.getpid()}")
        other = None if run is not None else runs.active()
    if run is None:
        raise Busy(other)
    claim = Claim(db, team, run)
    held(claim)
    threading.Thread(target=claim.beat, args=(heartbeat,), name=f"heartbeat-{run.id}", daemon=True).start()
    try:
        yield claim
    except Cancelled as error:
        claim.finish("cancelled", error=str(error))
        raise
    except BaseException as error:
        claim.finish("failed", error=f"{type(error).__name__}: {error}"[:500])
        raise
    finally:
        claim.end()
