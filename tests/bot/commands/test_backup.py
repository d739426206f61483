"""Backup and restore, which only make sense together."""

import io
import json
import os
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli import main
from bot.settings import LOCAL_TEAM, Settings
from model.registry import Registry
from model.serving_file import SERVING_FILE
from storage.database import Database
from storage.keyvalues import KeyValues


def publish(settings: Settings, words: str, kind: str = "intent") -> str:
    registry = Registry(settings.home / "models" / kind, kind)
    with registry.staging() as staging:
        (staging / "weights").write_text(words)
        version = registry.publish(staging, {})
    registry.promote(version)
    return version


def live_weights(settings: Settings) -> str:
    return (Registry(settings.home / "models" / "intent", "intent").current_path() / "weights").read_text()


def remember(settings: Settings, value: str) -> None:
    database = Database(settings.url)
    with database.writing() as session:
        KeyValues(session, LOCAL_TEAM).set("mark", value)
    database.close()


def remembered(settings: Settings) -> str:
    database = Database(settings.url)
    with database.reading() as session:
        value = str(KeyValues(session, LOCAL_TEAM).get("mark"))
    database.close()
    return value


def test_there_and_back(here: Settings, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    publish(here, "one")
    publish(here, "two")
    publish(here, "lora", "response")
    remember(here, "before")
    (here.home / "models" / "intent" / ".staging-half").mkdir()
    assert main(["backup", "kept.tar.gz"]) == 0
    assert "the database, the intent model v2, the response model v1" in capsys.readouterr().out
    publish(here, "three")
    remember(here, "after")
    database.close()
    (here.home / "cache").mkdir()

    assert main(["restore", "kept.tar.gz"]) == 0
    assert (remembered(here), live_weights(here)) == ("before", "two")
    registry = Registry(here.home / "models" / "intent", "intent")
    assert [info.version for info in registry.versions()] == ["v1", "v2"]
    assert (registry.current(), registry.previous()) == ("v2", "v1")
    assert (here.home / "cache").is_dir()

    former = next(here.home.parent.glob("local.before-restore-*"))
    assert str(former) in capsys.readouterr().out
    assert (former / "models" / "intent" / "v3" / "weights").read_text() == "three"
    old = Database(f"sqlite:///{former / 'understudy.db'}")
    with old.reading() as session:
        assert KeyValues(session, LOCAL_TEAM).get("mark") == "after"
    assert {path.name for path in here.home.parent.iterdir()} == {"local", former.name}


def test_while_others_write(here: Settings, database: Database) -> None:
    """What is in the log at the copied moment is whole: two keys that always change together agree."""
    publish(here, "one")
    stop, errors = threading.Event(), []

    def write() -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                with database.writing() as session:
                    KeyValues(session, LOCAL_TEAM).set("a", number)
                    KeyValues(session, LOCAL_TEAM).set("b", number)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        codes = [main(["backup", f"kept{number}.tar.gz"]) for number in range(3)]
    finally:
        stop.set()
        thread.join(30)
    assert (codes, errors) == ([0, 0, 0], [])
    database.close()
    assert main(["restore", "kept2.tar.gz"]) == 0
    again = Database(here.url)
    with again.reading() as session:
        values = KeyValues(session, LOCAL_TEAM)
        assert values.get("a") == values.get("b")
    again.close()


def test_into_an_empty_folder(here: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(here, "one")
    remember(here, "before")
    assert main(["backup", "kept.tar.gz"]) == 0
    monkeypatch.setenv("DATA_DIR", "elsewhere")
    from bot import settings

    there = settings.load()
    assert main(["restore", "kept.tar.gz"]) == 0
    assert (remembered(there), live_weights(there)) == ("before", "one")
    assert [path.name for path in there.home.parent.iterdir()] == ["local"]


def test_a_running_bot_is_not_pulled_from_under(
    here: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "kept.tar.gz"]) == 0
    run = here.home / "run"
    run.mkdir()
    words = [sys.executable, "-c", "print(flush=True); input()", "bot"]
    child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        child.stdout.readline()
        (run / "bot.pid").write_text(str(child.pid))
        assert main(["restore", "kept.tar.gz"]) == 2
        assert f"found it running (process {child.pid}): stop it first" in capsys.readouterr().err
        assert main(["backup", "second.tar.gz"]) == 0
    finally:
        child.communicate(b"\n", timeout=30)
    assert main(["restore", "kept.tar.gz"]) == 0


def test_no_backup(here: Settings, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    remember(here, "mine")
    Path("letter.tar.gz").write_text("Dear Sir or Madam")
    with tarfile.open("other.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("something"), io.BytesIO())
    assert main(["backup", "whole.tar.gz"]) == 0
    Path("half.tar.gz").write_bytes(Path("whole.tar.gz").read_bytes()[:-200])
    capsys.readouterr()
    for name in ("letter.tar.gz", "other.tar.gz", "half.tar.gz", "missing.tar.gz", "."):
        assert main(["restore", name]) == 2
        error = capsys.readouterr().err
        assert error.startswith("understudy: expected a backup")
        assert error.count("\n") == 1
    assert remembered(here) == "mine"
    assert [path.name for path in here.home.parent.iterdir()] == ["local"]


def craft(name: str, facts: dict[str, object], files: dict[str, bytes]) -> None:
    facts = {"format": "understudy-backup", "format_version": 1, "local": True, "database": False, "models": {}} | facts
    with tarfile.open(name, "w:gz") as archive:
        for path, content in {"backup.json": json.dumps(facts).encode(), **files}.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def test_a_hostile_backup_stays_in_its_folder(here: Settings, database: Database, tmp_path: Path) -> None:
    craft("bad.tar.gz", {}, {"../evil": b"x", "models/../../evil": b"x", "/tmp/understudy-evil": b"x", "run/x": b"x"})
    main(["restore", "bad.tar.gz"])
    assert not list(tmp_path.rglob("evil"))
    assert not Path("/tmp/understudy-evil").exists()
    assert not (here.home / "run" / "x").exists()


def test_a_backup_with_a_broken_database(
    here: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    remember(here, "mine")
    craft("bad.tar.gz", {"database": True}, {"understudy.db": b"no database " * 1000})
    craft("none.tar.gz", {"database": True}, {})
    assert main(["restore", "bad.tar.gz"]) == 2
    assert main(["restore", "none.tar.gz"]) == 2
    assert capsys.readouterr().err.count("\n") == 2
    assert remembered(here) == "mine"


def test_a_newer_backup(here: Settings, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "kept.tar.gz"]) == 0
    with tarfile.open("kept.tar.gz") as archive:
        archive.extract("understudy.db", "unpacked", filter="data")
    newer = Database("sqlite:///unpacked/understudy.db")
    with newer.writing() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    newer.close()
    craft("newer.tar.gz", {"database": True}, {"understudy.db": Path("unpacked/understudy.db").read_bytes()})
    assert main(["restore", "newer.tar.gz"]) == 2
    assert "found 9999, which a newer Understudy wrote" in capsys.readouterr().err


def test_local_and_real_never_mix(
    here: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "kept.tar.gz"]) == 0
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1234567890-abc")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1234567890-abc")
    assert main(["restore", "kept.tar.gz"]) == 2
    assert "expected a backup of a real workspace, found one of the local workspace" in capsys.readouterr().err


def test_postgresql_has_its_own_tool(
    here: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(here, "one")
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot@localhost/understudy")
    assert main(["backup", "kept.tar.gz"]) == 2
    assert "back it up with pg_dump" in capsys.readouterr().err
    assert main(["backup", "--models-only", "kept.tar.gz"]) == 0
    publish(here, "two")
    assert main(["restore", "kept.tar.gz"]) == 0
    assert live_weights(here) == "one"


def test_a_database_elsewhere(
    here: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'far' / 'away.db'}")
    from bot import settings

    there = settings.load()
    Database(there.url).migrate()
    remember(there, "before")
    assert main(["backup", "kept.tar.gz"]) == 0
    remember(there, "after")
    assert main(["restore", "kept.tar.gz"]) == 0
    assert remembered(there) == "before"
    assert (next(here.home.parent.glob("local.before-restore-*")) / "away.db").is_file()


def test_files_that_cannot_be(here: Settings, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    Path("there.tar.gz").write_text("mine")
    assert main(["backup", "there.tar.gz"]) == 2
    assert Path("there.tar.gz").read_text() == "mine"
    assert main(["backup", str(Path("no") / "folder.tar.gz")]) == 2
    os.remove(here.home / "understudy.db")
    assert main(["backup", "new.tar.gz"]) == 2
    assert capsys.readouterr().err.count("\n") == 3
    assert not Path("new.tar.gz").exists()


def test_what_is_made_of_a_version_again_is_left_out(here: Settings, database: Database) -> None:
    publish(here, "lora", "response")
    version = Registry(here.home / "models" / "response", "response").current_path()
    (version / SERVING_FILE).write_text("large")
    assert main(["backup", "kept.tar.gz"]) == 0
    with tarfile.open("kept.tar.gz") as kept:
        names = [Path(name).name for name in kept.getnames() if "v1" in name]
    assert "weights" in names
    assert SERVING_FILE not in names
