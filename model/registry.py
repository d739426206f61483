"""Version folders and the pointer that says which one is live.

A kind of model (`intent`, `response`) has one folder: `CURRENT`, a small JSON pointer replaced in one `os.replace`, and
the versions beside it. A version is written into a staging folder, its manifest last, and renamed: a folder named `v7`
is complete, or it does not exist. Nothing guesses at "the newest". Loads no torch.
"""

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from model.types import UnderstudyError

POINTER = "CURRENT"
MANIFEST = "manifest.json"
PINNED = "PINNED"
"""Name of the file that keeps a version from being pruned."""
_NAME = re.compile(r"^v[1-9]\d*$")


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A published version."""

    version: str
    path: Path
    manifest: Mapping[str, object]
    live: bool
    previous: bool

    @property
    def pinned(self) -> bool:
        """Whether it is kept, however old it grows."""
        return (self.path / PINNED).exists()


class Registry:
    """All versions of one kind of model under `root`, which is made when needed."""

    def __init__(self, root: Path, kind: str) -> None:
        self.root = root
        self.kind = kind

    @property
    def pointer(self) -> Path:
        return self.root / POINTER

    @property
    def unfinished(self) -> Path:
        """Where a running training keeps what it can go on from: no version, and in no backup."""
        return self.root / ".training"

    def current(self) -> str | None:
        """The live version, or none before the first promotion."""
        return self._read().get("version")

    def previous(self) -> str | None:
        """What was live before, be it an earlier version or, after a rollback, a later one."""
        return self._read().get("previous")

    def earlier(self) -> str | None:
        """What `rollback` goes back to: what was live before, where that is an earlier version."""
        return _earlier(self._read())

    def path(self, version: str) -> Path:
        """Folder of a version.

        Raises:
            UnderstudyError: there is no such version.
        """
        folder = self.root / version
        if not _NAME.match(version) or not (folder / MANIFEST).is_file():
            known = ", ".join(info.version for info in self.versions()) or "none"
            raise UnderstudyError(f"expected one of the {self.kind} versions ({known}), found {version!r}.")
        return folder

    def current_path(self) -> Path:
        """Folder of the live version.

        Raises:
            UnderstudyError: nothing was promoted yet, or the pointer names a version that is gone.
        """
        version = self.current()
        if version is None:
            raise UnderstudyError(
                f"expected a live {self.kind} model in {self.root}, found none. "
                f"Train one: `understudy retrain`, or `make run` for the starter shop."
            )
        return self.path(version)

    def versions(self) -> list[VersionInfo]:
        """Every complete version, oldest first."""
        if not self.root.is_dir():
            return []
        pointer = self._read()
        found = []
        for folder in self.root.iterdir():
            if _NAME.match(folder.name) and (folder / MANIFEST).is_file():
                manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
                live, previous = folder.name == pointer.get("version"), folder.name == pointer.get("previous")
                found.append(VersionInfo(folder.name, folder, manifest, live, previous))
        return sorted(found, key=lambda info: int(info.version[1:]))

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """A folder to write a version into. What was not published is removed at the end."""
        self.root.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".staging-", dir=self.root))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def upcoming(self) -> str:
        """The version that the next `publish` gives."""
        taken = [int(p.name[1:]) for p in self.root.iterdir() if _NAME.match(p.name)] if self.root.is_dir() else []
        return f"v{max(taken, default=0) + 1}"

    def publish(self, staging: Path, manifest: Mapping[str, object]) -> str:
        """Give the staged files a version: the manifest is written last, then the folder is renamed. Not yet live."""
        with self._lock():
            version = self.upcoming()
            facts = {"version": version, "kind": self.kind, "created": datetime.now(UTC).isoformat(), **manifest}
            _write_atomically(staging / MANIFEST, json.dumps(facts, indent=1, ensure_ascii=False))
            staging.rename(self.root / version)
        return version

    def promote(self, version: str) -> None:
        """Make a version live. Killed at any moment, either the old one or the new one is live."""
        with self._lock():
            self.path(version)
            pointer = self._read()
            if pointer.get("version") != version:
                self._write({"version": version, "previous": pointer.get("version")})

    def rollback(self, version: str | None = None) -> str:
        """Go back to `version`, or to the earlier one that was live before. Returns what is live now.

        Raises:
            UnderstudyError: there is nothing to go back to.
        """
        with self._lock():
            pointer = self._read()
            target = version or _earlier(pointer)
            if target is None:
                left = pointer.get("previous")
                found = f"{left}, which is later: say {left} to have it again" if left else "none: one alone was live"
                raise UnderstudyError(f"expected an earlier {self.kind} version to go back to, found {found}.")
            self.path(target)
            if pointer.get("version") != target:
                self._write({"version": target, "previous": pointer.get("version")})
        return target

    def prune(self, keep: int = 5) -> list[str]:
        """Remove all but the live, the previous, the pinned and the newest `keep` versions. Returns what went."""
        with self._lock():
            old = self.versions()[:-keep] if keep else self.versions()
            gone = [i for i in old if not (i.live or i.previous or i.pinned)]
            for info in gone:
                # The manifest goes first, so that a half-removed folder is no version.
                (info.path / MANIFEST).unlink()
                shutil.rmtree(info.path, ignore_errors=True)
        return [info.version for info in gone]

    def pin(self, version: str, pinned: bool = True) -> bool:
        """Keep a version from being pruned, or no more; False where that was so already.

        Raises:
            UnderstudyError: there is no such version.
        """
        with self._lock():
            mark = self.path(version) / PINNED
            if mark.exists() == pinned:
                return False
            mark.touch() if pinned else mark.unlink()
        return True

    def locked(self) -> FileLock:
        """For a backup: while this is held, nothing is published, promoted or pruned."""
        return self._lock()

    def _read(self) -> dict[str, str]:
        try:
            pointer = json.loads(self.pointer.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:
            pointer = None
        if not isinstance(pointer, dict):
            raise UnderstudyError(
                f'expected {self.pointer} to hold {{"version": "v1"}}, found something else. '
                f"Write the version that shall be live: one of the folders beside it."
            )
        return {key: value for key, value in pointer.items() if isinstance(value, str)}

    def _write(self, pointer: Mapping[str, str | None]) -> None:
        _write_atomically(self.pointer, json.dumps(pointer))

    def _lock(self) -> FileLock:
        self.root.mkdir(parents=True, exist_ok=True)
        return FileLock(self.root / ".lock", timeout=30)


def _earlier(pointer: Mapping[str, str]) -> str | None:
    former, live = pointer.get("previous", ""), pointer.get("version", "")
    return former if _NAME.match(former) and _NAME.match(live) and int(former[1:]) < int(live[1:]) else None


def _write_atomically(path: Path, text: str) -> None:
    """Write beside, flush to disk, rename over."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
