"""The database: one engine, reading and writing sessions, and the schema's revision.

SQLite has one writer at a time. A transaction that reads first and writes later fails at once when another writer came
between, whatever the timeout; so a writing session takes the write lock when it begins. Keep writing sessions short:
no model runs inside one.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from storage import revisions, tables
from storage.errors import StorageError
from storage.keyvalues import KeyValues
from storage.session import Session

__all__ = ["Database", "StorageError"]

POOL = 20
WRITER_PATIENCE = 60.0
"""Seconds a thread waits for other threads of this process that write."""


class Database:
    """Thread-safe. Nothing is opened before the first session."""

    def __init__(self, url: str) -> None:
        """Take a SQLAlchemy URL: `sqlite:////folder/file.db` or `postgresql+psycopg://...`.

        Raises:
            StorageError: the URL cannot be read, or its driver is not installed.
        """
        self._url = _parse(url)
        self.path = Path(self._url.database or "").resolve() if self.is_sqlite else None
        self._engine = _engine(self._url)
        self._writer = self._engine.execution_options(writing=True)
        # SQLite has one writer at a time; PostgreSQL needs no queue.
        self._queue = threading.Semaphore(1 if self.is_sqlite else POOL)
        self._held = threading.local()

    @property
    def is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @property
    def where(self) -> str:
        """The place in words, without a password."""
        return str(self.path) if self.path else self._url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database. A write in it fails."""
        self._require_file()
        with self._errors(), self._engine.connect() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that holds the write lock. Commits at the end, rolls back on an exception."""
        self._require_file()
        with self._errors(), self._one_writer(), self._writer.begin() as session:
            yield session

    def migrate(self) -> None:
        """Create the database or bring it to this version's revision, under a lock.

        Raises:
            StorageError: it is newer than this program, no database of ours, or cannot be reached.
        """
        if self.path:
            _make_folder(self.path.parent)
        with self._errors(), self._one_writer(), self._writer.begin() as connection:
            revisions.upgrade(connection, self.where)

    def check_revision(self) -> None:
        """Raise StorageError unless the database has exactly the revision this program knows."""
        self._require_file()
        with self._errors(), self._engine.connect() as connection:
            revisions.check(connection, self.where)

    def check_readable(self) -> None:
        """Raise StorageError unless this is a sound database of ours, of this revision or an older one."""
        self._require_file()
        with self._errors(), self._engine.connect() as connection:
            revisions.check_readable(connection, self.where)

    def prepare(self) -> None:
        """Create the database where there is none; one that is there must have the right revision."""
        if self.path and not self.path.exists():
            self.migrate()
        self.check_revision()

    def adopt(self, team: str) -> int:
        """Give the rows of no team (imported before the first connect) to `team`; returns how many moved.

        What the team has already under the same key stays, and the row of no team is left where it is. The team is
        remembered, so that later imports know it.
        """
        with self.writing() as session:
            KeyValues(session, "").set("team", team)
            return sum(_adopt(session, table, team) for table in _adoptable())

    def scrub(self) -> None:
        """Let nothing deleted linger in SQLite's write-ahead log (`secure_delete` has blanked the pages)."""
        if self.path and self.path.is_file():
            with self._errors(), self._engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """For tests and backup; repositories take a session."""
        return self._engine

    def _require_file(self) -> None:
        if self.path and not self.path.is_file():
            raise StorageError(f"expected a database at {self.path}, found none: create it with `understudy setup`.")

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        """Queue the writers of this process fairly; SQLite's own waiting is for other processes."""
        if getattr(self._held, "writing", False):
            raise RuntimeError("a writing session inside another of the same thread would wait for itself")
        if not self._queue.acquire(timeout=WRITER_PATIENCE):
            raise StorageError(
                f"expected the database at {self.where} to be free for writing within {WRITER_PATIENCE:.0f} s, found "
                "it held by another thread: restart the bot and report this."
            )
        self._held.writing = True
        try:
            yield
        finally:
            self._held.writing = False
            self._queue.release()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            told = _explain(error, self.where)
            if told is None:
                raise
            raise StorageError(told) from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageError(
            "DATABASE_URL: expected sqlite:////folder/file.db or postgresql+psycopg://user:password@host/name, found "
            "something else. Correct it in .env."
        ) from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StorageError(
            f"DATABASE_URL: expected sqlite or postgresql, found {parsed.get_backend_name()}. Correct it in .env."
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StorageError("DATABASE_URL: expected a SQLite file, found a database in memory. Give it a file's path.")
    return parsed


def _engine(url: URL) -> Engine:
    # hide_parameters: an error's text goes into logs, which no erasing reaches; a customer's words stay out of it.
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, pool_size=POOL, max_overflow=2 * POOL, hide_parameters=True)
            event.listen(engine, "connect", _sqlite_connect)
            event.listen(engine, "begin", _sqlite_begin)
        else:
            engine = create_engine(url, pool_pre_ping=True, pool_size=POOL, max_overflow=2 * POOL, hide_parameters=True)
            event.listen(engine, "begin", _postgres_begin)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StorageError(
            f"DATABASE_URL: expected the driver of {url.drivername} to be installed, found none ({error}): "
            "pip install 'understudy[postgres]'."
        ) from None
    return engine


# secure_delete: what was erased is blanked in the file, not only forgotten.
PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON")


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        _set(connection, pragma, time.monotonic() + WRITER_PATIENCE)


def _set(connection: Any, pragma: str, until: float) -> None:
    """Turning a new file to WAL fails at once where another connection is at it, whatever the busy timeout."""
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}").close()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _sqlite_begin(connection: Connection) -> None:
    """A message takes some forty transactions: what a connection is set to already is not said again, and what cannot
    fail goes to the driver without SQLAlchemy's detour."""
    writing = bool(connection.get_execution_options().get("writing", False))
    driver: Any = connection.connection.driver_connection
    if connection.info.get("writing") is not writing:
        driver.execute(f"PRAGMA query_only={'OFF' if writing else 'ON'}").close()
        connection.info["writing"] = writing
    if writing:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        driver.execute("BEGIN").close()


def _postgres_begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("writing", False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"expected a folder for the database at {folder}, found {error.strerror}: set DATA_DIR to a folder that "
            "this user may write."
        ) from error


SQLITE_CURES = (
    ("not a database", "a SQLite database", "another kind of file", "move it away, or restore a backup"),
    ("malformed", "a sound SQLite database", "a damaged one", "restore a backup"),
    ("unable to open", "a database that opens", "a file or folder that this user may not open", "check its rights"),
    ("disk is full", "room on the disk", "none", "free some space"),
    ("no such table", "an Understudy database", "one without its tables", "run `understudy setup`"),
    ("database is locked", "the database to be free", "another program writing for over 10 s", "end it, try again"),
    ("readonly database", "a database this user may write", "a read-only one", "check its rights"),
)


def _explain(error: DBAPIError, where: str) -> str | None:
    """One line for a person, or None where the fault is the program's own."""
    found = str(error.orig)
    for sign, expected, is_there, cure in SQLITE_CURES:
        if sign in found and "query_only" not in found:
            return f"expected {expected} at {where}, found {is_there}: {cure}."
    if type(error.orig).__module__.startswith("psycopg") and _lost(error):
        first = found.strip().splitlines()[0] if found.strip() else "no answer"
        return f"expected a PostgreSQL server at {where}, found: {first}. Start it, or correct DATABASE_URL in .env."
    return None


def _lost(error: DBAPIError) -> bool:
    """Whether a PostgreSQL error is about the connection: those carry no SQLSTATE, or one of classes 08, 28, 57, 3D."""
    state = getattr(error.orig, "sqlstate", None)
    return type(error).__name__ == "OperationalError" and (not state or state[:2] in ("08", "28", "57", "3D"))


def _adoptable() -> list[Any]:
    return [
        tables.utterances,
        tables.articles,
        tables.article_versions,
        tables.intents,
        tables.intent_events,
        tables.corrections,
        tables.training_runs,
    ]


KEYS = {"utterances": "fingerprint", "articles": "slug", "intents": "name"}


def _adopt(session: Session, table: Any, team: str) -> int:
    statement = update(table).where(table.c.team_id == "").values(team_id=team)
    key = KEYS.get(table.name)
    if key:
        has = table.alias().c
        there = has[key].table.select().with_only_columns(has[key]).where(has.team_id == team)
        statement = statement.where(table.c[key].not_in(there))
    return int(session.execute(statement).rowcount)
