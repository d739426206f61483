"""Corrections: what an agent says a text means. Append-only: to change one's mind is another row; the latest wins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from storage.dismissals import dismissed
from storage.fingerprints import fingerprint
from storage.opt_outs import opted_out
from storage.rows import new_id, read
from storage.session import Session
from storage.tables import ERASED, conversations, corrections, turns, utcnow


@dataclass(frozen=True, slots=True)
class Correction:
    id: int
    team_id: str
    turn_id: int | None
    text: str
    before: str
    """The label until then; empty where there was none."""
    after: str
    """The right label; may be `oos`. Equal to `before` where an agent confirmed it."""
    better_answer: str | None
    by: str
    at: datetime
    source: str
    """card, shortcut, command, review or import."""
    model_version: str
    note: str
    undoes: int | None
    """The correction that this row takes back."""
    conversation_id: int | None
    """Of its turn, for a split that keeps a conversation together."""
    is_test: bool
    """Its turn was an agent's own test."""
    opted_out: bool
    """Its customer wants nothing learned from them."""
    part_of: int | None = None
    """The correction that it was given along with, because the texts are nearly the same."""
    dismissed: bool = False
    """Its turn was no request after all."""


FLAGS = ("is_test", "opted_out", "dismissed")
"""Of a correction; the database gives them as numbers."""


class Corrections:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        team: str,
        text: str,
        before: str,
        after: str,
        by: str,
        source: str,
        turn_id: int | None = None,
        better_answer: str | None = None,
        model_version: str = "",
        note: str = "",
        part_of: int | None = None,
    ) -> Correction:
        """Append a correction."""
        return self._append(
            team_id=team,
            turn_id=turn_id,
            text=text,
            before=before,
            after=after,
            better_answer=better_answer,
            by=by,
            source=source,
            model_version=model_version,
            note=note,
            part_of=part_of,
        )

    def undo(self, correction_id: int, by: str, source: str = "card") -> Correction:
        """Take a correction back by appending; what stood before it stands again. An undo can be undone.

        Raises:
            LookupError: there is no such correction.
        """
        former = self.get(correction_id)
        if former is None:
            raise LookupError(f"no correction {correction_id}")
        return self._append(
            team_id=former.team_id,
            turn_id=former.turn_id,
            text=former.text,
            before=former.after,
            after=former.before,
            by=by,
            source=source,
            model_version=former.model_version,
            undoes=correction_id,
        )

    def get(self, correction_id: int) -> Correction | None:
        found = self._all(corrections.c.id == correction_id)
        return found[0] if found else None

    def parts(self, correction_id: int) -> list[Correction]:
        """What was given along with a correction."""
        return self._all(corrections.c.part_of == correction_id)

    def latest(self, turn_id: int) -> Correction | None:
        """What stands for this turn, or None."""
        standing = _standing(self._all(corrections.c.turn_id == turn_id))
        return standing[-1] if standing else None

    def all(self, team: str | None = None) -> list[Correction]:
        """The whole log, oldest first."""
        return self._all(*_team(team))

    def effective(self, team: str | None = None, since: datetime | None = None) -> list[Correction]:
        """What stands and may be learned, oldest first: the latest of each turn and of each text.

        Without what was undone, what was erased, turns that were no request, and what is of customers who want nothing
        learned from them.

        Args:
            since: only what was given from then on; nothing before it can stand in the way of that.
        """
        given = () if since is None else (corrections.c.at >= since,)
        latest: dict[tuple[str, str], Correction] = {}
        for row in _standing(self._all(*_team(team), *given)):
            if row.text == ERASED or row.opted_out or row.dismissed:
                continue
            latest.pop(key := (row.team_id, fingerprint(row.text)), None)
            latest[key] = row
        return list(latest.values())

    def count_since(self, when: datetime, team: str | None = None) -> int:
        """How many labels that stand were given after `when`; agents' tests left out."""
        return sum(row.at > when and not row.is_test for row in self.effective(team, when))

    def _append(self, **values: Any) -> Correction:
        appended = self.get(new_id(self._session, corrections, {**values, "at": utcnow()}))
        assert appended is not None
        return appended

    def _all(self, *conditions: ColumnElement[bool]) -> list[Correction]:
        query = _joined().where(*conditions).order_by(corrections.c.id)
        return [
            read(Correction, {**row, **{flag: bool(row[flag]) for flag in FLAGS}})
            for row in self._session.execute(query).mappings()
        ]


def not_undone() -> ColumnElement[bool]:
    """Corrections that no later row takes back, for counting (an undo that was undone itself does not count)."""
    later = corrections.alias()
    return corrections.c.undoes.is_(None) & ~exists().where(later.c.undoes == corrections.c.id)


def _joined() -> Select[Any]:
    return (
        select(
            corrections,
            turns.c.conversation_id,
            conversations.c.is_test,
            opted_out().label("opted_out"),
            dismissed().label("dismissed"),
        )
        .outerjoin(turns, turns.c.id == corrections.c.turn_id)
        .outerjoin(conversations, conversations.c.id == turns.c.conversation_id)
    )


def _team(team: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if team is None else (corrections.c.team_id == team,)


def _standing(rows: list[Correction]) -> list[Correction]:
    """Rows in force, oldest first. Read backwards: a later row may take an earlier one back, never the reverse."""
    undone: set[int] = set()
    standing: list[Correction] = []
    per_turn: set[int] = set()
    for row in reversed(rows):
        if row.id in undone:
            continue
        if row.undoes is not None:
            undone.add(row.undoes)
        elif row.turn_id is None:
            standing.append(row)
        elif row.turn_id not in per_turn:
            per_turn.add(row.turn_id)
            standing.append(row)
    return standing[::-1]
