"""The response model that comes with a release: live from the first day, and in the place of an older one, once."""

from pathlib import Path

import pytest

from bot.prepare import seed_response
from model import starter
from model.registry import Registry
from model.serving_file import ADAPTER_FILE


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release's adapter, to be written over by the next one's."""
    folder = tmp_path / "starter" / "adapter"
    folder.mkdir(parents=True)
    monkeypatch.setattr(starter, "folder", lambda: folder.parent)
    (folder / ADAPTER_FILE).write_bytes(b"first")
    (folder / "manifest.json").write_text("{}")
    return folder / ADAPTER_FILE


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "response", "response")


def live(registry: Registry) -> bytes:
    return (registry.current_path() / ADAPTER_FILE).read_bytes()


def test_it_serves_from_the_first_day_and_twice_changes_nothing(release: Path, registry: Registry) -> None:
    assert seed_response(registry) == "v1"
    assert seed_response(registry) is None
    assert live(registry) == release.read_bytes()


def test_a_newer_release_replaces_it_and_who_goes_back_stays_there(release: Path, registry: Registry) -> None:
    seed_response(registry)
    release.write_bytes(b"second")
    assert seed_response(registry) == "v2"
    assert live(registry) == b"second"
    registry.rollback()
    assert seed_response(registry) is None
    assert live(registry) == b"first"


def test_what_the_desk_has_trained_stays_live(release: Path, registry: Registry) -> None:
    seed_response(registry)
    with registry.staging() as staging:
        (staging / ADAPTER_FILE).write_bytes(b"trained on the desk's answers")
        registry.promote(registry.publish(staging, {"rows": 30}))
    release.write_bytes(b"second")
    assert seed_response(registry) is None
    assert live(registry) == b"trained on the desk's answers"


def test_nothing_comes_with_the_code(release: Path, registry: Registry) -> None:
    release.unlink()
    assert seed_response(registry) is None
    assert registry.current() is None
