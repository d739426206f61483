import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.checkpoint import RUNNING, Stages, read, write
from model.tune import Recipe
from tests.model.bases import bert, far, head, rows, weights
from tests.model.stages_program import FIRST, SECOND, train

QUICK = Recipe(epochs=2, rate=1e-3, batch=8)
STEPS = FIRST.steps(40), SECOND.steps(50)


def killed_at(folder: Path, stage: str, share: float) -> None:
    """A real process, killed by SIGKILL once it has said so."""
    words = [sys.executable, "-m", "tests.model.stages_program", str(folder)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ}) as child:
        assert child.stdout is not None
        for line in child.stdout:
            name, done = line.split()
            if name == stage and float(done) >= share:
                child.kill()
                break
    assert child.returncode == -9


@pytest.mark.parametrize(("stage", "share"), [("fit", 0.3), ("finish", 0.7)])
def test_a_killed_training_ends_with_the_weights_of_one_that_was_left_alone(
    tmp_path: Path, stage: str, share: float
) -> None:
    killed_at(tmp_path / "t", stage, share)
    resumed, *mine = train(tmp_path / "t")
    _, *theirs = train(None)
    assert far(weights(*mine), weights(*theirs)) < 1e-6
    least = STEPS[0] * share if stage == "fit" else STEPS[0] + STEPS[1] * share
    assert least - 1 <= resumed.resumed_from * sum(STEPS) < sum(STEPS)
    resumed.close()
    assert not (tmp_path / "t").exists()


def fit(stages: Stages, recipe: Recipe = QUICK, count: int = 30, seed: int = 3, base: int = 0) -> tuple[int, dict]:  # type: ignore[type-arg]
    """Steps that were trained here, and the weights."""
    pooler, top = bert(layers=1, seed=base), head()
    told: list[float] = []
    stages.fit("fit", pooler, top, rows(count), recipe, seed, told.append)
    return len(told), weights(pooler, top)


def test_a_finished_stage_is_found_and_not_trained_again(tmp_path: Path) -> None:
    steps, trained = fit(Stages(tmp_path))
    assert steps == QUICK.steps(30)
    # A stage that is found says once that it is done.
    again = Stages(tmp_path)
    assert again.resumed_from == 0
    steps, found = fit(again)
    assert (steps, again.resumed_from) == (1, 1)
    assert far(trained, found) == 0


@pytest.mark.parametrize(
    "other",
    [{"recipe": replace(QUICK, rate=2e-3)}, {"count": 31}, {"seed": 4}, {"base": 1}, {"about": "lora"}],
    ids=lambda other: next(iter(other)),
)
def test_what_belongs_to_another_training_is_removed(tmp_path: Path, other: dict) -> None:  # type: ignore[type-arg]
    fit(Stages(tmp_path))
    [old] = tmp_path.glob("*.safetensors")
    before = old.stat().st_ino, old.read_bytes()
    about = other.pop("about", "")
    steps, _ = fit(Stages(tmp_path, about), **other)
    assert steps > 1
    assert (old.stat().st_ino, old.read_bytes()) != before


def test_the_precision_is_no_part_of_the_key(tmp_path: Path) -> None:
    fit(Stages(tmp_path))
    assert fit(Stages(tmp_path), replace(QUICK, bf16=True))[0] == 1


@pytest.mark.parametrize("what", [b"", b"\x10" * 40, b"half"])
def test_a_broken_file_counts_as_none(tmp_path: Path, what: bytes) -> None:
    file = tmp_path / f"{RUNNING}.safetensors"
    write(file, "key", {"a": torch.ones(9)})
    kept = read(file, "key")
    assert kept is not None
    assert kept["a"].tolist() == [1] * 9
    file.write_bytes(what if what != b"half" else file.read_bytes()[:-20])
    assert read(file, "key") is None
    assert not file.exists()


def test_two_trainings_at_once_do_not_meet(tmp_path: Path) -> None:
    first, second = Stages(tmp_path), Stages(tmp_path)
    fit(first)
    assert fit(second)[0] == QUICK.steps(30)
    second.close()
    assert list(tmp_path.glob("*.safetensors"))
    first.close()
    assert not tmp_path.exists()


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stages = Stages(None, every=0)
    fit(stages)
    stages.close()
    assert not list(tmp_path.rglob("*"))


def test_checkpoints_cost_a_stated_share_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk that takes a second a file, the next one waits fifty."""
    clock = iter(range(10_000))
    monkeypatch.setattr("model.checkpoint.time.monotonic", lambda: float(next(clock)))
    written: list[str] = []
    monkeypatch.setattr("model.checkpoint.write", lambda file, key, state: written.append(file.name))
    fit(Stages(tmp_path, every=0), replace(QUICK, epochs=40))
    steps = QUICK.steps(30) * 20
    assert 2 <= written.count(f"{RUNNING}.safetensors") <= steps / 50 + 1
