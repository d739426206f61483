"""Whether scheduled trainings rest. Kept in SQL, so that neither a restart nor another process forgets it."""

from dataclasses import dataclass
from datetime import datetime

from storage.keyvalues import KeyValues
from storage.session import Session
from storage.tables import utcnow

KEY = "trainings_paused"


@dataclass(frozen=True, slots=True)
class Pause:
    """Who paused them, and since when they rest."""

    by: str
    since: datetime


def standing(session: Session, team: str) -> Pause | None:
    """The pause in force, or none."""
    kept = KeyValues(session, team).get(KEY)
    return Pause(str(kept["by"]), datetime.fromisoformat(kept["since"])) if kept else None


def begin(session: Session, team: str, by: str) -> bool:
    """Let them rest; False where they rest already."""
    return KeyValues(session, team).add(KEY, {"by": by, "since": utcnow().isoformat()})


def end(session: Session, team: str) -> bool:
    """Let them go on; False where they did not rest."""
    rested = standing(session, team) is not None
    KeyValues(session, team).delete(KEY)
    return rested
