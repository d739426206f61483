"""How the desk answers: a mode and a threshold for the desk, a channel or an intent. Append-only, with who said so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, func, select

from storage.rows import new_id, read
from storage.session import Session
from storage.tables import desk_rules, utcnow

Scope = Literal["desk", "channel", "intent"]


@dataclass(frozen=True, slots=True)
class DeskRule:
    """What was said of one subject at one moment; it replaces all that was said of it before."""

    id: int
    scope: Scope
    subject: str
    """A channel's id or an intent's name; empty for the desk."""
    mode: str
    """Empty: nothing of its own."""
    threshold: float | None
    answer_all: bool
    """Whether every message of this channel is a customer's, mentioned or not."""
    by: str
    at: datetime


_LATEST = (
    select(func.max(desk_rules.c.id))
    .where(desk_rules.c.team_id == bindparam("team"))
    .group_by(desk_rules.c.scope, desk_rules.c.subject)
)
_STANDING = select(desk_rules).where(desk_rules.c.id.in_(_LATEST)).order_by(desk_rules.c.id)


class DeskRules:
    def __init__(self, session: Session, team: str) -> None:
        self._session = session
        self._team = team

    def say(
        self,
        scope: Scope,
        subject: str,
        by: str,
        *,
        mode: str = "",
        threshold: float | None = None,
        answer_all: bool = False,
    ) -> None:
        """Append what counts from now on."""
        values = {
            "team_id": self._team,
            "scope": scope,
            "subject": subject,
            "mode": mode,
            "threshold": threshold,
            "answer_all": answer_all,
            "by": by,
            "at": utcnow(),
        }
        new_id(self._session, desk_rules, values)

    def standing(self) -> list[DeskRule]:
        """The latest of each subject, in the order of their saying."""
        return [read(DeskRule, row) for row in self._session.execute(_STANDING, {"team": self._team}).mappings()]

    def history(self, limit: int = 20) -> list[DeskRule]:
        """What was said, the newest first."""
        query = select(desk_rules).where(desk_rules.c.team_id == self._team).order_by(desk_rules.c.id.desc())
        return [read(DeskRule, row) for row in self._session.execute(query.limit(limit)).mappings()]
