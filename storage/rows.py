"""What the repositories share: rows become frozen dataclasses, and inserts that a duplicate does not trouble."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import CursorResult, Executable, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.session import Session

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def read(kind: type[T], row: RowMapping | Mapping[str, Any]) -> T:
    """Make a `kind` of the columns of its fields' names; JSON lists become tuples, null ones empty."""
    return kind(**{field.name: _frozen(row[field.name], str(field.type)) for field in fields(kind)})


def _frozen(value: Any, declared: str) -> Any:
    if value is None and declared.startswith("tuple"):
        return ()
    if value is None and declared.startswith("dict"):
        return {}
    return tuple(_frozen(item, "") for item in value) if isinstance(value, list) else value


def insert_new(session: Session, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique key has it already; says whether it was inserted."""
    dialect = sqlite if session.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing().returning(table.c.team_id)
    return session.execute(statement).first() is not None


def insert_all(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows at once; those that a unique key has already are passed over."""
    if rows:
        dialect = sqlite if session.dialect.name == "sqlite" else postgresql
        session.execute(dialect.insert(table).on_conflict_do_nothing(), [dict(row) for row in rows])


def changed(session: Session, statement: Executable) -> int:
    """Run a statement that writes; returns the number of rows it touched."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def new_id(session: Session, table: Table, values: Mapping[str, Any]) -> int:
    """Insert a row and return its id."""
    result = cast("CursorResult[Any]", session.execute(table.insert().values(**values)))
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
