"""Utterances: labelled rows that were imported, or came with the starter shop. One label a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage.fingerprints import fingerprint
from storage.rows import changed, insert_new, read
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
        held = {row.fingerprint: row for row in self.all()}
        added = known = 0
        for example in examples:
            key = fingerprint(example.text)
            former = held.get(key)
            if former is not None and former.label == example.label:
                known += 1
            else:
                added += 1
            if former is None:
                held[key] = self._insert(key, example, source)
            elif former.label != example.label or (former.source == "starter" and source != "starter"):
                held[key] = self._change(former, example.label, source)
        return added, known

    def all(self, source: str | None = None) -> list[Utterance]:
        """The rows in the order they came."""
        query = select(utterances).where(utterances.c.team_id == self._team).order_by(utterances.c.id)
        if source is not None:
            query = query.where(utterances.c.source == source)
        return [read(Utterance, row) for row in self._session.execute(query).mappings()]

    def delete_source(self, source: str) -> int:
        """Take out every row of this source; returns how many."""
        mine = delete(utterances).where(utterances.c.team_id == self._team, utterances.c.source == source)
        return changed(self._session, mine)

    def _insert(self, key: str, example: ExampleLike, source: str) -> Utterance:
        values: dict[str, Any] = {"text": example.text, "label": example.label, "source": source, "at": utcnow()}
        insert_new(self._session, utterances, {"team_id": self._team, "fingerprint": key, **values})
        c = utterances.c
        query = select(utterances).where(c.team_id == self._team, c.fingerprint == key)
        return read(Utterance, self._session.execute(query).mappings().one())

    def _change(self, former: Utterance, label: str, source: str) -> Utterance:
        new = {"label": label, "source": source}
        self._session.execute(update(utterances).where(utterances.c.id == former.id).values(**new))
        return Utterance(former.id, former.text, label, former.fingerprint, source, former.at)
