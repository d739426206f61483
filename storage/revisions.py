"""The schema's revision: which one this program knows, which one a database has, and the way from one to the other."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage import tables
from storage.errors import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x756E6465  # "unde": the number of PostgreSQL's advisory lock


def head() -> str:
    """The revision this program knows."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def check(connection: Connection, where: str) -> None:
    """Raise StorageError unless the database has this program's revision."""
    found = _known(connection, where)
    if found != head():
        raise StorageError(
            f"expected revision {head()} of the database at {where}, found {found or 'none'}: "
            "bring it up to date with `understudy setup`."
        )


def check_readable(connection: Connection, where: str) -> None:
    """Raise StorageError unless the database is sound and of this program's revision or an older one."""
    if _known(connection, where) is None:
        raise StorageError(f"expected an Understudy database at {where}, found an empty one: restore a backup.")
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA quick_check")).scalar() != "ok":
        raise StorageError(f"expected a sound database at {where}, found a damaged one: restore a sound backup.")


def upgrade(connection: Connection, where: str) -> None:
    """Bring the database to this program's revision, inside the transaction of `connection`.

    The transaction is the lock: SQLite's begins IMMEDIATE; PostgreSQL's takes an advisory lock, so that two processes
    that start together migrate once.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if _known(connection, where) == head():
        return
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _known(connection: Connection, where: str) -> str | None:
    """The database's revision, None where it is empty.

    Raises:
        StorageError: a revision this program does not know, or tables that are not ours.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        taken = set(inspect(connection).get_table_names()) & set(tables.metadata.tables)
        if taken:
            raise StorageError(
                f"expected an empty or an Understudy database at {where}, found the table {min(taken)} of something "
                "else: set DATABASE_URL to another database."
            )
    elif found not in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
        raise StorageError(
            f"expected revision {head()} or older of the database at {where}, found {found}, which a newer "
            "Understudy wrote: update Understudy, or restore a backup."
        )
    return found
