"""Backup and restore: the database and the models as they were at one moment, in one .tar.gz.

A backup holds `backup.json` first, then `understudy.db` and `models/`. It is put together while the bot runs: with the
registries held still, SQLite's backup interface copies the database and the model files are linked, which takes a
moment; packing comes after.
"""

import contextlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.launch import running
from bot.settings import Settings
from model.registry import Registry
from model.types import UnderstudyError
from storage.database import Database

FORMAT = "understudy-backup"
FACTS = "backup.json"
DATABASE = "understudy.db"
MODELS = "models"
KINDS = ("intent", "response")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup took or a restore put back."""

    database: bool
    models: dict[str, str | None]
    """Kind -> the version that is live in it."""
    former: Path | None = None
    """Where a restore left what was there before."""


def backup(settings: Settings, file: Path, models_only: bool = False) -> Kept:
    """Write a backup to `file`, which must not exist yet.

    Raises:
        UnderstudyError: the file exists or cannot be written, or the database is no SQLite file.
        StorageError: there is no database, or it is damaged or newer than this program.
    """
    database = Database(settings.url)
    if not database.is_sqlite and not models_only:
        raise UnderstudyError(
            "expected a SQLite database, found PostgreSQL: back it up with pg_dump, and the models with "
            f"`understudy backup --models-only {file}`."
        )
    if not models_only:
        database.check_readable()
    _require_new(file)
    with _beside(settings.home, ".backup-") as staging:
        with _still(settings.home):
            if not models_only and database.path:
                _copy_database(database.path, staging / DATABASE)
            models = {kind: _link_models(settings.home / MODELS / kind, staging / MODELS / kind) for kind in KINDS}
        database.close()
        facts = {
            "format": FORMAT,
            "format_version": 1,
            "created": datetime.now(UTC).isoformat(),
            "local": settings.local,
            "database": not models_only,
            "models": models,
        }
        (staging / FACTS).write_text(json.dumps(facts, indent=1), "utf-8")
        _pack(staging, file)
    return Kept(not models_only, models)


def restore(settings: Settings, file: Path) -> Kept:
    """Put a backup back; what was there goes to the data folder's name + `.before-restore-<time>`.

    Raises:
        UnderstudyError: the bot runs, `file` is no backup or of the other kind of workspace, or the database is no
            SQLite file.
        StorageError: the backup's database was written by a newer version.
    """
    _require_stopped(settings.home)
    with _beside(settings.home, ".restore-") as staging:
        facts = _unpack(file, staging)
        if facts.get("local") is not settings.local:
            kinds = ("a real workspace", "the local workspace")
            raise UnderstudyError(
                f"expected a backup of {kinds[settings.local]}, found one of {kinds[not settings.local]}: local and "
                "real never mix. Take another backup, or set the tokens in .env."
            )
        places = {staging / MODELS: settings.home / MODELS}
        if facts["database"]:
            places |= _database_places(settings, staging)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        former = settings.home.with_name(f"{settings.home.name}.before-restore-{stamp}")
        _swap(places, former)
    return Kept(bool(facts["database"]), dict(facts["models"]), former if former.exists() else None)


def _require_new(file: Path) -> None:
    if file.exists():
        raise UnderstudyError(f"expected a new file for the backup, found {file} there already: choose another name.")
    if not file.parent.is_dir():
        raise UnderstudyError(f"expected a folder {file.parent} for the backup, found none: make it first.")


def _require_stopped(home: Path) -> None:
    pid = running(home)
    if pid is not None:
        raise UnderstudyError(f"expected the bot to be stopped, found it running (process {pid}): stop it first.")


@contextlib.contextmanager
def _beside(home: Path, prefix: str) -> Iterator[Path]:
    """A folder on the data folder's own file system, so that files can be linked and renamed. Removed at the end."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{home.name}{prefix}", dir=home.parent))
    except OSError as error:
        raise UnderstudyError(
            f"expected a data folder that can be written, found {home}: {error.strerror}. Set DATA_DIR."
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _still(home: Path) -> Iterator[None]:
    """Nothing is published, promoted or pruned meanwhile."""
    with contextlib.ExitStack() as locks:
        for kind in KINDS:
            if (home / MODELS / kind).is_dir():
                locks.enter_context(Registry(home / MODELS / kind, kind).locked())
        yield


def _copy_database(source: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(source, timeout=30)) as from_,
        contextlib.closing(sqlite3.connect(target)) as to,
    ):
        from_.backup(to)


def _link_models(source: Path, target: Path) -> str | None:
    """Link every complete version but for what is made of it again, and copy the pointer. Returns the live version."""
    from model.serving_file import SERVING_FILE  # numpy

    registry = Registry(source, source.name)
    made_again = shutil.ignore_patterns(SERVING_FILE)
    for info in registry.versions():
        shutil.copytree(info.path, target / info.version, ignore=made_again, copy_function=_link)
    if registry.pointer.is_file():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy2(registry.pointer, target / registry.pointer.name)
    return registry.current()


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _pack(staging: Path, file: Path) -> None:
    """Write beside, rename at the end: a backup that is there is whole."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with tarfile.open(beside, "w:gz", compresslevel=3) as archive:
            for name in (FACTS, DATABASE, MODELS):
                if (staging / name).exists():
                    archive.add(staging / name, name)
        beside.chmod(0o600)
        os.replace(beside, file)
    except OSError as error:
        raise UnderstudyError(
            f"expected room and rights for {file}, found: {error.strerror}. Choose another."
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def _unpack(file: Path, staging: Path) -> dict[str, Any]:
    """Unpack what a backup may hold, and nothing else; returns its facts."""
    no_backup = f"expected a backup made by `understudy backup`, found {file}, which is none"
    try:
        with tarfile.open(file, "r:gz") as archive:
            first = archive.next()
            facts_file = archive.extractfile(first) if first and first.name == FACTS else None
            facts = json.loads(facts_file.read(100_000)) if facts_file else None
            if not isinstance(facts, dict) or facts.get("format") != FORMAT or facts.get("format_version") != 1:
                raise UnderstudyError(f"{no_backup}. Check the path.")
            members = [member for member in archive if _belongs(member)]
            archive.extractall(staging, members, filter="data")
    except FileNotFoundError:
        raise UnderstudyError(f"expected a backup at {file}, found nothing. Check the path.") from None
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise UnderstudyError(f"{no_backup} or is damaged ({error}). Take another.") from None
    (staging / MODELS).mkdir(exist_ok=True)
    if facts.get("database") and not (staging / DATABASE).is_file():
        raise UnderstudyError(f"{no_backup}: its database is missing. Take another.")
    return {"models": {}, "database": False, **facts}


def _belongs(member: tarfile.TarInfo) -> bool:
    inside = member.name in (DATABASE, MODELS) or member.name.startswith(f"{MODELS}/")
    return inside and (member.isfile() or member.isdir() or member.islnk())


def _database_places(settings: Settings, staging: Path) -> dict[Path, Path]:
    database = Database(settings.url)
    if database.path is None:
        raise UnderstudyError(
            "expected a SQLite database to restore into, found PostgreSQL in DATABASE_URL: use pg_restore for it, and "
            "a backup made with --models-only."
        )
    restored = Database(f"sqlite:///{staging / DATABASE}")
    restored.check_readable()
    restored.close()
    # A former write-ahead log must never meet the restored file.
    return {
        staging / DATABASE: database.path,
        staging / f"{DATABASE}-wal": database.path.with_name(f"{database.path.name}-wal"),
        staging / f"{DATABASE}-shm": database.path.with_name(f"{database.path.name}-shm"),
    }


def _swap(places: dict[Path, Path], former: Path) -> None:
    """Move what is there aside and the new into its place; on a failure everything goes back."""
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, target)
            moved.append((source, target))

    try:
        for place in places.values():
            move(place, former / place.name)
        for new, place in places.items():
            move(new, place)
    except OSError as error:
        for source, target in reversed(moved):
            shutil.move(target, source)
        raise UnderstudyError(
            f"expected rights to replace the data beside {former.name}, found: {error}. Nothing was changed."
        ) from None
