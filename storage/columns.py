"""The kinds of columns that the tables are made of, and what all tables belong to."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, Dialect, Integer, MetaData, String, Text, TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected a time with a time zone, found {value!r}: use storage.tables.utcnow()")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utcnow() -> datetime:
    """Now, in UTC, with its time zone."""
    return datetime.now(UTC)


def json(name: str) -> Column[Any]:
    return Column(name, JSON(none_as_null=True))


def text(name: str, *, default: str | None = "") -> Column[str]:
    return Column(name, Text, nullable=False, default=default)


def name(name: str, *, default: str | None = None, index: bool = False) -> Column[str]:
    """A short identifier: Slack's ids and timestamps, labels, versions."""
    return Column(name, String(255), nullable=False, default=default, index=index)


def flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=False)


def time(name: str, *, nullable: bool = False, index: bool = False) -> Column[datetime]:
    return Column(name, Utc, nullable=nullable, index=index)


def key() -> Column[int]:
    return Column("id", Integer, primary_key=True)
