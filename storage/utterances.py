"""Utterances: labelled rows that were imported, or came with the starter shop. One label a text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import delete, func, select, update

from storage.fingerprints import fingerprint
from storage.rows import changed, insert_all, read
from storage.session import Session
from storage.tables import utcnow, utterances


class ExampleLike(Protocol):
    """What is read of an example (`model.types.Example` has it)."""

    @property
    def text(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Utterance:
    id: int
    text: str
    label: str
    fingerprint: str
    source: str
    at: datetime


class Utterances:
    def __init__(self, session: Session, team: str) -> None:
        self._session = session
        self._team = team

    def add(self, examples: Iterable[ExampleLike], source: str) -> tuple[int, int]:
        """Keep the rows; returns (added or relabelled, known before).

        A known text with another label takes the new label. A starter row that is imported belongs to the team from
        then on, so that taking the starter out leaves it.
        """
        now = utcnow()
        held = {row.fingerprint: (row.label, row.source) for row in self.all()}
        new: dict[str, dict[str, Any]] = {}
        changes: dict[str, dict[str, Any]] = {}
        added = known = 0
        for example in examples:
            key = fingerprint(example.text)
            label, owner = held.get(key, ("", ""))
            same = label == example.label
            added, known = added + (not same), known + same
            if same and (owner == source or owner != "starter"):
                continue
            held[key] = (example.label, source)
            if key in new or not label:
                row = {"team_id": self._team, "fingerprint": key, "text": example.text, "at": now}
                new[key] = {**new.get(key, row), "label": example.label, "source": source}
            else:
                changes[key] = {"label": example.label, "source": source}
        self._write(new, changes)
        return added, known

    def all(self, source: str | None = None) -> list[Utterance]:
        """The rows in the order they came."""
        query = select(utterances).where(utterances.c.team_id == self._team).order_by(utterances.c.id)
        if source is not None:
            query = query.where(utterances.c.source == source)
        return [read(Utterance, row) for row in self._session.execute(query).mappings()]

    def counted(self) -> dict[str, int]:
        """Label, as it was called then -> how many of the team's own rows. The starter's are as many of each."""
        query = (
            select(utterances.c.label, func.count().label("n"))
            .where(utterances.c.team_id == self._team, utterances.c.source != "starter")
            .group_by(utterances.c.label)
        )
        return {str(row.label): int(row.n) for row in self._session.execute(query)}

    def delete_source(self, source: str) -> int:
        """Take out every row of this source; returns how many."""
        mine = delete(utterances).where(utterances.c.team_id == self._team, utterances.c.source == source)
        return changed(self._session, mine)

    def _write(self, new: Mapping[str, dict[str, Any]], changes: Mapping[str, dict[str, Any]]) -> None:
        insert_all(self._session, utterances, list(new.values()))
        c = utterances.c
        for key, values in changes.items():
            mine = update(utterances).where(c.team_id == self._team, c.fingerprint == key)
            self._session.execute(mine.values(**values))
