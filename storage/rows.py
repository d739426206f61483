"""What the repositories share: rows become frozen dataclasses, and inserts that a duplicate does not trouble."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import CursorResult, Executable, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.session import Session

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def read(kind: type[T], row: RowMapping | Mapping[str, Any]) -> T:
    """Make a `kind` of the columns of its fields' names; JSON lists become tuples, null ones empty."""
    return kind(**{name: _frozen(row[name], empty) for name, empty in _columns(kind)})


@cache
def _columns(kind: type[Any]) -> tuple[tuple[str, Callable[[], Any] | None], ...]:
    """The name of each field, and what makes the empty value that stands for null, where one does."""
    made = {"tuple": tuple, "dict": dict}
    return tuple((field.name, made.get(str(field.type).partition("[")[0])) for field in fields(kind))


def _frozen(value: Any, empty: Callable[[], Any] | None) -> Any:
    if value is None and empty is not None:
        return empty()
    return tuple([_frozen(item, None) for item in value]) if isinstance(value, list) else value


def insert_new(session: Session, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique key has it already; says whether it was inserted."""
    return inserted(session, table, values) is not None


def inserted(session: Session, table: Table, values: Mapping[str, Any]) -> RowMapping | None:
    """Insert a row unless a unique key has it already; the row as it is now, or none where nothing was inserted."""
    return session.execute(_insert(session.dialect.name, table, returning=True), dict(values)).mappings().first()


def insert_all(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows at once; those that a unique key has already are passed over."""
    if rows:
        session.execute(_insert(session.dialect.name, table), [dict(row) for row in rows])


@cache
def _insert(dialect: str, table: Table, *, returning: bool = False) -> Any:
    statement: Any = (sqlite if dialect == "sqlite" else postgresql).insert(table).on_conflict_do_nothing()
    return statement.returning(table) if returning else statement


def changed(session: Session, statement: Executable) -> int:
    """Run a statement that writes; returns the number of rows it touched."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def new_id(session: Session, table: Table, values: Mapping[str, Any]) -> int:
    """Insert a row and return its id."""
    result = cast("CursorResult[Any]", session.execute(table.insert().values(**values)))
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
