"""Intents of one team: titles, approved answers, and how each is treated."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

from sqlalchemy import delete, select, update

from storage.rows import changed, insert_new, read
from storage.session import Session
from storage.tables import intents


class IntentLike(Protocol):
    """What is read of an intent (`model.types.Intent` has it)."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def answer(self) -> str | None: ...
    @property
    def compose(self) -> bool: ...
    @property
    def small_talk(self) -> bool: ...
    @property
    def handoff(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class IntentRow:
    name: str
    title: str
    description: str
    answer: str | None
    compose: bool
    small_talk: bool
    handoff: bool
    source: str
    archived: bool


class Intents:
    def __init__(self, session: Session, team: str) -> None:
        self._session = session
        self._team = team

    def upsert(self, intent: IntentLike, source: str) -> Literal["new", "changed", "same"]:
        """Keep an intent under its name; an archived one comes back."""
        wanted = IntentRow(
            name=intent.name,
            title=intent.title,
            description=intent.description,
            answer=intent.answer,
            compose=intent.compose,
            small_talk=intent.small_talk,
            handoff=intent.handoff,
            source=source,
            archived=False,
        )
        values: dict[str, Any] = asdict(wanted)
        if insert_new(self._session, intents, {"team_id": self._team, **values}):
            return "new"
        found = self.get(intent.name)
        if found == wanted:
            return "same"
        self._set(intent.name, values)
        same = found is not None and asdict(found) | {"source": source} == values
        return "same" if same else "changed"

    def all(self, archived: bool = False) -> list[IntentRow]:
        """The intents by name; with `archived`, those too."""
        query = select(intents).where(intents.c.team_id == self._team).order_by(intents.c.name)
        if not archived:
            query = query.where(intents.c.archived.is_(False))
        return [read(IntentRow, row) for row in self._session.execute(query).mappings()]

    def in_order(self) -> list[str]:
        """The names in the order in which the intents came: that of the file, where they come from one."""
        query = select(intents.c.name).where(intents.c.team_id == self._team).order_by(intents.c.id)
        return list(self._session.scalars(query))

    def get(self, name: str) -> IntentRow | None:
        query = select(intents).where(intents.c.team_id == self._team, intents.c.name == name)
        row = self._session.execute(query).mappings().first()
        return read(IntentRow, row) if row else None

    def archive(self, name: str) -> bool:
        """Take an intent out of use without forgetting it; False where there is none."""
        return self._set(name, {"archived": True}) == 1

    def restore(self, name: str) -> bool:
        """Bring an archived intent back; False where there is none of that name."""
        return self._set(name, {"archived": False}) == 1

    def rename(self, old: str, new: str) -> bool:
        """Keep an intent's title, answer and settings under another name, which must be free."""
        return self._set(old, {"name": new}) == 1

    def delete_source(self, source: str) -> int:
        """Take out every intent of this source; returns how many."""
        mine = delete(intents).where(intents.c.team_id == self._team, intents.c.source == source)
        return changed(self._session, mine)

    def _set(self, name: str, values: dict[str, Any]) -> int:
        mine = update(intents).where(intents.c.team_id == self._team, intents.c.name == name)
        return changed(self._session, mine.values(**values))
