"""Real databases: a SQLite file a test, and a PostgreSQL server a session where one can be started."""

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from storage.database import Database
from storage.tables import metadata


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a PostgreSQL server's maintenance database; `UNDERSTUDY_TEST_POSTGRES` names one that runs already."""
    given = os.environ.get("UNDERSTUDY_TEST_POSTGRES")
    if given:
        yield given
        return
    programs = _programs()
    if programs is None:
        pytest.skip("POSTGRESQL IS NOT TESTED: no pg_ctl on PATH or in /usr/lib/postgresql/*/bin")
    if os.geteuid() == 0 and not shutil.which("runuser"):
        pytest.skip("POSTGRESQL IS NOT TESTED: it refuses to run as root, and there is no runuser")
    with _server(programs) as url:
        yield url


@pytest.fixture(scope="session")
def migrated(postgres: str) -> Iterator[str]:
    """URL of a migrated database on the server: emptying it is quicker than making one for each test."""
    with _database(postgres) as url:
        database = Database(url)
        database.migrate()
        database.close()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'understudy.db'}"
        return
    with _database(request.getfixturevalue("postgres")) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database of each kind."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'understudy.db'}")
        made.migrate()
        yield made
        made.close()
        return
    emptied = Database(request.getfixturevalue("migrated"))
    with emptied.writing() as session:
        names = ", ".join(metadata.tables)
        session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield emptied
    emptied.close()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database."""
    database = Database(f"sqlite:///{tmp_path / 'understudy.db'}")
    database.migrate()
    yield database
    database.close()


@contextmanager
def _database(server: str) -> Iterator[str]:
    """A database of its own on the server, gone at the end."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"test_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield engine.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _programs() -> Path | None:
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)
    found = newest_first[0] if newest_first else shutil.which("pg_ctl")
    return Path(found).parent if found else None


@contextmanager
def _server(programs: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="understudy-pg-", dir="/tmp"))
    as_user = _as_user(folder)
    data, log = str(folder / "data"), str(folder / "log")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=16MB"
    try:
        _run(as_user, programs / "initdb", "-D", data, "-U", "understudy", "-A", "trust", "-E", "UTF8", "--no-sync")
        _run(as_user, programs / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "-t", "30", "start")
        try:
            yield f"postgresql+psycopg://understudy@127.0.0.1:{port}/postgres"
        finally:
            _run(as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "-t", "20", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(folder: Path) -> list[str]:
    """PostgreSQL refuses root: run it as `postgres`, or as nobody where that user is missing."""
    if os.geteuid() != 0:
        return []
    known = {line.split(":")[0] for line in Path("/etc/passwd").read_text().splitlines()}
    user = "postgres" if "postgres" in known else "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]


def _run(as_user: list[str], program: Path, *words: str) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [*as_user, str(program), *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/tmp",
        env=environment,
        timeout=60,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"POSTGRESQL IS NOT TESTED: {program.name} failed: {done.stderr.decode()[-300:]}")
