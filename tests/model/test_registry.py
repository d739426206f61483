"""A version is whole or absent; the pointer names the old or the new one, never neither."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.registry import Registry
from model.types import UnderstudyError


def publish(registry: Registry, content: str = "weights") -> str:
    with registry.staging() as folder:
        (folder / "model.txt").write_text(content)
        return registry.publish(folder, {"seed": 7})


def test_published_promoted_and_rolled_back(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "intent", "intent")
    assert registry.current() is None
    assert publish(registry, "one") == "v1"
    assert registry.current() is None, "publishing alone makes nothing live"
    registry.promote("v1")
    assert publish(registry, "two") == "v2"
    registry.promote("v2")
    assert (registry.current_path() / "model.txt").read_text() == "two"
    assert registry.rollback() == "v1"
    assert registry.current() == "v1"
    assert (registry.previous(), registry.earlier()) == ("v2", None)
    with pytest.raises(UnderstudyError, match="found v2, which is later: say v2 to have it again"):
        registry.rollback()
    assert registry.current() == "v1", "never forward unasked"
    assert registry.rollback("v2") == "v2"
    assert registry.rollback() == "v1"


def test_staging_leaves_nothing_behind(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "intent")

    def die() -> None:
        with registry.staging() as folder:
            (folder / "model.txt").write_text("half")
            raise RuntimeError("training died")

    with pytest.raises(RuntimeError, match="training died"):
        die()
    assert registry.versions() == []
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".staging")] == []


@pytest.mark.parametrize("name", ["v9", "../v1", "v01", "", "CURRENT"])
def test_unknown_versions_are_refused_in_one_line(tmp_path: Path, name: str) -> None:
    registry = Registry(tmp_path, "intent")
    publish(registry)
    with pytest.raises(UnderstudyError, match="expected one of the intent versions") as caught:
        registry.promote(name)
    assert "\n" not in str(caught.value)
    assert registry.current() is None


def test_nothing_to_roll_back_to(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "intent")
    registry.promote(publish(registry))
    with pytest.raises(UnderstudyError, match="one alone was live"):
        registry.rollback()


def test_broken_pointer_says_what_to_write(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "intent")
    publish(registry)
    registry.pointer.write_text("v1 please")
    with pytest.raises(UnderstudyError, match="CURRENT"):
        registry.current()


def test_a_pinned_version_is_kept_until_it_is_unpinned(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "intent")
    for _ in range(5):
        registry.promote(publish(registry))
    assert registry.pin("v2")
    assert not registry.pin("v2"), "pinned already"
    assert [each.version for each in registry.versions() if each.pinned] == ["v2"]
    assert registry.prune(keep=1) == ["v1", "v3"], "v4 is what a rollback goes back to"
    assert registry.pin("v2", False)
    assert not registry.pin("v2", False)
    assert registry.prune(keep=1) == ["v2"]
    with pytest.raises(UnderstudyError, match="found 'v2'"):
        registry.pin("v2")


@settings(max_examples=40, deadline=None)
@given(moves=st.lists(st.sampled_from(["publish", "promote", "rollback", "prune"]), max_size=25))
def test_the_live_version_always_exists(tmp_path_factory: pytest.TempPathFactory, moves: list[str]) -> None:
    registry = Registry(tmp_path_factory.mktemp("r"), "intent")
    registry.promote(publish(registry))
    for move in moves:
        if move == "publish":
            publish(registry)
        elif move == "promote":
            registry.promote(registry.versions()[-1].version)
        elif move == "prune":
            registry.prune(keep=1)
        else:
            try:
                registry.rollback()
            except UnderstudyError:
                assert registry.earlier() is None
        assert (registry.current_path() / "model.txt").is_file()
        previous = registry.previous()
        assert previous is None or registry.path(previous).is_dir()


def test_killed_in_the_middle_old_or_new_is_live(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "intent")
    for _ in range(2):
        publish(registry)
    registry.promote("v1")
    code = (
        "import sys; from pathlib import Path; from model.registry import Registry\n"
        "r = Registry(Path(sys.argv[1]), 'intent'); print('go', flush=True)\n"
        "for i in range(100000): r.promote('v1' if i % 2 else 'v2')"
    )
    for pause in (0.0, 0.003, 0.011, 0.02):
        child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(pause)
        os.kill(child.pid, signal.SIGKILL)
        child.wait(timeout=10)
        child.stdout.close()
        assert json.loads(registry.pointer.read_text())["version"] in ("v1", "v2")
        assert registry.current_path().is_dir()
