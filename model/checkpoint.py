"""Keeps a training of several stages on disk, so that a killed one goes on where it stood. Loads torch.

A folder holds the result of each finished stage and, of the running one, everything `Run.state` gives: tensors as
safetensors, nothing pickled. A file is good for one key only: a hash of the base's weights, of this stage's rows,
recipe and seed, and of all stages before it. Whatever is of another key is removed when it is met.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import safetensors
from filelock import FileLock, Timeout
from safetensors.torch import save_file
from torch import Tensor, nn

from model.export import Pooler
from model.tune import Head, Recipe, Row, Run, fine_tune

EVERY = 20.0
"""Seconds between two checkpoints of a running stage."""
SHARE = 0.02
"""Of the time, which writing takes at most, however slow the disk."""
RUNNING = "running"


class Stages:
    """The stages of one training, each fitted, taken up in its middle, or found finished.

    The calls must come in the same order in every process: a stage's key covers the earlier ones. Out of the key stay
    the soft targets (what an earlier stage's model said) and the precision (measured anew in each process).
    """

    def __init__(self, folder: Path | None, about: str = "", every: float = EVERY, share: float = SHARE) -> None:
        """`about`: whatever else decides what is trained. Without a folder nothing is kept."""
        self._folder = folder
        self._lock: FileLock | None = None
        self._pace, self._key, self._number = (every, share), about, 0
        self._steps = self._found = 0

    @property
    def resumed_from(self) -> float:
        """Share of all steps so far that an earlier process had done."""
        return self._found / max(1, self._steps)

    def fit(
        self,
        name: str,
        pooler: Pooler,
        head: Head,
        rows: Sequence[Row],
        recipe: Recipe,
        seed: int,
        on_step: Callable[[float], None],
    ) -> None:
        """Leave in `pooler` and `head` what training them on the rows leaves; see `fine_tune`."""
        if not self._open():
            fine_tune(pooler, head, rows, recipe, seed, on_step)
            return
        assert self._folder is not None
        self._key = _key(self._key, name, pooler if not self._number else None, rows, recipe, seed)
        self._number += 1
        self._steps += recipe.steps(len(rows))
        finished = self._folder / f"{self._number}-{name}.safetensors"
        if state := read(finished, self._key):
            _load(pooler, head, state)
            self._found += recipe.steps(len(rows))
            on_step(1.0)
            return
        saver = _Saver(self._folder / f"{RUNNING}.safetensors", self._key, *self._pace)
        fine_tune(pooler, head, rows, recipe, seed, on_step, saver)
        self._found += saver.found
        write(finished, self._key, _weights(pooler, head))
        saver.file.unlink(missing_ok=True)

    def _open(self) -> bool:
        """Have the folder for this process alone. Where another training has it, this one does without."""
        if self._folder is None or self._lock is not None:
            return self._folder is not None
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self._folder / ".lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            self._folder = self._lock = None
        return self._folder is not None

    def close(self) -> None:
        """The training has ended well: nothing is to be gone on with."""
        if self._folder is not None and self._lock is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._lock.release()


class _Saver:
    """Writes the running stage every so many seconds, seldom enough that it costs next to nothing."""

    def __init__(self, file: Path, key: str, every: float, share: float) -> None:
        self.file, self.found = file, 0
        self._key, self._every, self._share = key, every, share
        self._due = time.monotonic() + every

    def before(self, run: Run) -> None:
        if state := read(self.file, self._key):
            run.restore(state)
            self.found = run.done

    def after(self, run: Run) -> None:
        start = time.monotonic()
        if start >= self._due and run.done < run.steps:
            write(self.file, self._key, run.state())
            now = time.monotonic()
            self._due = now + max(self._every, (now - start) / self._share)


def write(file: Path, key: str, state: dict[str, Tensor]) -> None:
    """Killed at any moment, the file is the old one or the new one."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, beside, {"key": key})
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(beside, file)


def read(file: Path, key: str) -> dict[str, Tensor] | None:
    """What was written under this key; a file of another key, or a broken one, is removed."""
    try:
        with safetensors.safe_open(file, "pt") as opened:
            if (opened.metadata() or {}).get("key") == key:
                return {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - no mapping
    except FileNotFoundError:
        return None
    except (safetensors.SafetensorError, OSError):
        pass
    file.unlink(missing_ok=True)
    return None


def _key(before: str, name: str, pooler: nn.Module | None, rows: Sequence[Row], recipe: Recipe, seed: int) -> str:
    digest = hashlib.sha256(f"{before} {name} {seed}".encode())
    plain = asdict(recipe)
    del plain["bf16"]
    digest.update(json.dumps(plain, sort_keys=True).encode())
    for row in rows:
        digest.update(f"{row.ids} {row.label} {row.soft is not None}".encode())
    for weight in pooler.state_dict().values() if pooler else ():
        digest.update(weight.contiguous().numpy().data)
    return digest.hexdigest()


def _weights(pooler: nn.Module, head: nn.Module) -> dict[str, Tensor]:
    """Of what can be trained; the rest is as it was."""
    modules = (("pooler", pooler), ("head", head))
    return {f"{top}.{n}": w.detach() for top, m in modules for n, w in m.named_parameters() if w.requires_grad}


def _load(pooler: nn.Module, head: nn.Module, state: dict[str, Tensor]) -> None:
    for name, weight in _weights(pooler, head).items():
        weight.copy_(state[name])
