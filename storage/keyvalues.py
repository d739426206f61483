"""A team's small settings and marks that belong to no other table, as JSON values."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from storage.rows import insert_new
from storage.session import Session
from storage.tables import settings_kv

_VALUE = select(settings_kv.c.value).where(
    settings_kv.c.team_id == bindparam("team"), settings_kv.c.key == bindparam("name")
)


class KeyValues:
    def __init__(self, session: Session, team: str) -> None:
        self._session = session
        self._team = team

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or the default where there is none."""
        row = self._session.execute(_VALUE, {"team": self._team, "name": key}).first()
        return default if row is None else row[0]

    def set(self, key: str, value: Any) -> None:
        """Keep a value that JSON can hold."""
        if not self.add(key, value):
            self._session.execute(update(settings_kv).where(self._where(key)).values(value=value))

    def add(self, key: str, value: Any) -> bool:
        """Keep a value under a key that has none yet; False where it has: so only one of several gets it."""
        return insert_new(self._session, settings_kv, {"team_id": self._team, "key": key, "value": value})

    def delete(self, key: str) -> None:
        self._session.execute(delete(settings_kv).where(self._where(key)))

    def keys(self, prefix: str = "") -> list[str]:
        c = settings_kv.c
        query = select(c.key).where(c.team_id == self._team, c.key.startswith(prefix, autoescape=True))
        return list(self._session.execute(query.order_by(c.key)).scalars())

    def under(self, prefix: str) -> dict[str, Any]:
        """Keys that begin so, with their values."""
        c = settings_kv.c
        query = select(c.key, c.value).where(c.team_id == self._team, c.key.startswith(prefix, autoescape=True))
        return {row.key: row.value for row in self._session.execute(query.order_by(c.key))}

    def _where(self, key: str) -> ColumnElement[bool]:
        return (settings_kv.c.team_id == self._team) & (settings_kv.c.key == key)
