"""What a child process of the trainer has claimed in SQL, and how that ended."""

import platform
from collections.abc import Sequence

from bot.child import Child
from storage.database import Database
from storage.tables import utcnow
from storage.training_runs import EXPIRES, TrainingRun, TrainingRuns


def claimant(child: Child) -> str:
    """Who a child's runs are claimed by."""
    return f"{platform.node()}:{child.pid}"


def alive(run: TrainingRun) -> bool:
    """Whether an active run still gives signs of life."""
    return utcnow() - run.heartbeat_at < EXPIRES


def runs_of(db: Database, team: str, child: Child, kinds: Sequence[str]) -> list[TrainingRun]:
    """The last run of each kind, where it was this child's, which has ended."""
    found = []
    with db.writing() as session:
        runs = TrainingRuns(session, team)
        for kind in kinds:
            run = runs.latest(kind)
            if run is None or run.claimed_by != claimant(child):
                continue
            if run.finished_at is None:
                # It was killed: nobody else gives its claim back before it expires.
                runs.finish(run.id, "failed", error=f"the process ended: {child.said(1)[:200]}")
                run = runs.get(run.id) or run
            found.append(run)
    return found
