"""Training runs. A run is claimed here before it starts, so that two processes never train at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, select, update

from storage.rows import changed, insert_new, read
from storage.session import Session
from storage.tables import training_runs, utcnow

Status = Literal["claimed", "running", "promoted", "kept", "failed", "cancelled"]
EXPIRES = timedelta(minutes=2)
"""A claim without a heartbeat for this long is another's to take."""
ACTIVE = 1


@dataclass(frozen=True, slots=True)
class TrainingRun:
    id: int
    team_id: str
    kind: str
    status: Status
    claimed_by: str
    heartbeat_at: datetime
    started_at: datetime
    finished_at: datetime | None
    champion: str
    challenger: str
    rows: int
    figures: dict[str, Any]
    verdict: str
    error: str


class TrainingRuns:
    def __init__(self, session: Session, team: str) -> None:
        self._session = session
        self._team = team

    def claim(self, kind: str, claimed_by: str, now: datetime | None = None) -> TrainingRun | None:
        """Begin a run, or None while another is alive. One at a time for the whole database, whatever its kind."""
        now = now or utcnow()
        self._expire(now)
        values: dict[str, Any] = {
            "team_id": self._team,
            "kind": kind,
            "claimed_by": claimed_by,
            "heartbeat_at": now,
            "started_at": now,
            "slot": ACTIVE,
        }
        return self.active() if insert_new(self._session, training_runs, values) else None

    def heartbeat(self, run_id: int, status: Literal["claimed", "running"] = "running",
                  now: datetime | None = None) -> bool:  # fmt: skip
        """Say that the run is alive; False when the claim was lost: then stop."""
        return self._update(run_id, heartbeat_at=now or utcnow(), status=status)

    def finish(
        self,
        run_id: int,
        status: Literal["promoted", "kept", "failed", "cancelled"],
        *,
        champion: str = "",
        challenger: str = "",
        rows: int = 0,
        figures: Mapping[str, Any] | None = None,
        verdict: str = "",
        error: str = "",
    ) -> bool:
        """Close the run; False when it was closed already, or its claim was lost."""
        return self._update(
            run_id,
            status=status,
            champion=champion,
            challenger=challenger,
            rows=rows,
            figures=dict(figures or {}),
            verdict=verdict,
            error=error,
            finished_at=utcnow(),
            slot=None,
        )

    def latest(self, kind: str | None = None) -> TrainingRun | None:
        """The newest run of this team, finished or not."""
        conditions = [training_runs.c.team_id == self._team]
        if kind is not None:
            conditions.append(training_runs.c.kind == kind)
        return self._one(*conditions)

    def concluded(self, kind: str) -> TrainingRun | None:
        """The newest run of this team that came to a verdict."""
        decided = training_runs.c.status.in_(("promoted", "kept"))
        return self._one(training_runs.c.team_id == self._team, training_runs.c.kind == kind, decided)

    def refused(self, limit: int) -> list[TrainingRun]:
        """The newest runs whose version was not promoted, newest first."""
        kept = (training_runs.c.team_id == self._team) & (training_runs.c.status == "kept")
        query = select(training_runs).where(kept).order_by(training_runs.c.id.desc()).limit(limit)
        return [read(TrainingRun, row) for row in self._session.execute(query).mappings()]

    def active(self) -> TrainingRun | None:
        """The run that holds the claim, of whichever team."""
        return self._one(training_runs.c.slot == ACTIVE)

    def get(self, run_id: int) -> TrainingRun | None:
        return self._one(training_runs.c.id == run_id)

    def _expire(self, now: datetime) -> None:
        dead = (training_runs.c.slot == ACTIVE) & (training_runs.c.heartbeat_at < now - EXPIRES)
        given_up = update(training_runs).where(dead)
        self._session.execute(
            given_up.values(slot=None, status="failed", finished_at=now, error="no sign of life for two minutes")
        )

    def _update(self, run_id: int, **values: Any) -> bool:
        held = (training_runs.c.id == run_id) & (training_runs.c.slot == ACTIVE)
        return changed(self._session, update(training_runs).where(held).values(**values)) == 1

    def _one(self, *conditions: ColumnElement[bool]) -> TrainingRun | None:
        query = select(training_runs).where(*conditions).order_by(training_runs.c.id.desc()).limit(1)
        row = self._session.execute(query).mappings().first()
        return read(TrainingRun, row) if row else None
