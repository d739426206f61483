"""The starter shop as `make run` prepares it, with the first model really trained on all of it.

That takes two minutes on two cores, so it is done once on a machine for each state of the shop and of what trains.
"""

import ast
import hashlib
import os
import shutil
import time
from pathlib import Path

from bot.prepare import prepare
from bot.workspace.server import Server
from model import starter
from tests.e2e.conftest import MANIFEST
from tests.e2e.small_shop import quick

MODEL = Path(starter.__file__).parents[1]
A_WEEK = 7 * 24 * 3600.0


def prepared(kept: Path, base: Path) -> Path:
    """A data folder; not to be changed.

    Args:
        kept: where it lies from one session to the next.
        base: the base encoder, exported once for all that need it.
    """
    found, made = kept / f"starter-{key()}", kept / f"starter-{os.getpid()}"
    if not found.is_dir():
        train(made, base)
        try:
            made.rename(found)
        except OSError:  # another session was quicker
            shutil.rmtree(made)
    os.utime(found)
    for old in kept.glob("starter-*"):
        if time.time() - old.stat().st_mtime > A_WEEK:
            shutil.rmtree(old, ignore_errors=True)
    return found


def train(data: Path, base: Path) -> None:
    with Server(port=0, manifest=MANIFEST) as server:
        settings = quick(server, data)
    settings.home.mkdir(parents=True)
    base.mkdir(exist_ok=True)
    (settings.home / "cache").symlink_to(base)
    prepare(settings)


def key() -> str:
    """Changes with the shop's rows and with the code that trains."""
    parts = [*sorted(trains("finetune_intent")), *sorted(starter.folder().glob("*.json*"))]
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()[:16]


def trains(name: str, seen: frozenset[Path] = frozenset()) -> frozenset[Path]:
    """A module of `model/` and all that it imports from there."""
    path = MODEL / f"{name}.py"
    if path in seen or not path.is_file():
        return seen
    seen |= {path}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "model":
            inside = (node.module or "").removeprefix("model").removeprefix(".")
            for each in [inside] if inside else [alias.name for alias in node.names]:
                seen = trains(each, seen)
    return seen
