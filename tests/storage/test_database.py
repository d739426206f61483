import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from storage import revisions, tables
from storage.articles import Articles
from storage.database import Database, StorageError
from storage.keyvalues import KeyValues
from storage.turns import Turns
from storage.utterances import Utterances
from tests.storage.make import FakePrediction, a_turn, at_revision


class Row:
    def __init__(self, text: str, label: str) -> None:
        self.text, self.label = text, label


def test_the_migration_gives_exactly_the_tables(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*tables.metadata.tables, "alembic_version"}


def test_the_migration_gives_exactly_the_statements_of_the_tables(lite: Database, tmp_path: Path) -> None:
    """Finer than Alembic's comparison: keys' names, nullability and lengths. A column added later stands at the end."""
    fresh = create_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    tables.metadata.create_all(fresh)

    def statements(path: Path) -> dict[str, set[str]]:
        rows = sqlite3.connect(path).execute(
            "select name, sql from sqlite_master where sql is not null and type in ('table', 'index')"
        )
        return {name: {part.strip(" )\n\t") for part in re.split(r",(?![^(]*\))", sql)} for name, sql in rows}

    assert lite.path is not None
    migrated = statements(lite.path)
    del migrated["alembic_version"]
    assert migrated == statements(tmp_path / "fresh.db")


def test_migrating_again_changes_nothing(db: Database) -> None:
    with db.writing() as session:
        KeyValues(session, "").set("team", "T9")
    db.migrate()
    db.check_revision()
    with db.reading() as session:
        assert KeyValues(session, "").get("team") == "T9"


def test_many_that_start_together_migrate_once(url: str) -> None:
    errors: list[BaseException] = []

    def start() -> None:
        database = Database(url)
        try:
            database.migrate()
            database.check_revision()
        except BaseException as error:
            errors.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def test_a_database_of_the_first_revision_is_brought_up_to_date(url: str) -> None:
    """What stood in it stays, unfinished turns are predicted the new way, and a prediction is still written once."""
    db = Database(url)
    with at_revision(db, "0001") as connection:
        case = (
            "insert into conversations (team_id, channel, thread_ts, opened_at, updated_at, customer, customer_team, "
            "state, is_test, card_channel, card_ts, strikes, silent_notice) values ('T1', 'D1', '1.0', :now, :now, "
            "'U1', '', 'bot', false, '', '', 0, false)"
        )
        turn = (
            'insert into turns (team_id, conversation_id, channel, ts, "user", event_id, text, status, attempts, '
            "intent, predicted_at, reply_text, reply_ts, reply_kind, response_version, error, created_at) values "
            "('T1', 1, 'D1', :ts, 'U1', '', 'where is it', 'done', 1, :intent, :at, '', '', '', '', '', :now)"
        )
        now = tables.utcnow()
        connection.execute(text(case), {"now": now})
        connection.execute(text(turn), {"ts": "1.0", "intent": "refund", "at": now, "now": now})
        connection.execute(text(turn), {"ts": "2.0", "intent": None, "at": None, "now": now})
    db.migrate()
    db.check_revision()
    with db.writing() as session:
        Turns(session).predicted(2, FakePrediction(in_context=True))
    with db.reading() as session:
        old, new = (Turns(session).get(turn_id) for turn_id in (1, 2))
    assert old is not None
    assert (old.intent, old.requests, old.in_context) == ("refund", (), None)
    assert new is not None
    assert new.in_context is True
    with pytest.raises(DBAPIError, match="a prediction is written once"), db.writing() as session:
        session.execute(text("update turns set in_context = false where id = 2"))
    db.close()


def test_a_newer_revision_is_refused(url: str) -> None:
    db = Database(url)
    db.migrate()
    with db.engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    for use in (db.check_revision, db.migrate, db.prepare):
        with pytest.raises(StorageError, match="found 9999, which a newer Understudy wrote: update") as caught:
            use()
        assert "\n" not in str(caught.value)
    db.close()


def test_an_old_database_is_told_how_to_catch_up(lite: Database) -> None:
    assert lite.path is not None
    empty = lite.path.with_name("empty.db")
    sqlite3.connect(empty).execute("create table other (id integer)").connection.commit()
    with pytest.raises(StorageError, match=r"expected revision 0005 .*found none: .*understudy setup"):
        Database(f"sqlite:///{empty}").check_revision()


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    sqlite3.connect(path).execute("create table turns (id integer)").connection.commit()
    with pytest.raises(StorageError, match="found the table turns of something else"):
        Database(f"sqlite:///{path}").migrate()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, this is not a database but a letter. " * 20)
    database = Database(f"sqlite:///{path}")
    for use in (database.migrate, database.check_revision):
        with pytest.raises(StorageError, match=r"expected a SQLite database at .*letter\.db, found another kind"):
            use()


def test_a_missing_database_is_not_made_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StorageError, match=r"found none: create it with `understudy setup`"), database.reading():
        pass
    with pytest.raises(StorageError, match="found none"):
        database.check_revision()
    assert not path.exists()
    database.prepare()
    assert path.exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="expected a folder for the database"):
        Database(f"sqlite:///{tmp_path / 'file' / 'understudy.db'}").migrate()


def test_an_unreachable_server() -> None:
    database = Database("postgresql://bot:secret@127.0.0.1:1/understudy")
    with pytest.raises(StorageError, match="expected a PostgreSQL server at") as caught, database.reading() as session:
        session.execute(text("select 1"))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_database_on_the_server(postgres: str) -> None:
    database = Database(postgres.rsplit("/", 1)[0] + "/nowhere")
    with pytest.raises(StorageError, match='database "nowhere" does not exist'):
        database.migrate()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://localhost/x", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_cannot_be(url: str) -> None:
    with pytest.raises(StorageError, match=r"^DATABASE_URL: expected .*found "):
        Database(url)


def test_sqlite_is_set_up_for_several_writers(lite: Database) -> None:
    with lite.reading() as session:
        pragma = {
            name: session.execute(text(f"pragma {name}")).scalar_one()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        }
    assert pragma == {"journal_mode": "wal", "busy_timeout": 10000, "foreign_keys": 1, "synchronous": 1}


def test_a_writing_session_holds_the_lock_from_its_beginning(lite: Database) -> None:
    assert lite.path is not None
    other = sqlite3.connect(lite.path, timeout=0, isolation_level=None)
    with lite.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("begin immediate")
    other.execute("begin immediate")


def test_a_reading_session_does_not_write(db: Database) -> None:
    with pytest.raises((DBAPIError, StorageError)), db.reading() as session:
        KeyValues(session, "").set("team", "T1")
    with db.writing() as session:
        KeyValues(session, "").set("team", "T2")
    with db.reading() as session:
        assert KeyValues(session, "").get("team") == "T2"


def test_an_exception_rolls_back(db: Database) -> None:
    def write_and_fail() -> None:
        with db.writing() as session:
            KeyValues(session, "").set("team", "T1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with db.reading() as session:
        assert KeyValues(session, "").get("team") is None


def test_a_session_inside_another_is_told_at_once(lite: Database) -> None:
    with pytest.raises(RuntimeError, match="would wait for itself"), lite.writing(), lite.writing():
        pass
    with lite.writing() as session:
        KeyValues(session, "").set("after", 1)


def test_times_come_back_in_utc(db: Database) -> None:
    with db.writing() as session:
        turn = a_turn(session)
    assert turn.created_at.utcoffset() is not None
    assert abs((tables.utcnow() - turn.created_at).total_seconds()) < 60


def test_many_writers_in_threads_and_processes(lite: Database, tmp_path: Path) -> None:
    """Each reads and then writes, the case that a deferred transaction loses."""
    script = tmp_path / "writer.py"
    script.write_text(
        "import sys, threading\n"
        "from storage.database import Database\n"
        "from storage.keyvalues import KeyValues\n"
        "db = Database(sys.argv[1])\n"
        "def count():\n"
        "    for _ in range(40):\n"
        "        with db.writing() as session:\n"
        "            values = KeyValues(session, 'T1')\n"
        "            values.set('n', values.get('n', 0) + 1)\n"
        "threads = [threading.Thread(target=count) for _ in range(3)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
    )
    root = Path(__file__).parents[2]
    words = [sys.executable, str(script), f"sqlite:///{lite.path}"]
    children = [
        subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(root)}, stderr=subprocess.PIPE) for _ in range(3)
    ]
    for child in children:
        _, error = child.communicate(timeout=120)
        assert child.returncode == 0, error.decode()
    with lite.reading() as session:
        assert KeyValues(session, "T1").get("n") == 3 * 3 * 40


def test_rows_of_no_team_are_adopted_at_the_first_connect(db: Database) -> None:
    with db.writing() as session:
        Utterances(session, "").add([Row("hello", "greet"), Row("bye", "leave")], "import")
        Utterances(session, "T7").add([Row("bye", "farewell")], "import")
    assert db.adopt("T7") == 1
    with db.reading() as session:
        assert {row.text: row.label for row in Utterances(session, "T7").all()} == {"hello": "greet", "bye": "farewell"}
        assert Articles(session, "T7").all() == []
    assert db.adopt("T7") == 0


def test_every_table_has_a_team() -> None:
    for table in tables.metadata.tables.values():
        assert "team_id" in table.c, table.name


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(StorageError):
        Database(f"sqlite:///{tmp_path / 'x.db'}").migrate()


def test_the_revision_is_the_newest_file(lite: Database) -> None:
    with lite.reading() as session:
        assert session.execute(text("select version_num from alembic_version")).scalar_one() == revisions.head()
