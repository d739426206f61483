"""One reference: the old bundle serves until a better one has loaded and answered."""

import threading
import time
from pathlib import Path

import pytest

from model.live import Live
from model.registry import Registry
from model.types import UnderstudyError
from tests.model.test_registry import publish


def load(folder: Path) -> str:
    text = (folder / "model.txt").read_text()
    if text == "broken":
        raise UnderstudyError(f"{folder}: expected weights, found none")
    return text


def test_follows_the_pointer(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "intent")
    registry.promote(publish(registry, "one"))
    live = Live(registry, load)
    told: list[str] = []
    live.on_swap(told.append)
    assert live.get() == "one"
    assert not live.refresh()
    registry.promote(publish(registry, "two"))
    assert live.refresh()
    assert (live.get(), live.version, told) == ("two", "v2", ["one", "two"])


def test_a_broken_version_never_replaces_a_working_one(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "intent")
    registry.promote(publish(registry, "one"))
    live = Live(registry, load)
    live.get()
    registry.promote(publish(registry, "broken"))
    assert not live.refresh()
    assert live.get() == "one"
    assert live.error is not None
    assert "expected weights" in live.error
    registry.rollback()
    live.refresh()
    assert live.error is None


def test_a_version_that_fails_its_trial_is_not_taken(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "intent")
    registry.promote(publish(registry, "one"))

    def probe(bundle: str) -> None:
        if bundle == "mute":
            raise RuntimeError("no answer")

    live = Live(registry, load, probe)
    live.get()
    registry.promote(publish(registry, "mute"))
    live.refresh()
    assert live.get() == "one"


def test_nothing_live_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UnderstudyError, match="expected a live intent model"):
        Live(Registry(tmp_path, "intent"), load).get()


def test_watch_swaps_by_itself_and_requests_never_wait(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "intent")
    registry.promote(publish(registry, "one"))
    slow = threading.Event()

    def slowly(folder: Path) -> str:
        text = load(folder)
        if text == "two":
            slow.wait(5)
        return text

    live = Live(registry, slowly)
    live.get()
    live.watch(interval=0.02)
    registry.promote(publish(registry, "two"))
    time.sleep(0.1)
    assert live.get() == "one", "the old one answers while the new one loads"
    slow.set()
    deadline = time.monotonic() + 5
    while live.get() != "two" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert live.get() == "two"
    live.close()
