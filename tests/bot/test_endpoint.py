"""The settings of an endpoint, and what doctor and the nightly training make of them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.checkup import check_response_model
from bot.commands.retrain import response
from bot.endpoint import endpoint_of, readable_on_the_way
from bot.settings import Settings, load
from model.types import UnderstudyError
from tests.model.chat_server import ChatServer

URL = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_an_address_replies_are_written_here() -> None:
    assert endpoint_of(load()) is None
    assert endpoint_of(load(generator_url=URL, generator_model="m", generator="off")) is None


def test_the_settings_reach_the_writer_and_the_key_hides() -> None:
    settings = load(
        generator_url=URL,
        generator_model="big",
        generator_api_key="sk-1",
        generator_first_seconds=2,
        generator_seconds=7,
        generator_retries=1,
        generator_failures=4,
        generator_pause=9,
    )
    writer = endpoint_of(settings)
    assert writer is not None
    had = writer.patience
    assert (had.first_seconds, had.seconds, had.retries_per_minute, had.failures, had.pause) == (2, 7, 1, 4, 9)
    assert (writer.address.url, writer.address.model, writer.address.key) == (URL, "big", "sk-1")
    assert "sk-1" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"generator_url": "127.0.0.1:8000"}, "GENERATOR_URL"),
        ({"generator_url": "ftp://host/v1"}, "GENERATOR_URL"),
        ({"generator_url": "http:///v1"}, "GENERATOR_URL"),
        ({"generator_url": "http://user:pass@host/v1"}, "GENERATOR_URL"),
        ({"generator_url": "http://host:99999/v1"}, "GENERATOR_URL"),
        ({"generator_url": "http://host/v1?key=1"}, "GENERATOR_URL"),
        ({"generator_url": "http://host/v 1"}, "GENERATOR_URL"),
        ({"generator_url": URL, "generator_model": " "}, "GENERATOR_MODEL"),
        ({"generator_url": URL, "generator_model": "m", "generator_api_key": "sk\nX: y"}, "GENERATOR_API_KEY"),
        ({"generator_first_seconds": 0}, "GENERATOR_FIRST_SECONDS"),
        ({"generator_failures": 0}, "GENERATOR_FAILURES"),
    ],
)
def test_what_cannot_be_is_one_clear_line(given: dict[str, Any], named: str) -> None:
    with pytest.raises(UnderstudyError, match=named) as caught:
        load(**given)
    assert "\n" not in str(caught.value)
    assert "sk" not in str(caught.value)


def test_words_that_would_travel_unencrypted_are_known() -> None:
    assert readable_on_the_way(load(generator_url="http://10.0.0.7/v1", generator_model="m"))
    assert not readable_on_the_way(load(generator_url="https://api.example/v1", generator_model="m"))
    assert not readable_on_the_way(load(generator_url="http://localhost:8000/v1", generator_model="m"))


def test_doctor_has_a_sentence_of_ours_written_and_says_what_is_wrong() -> None:
    with ChatServer(reply="We are open from Monday to Friday.") as server:
        settings = load(generator_url=server.url, generator_model="small")
        found = check_response_model(settings)
        assert (found.level, found.about) == ("ok", "response model")
        assert "customers' words go there" in found.words
        assert "Mondays" in server.seen[0]["messages"][1]["content"]
        server.mode = "401"
        found = check_response_model(settings)
        assert found.level == "fail"
        assert "HTTP 401" in found.words
        assert "GENERATOR_URL" in found.words
        server.mode, server.reply = "stream", ""
        assert check_response_model(settings).level == "warn"


def test_the_nightly_training_leaves_a_model_alone_that_is_not_ours() -> None:
    settings = load(generator_url=URL, generator_model="m")
    told = response(settings, None, "T1", False, lambda *_: None, None)  # type: ignore[arg-type]
    assert "GENERATOR_URL" in str(told)


def test_an_endpoint_needs_no_torch() -> None:
    code = (
        "import sys; from bot.settings import Settings; from bot.endpoint import endpoint_of; "
        f"w = endpoint_of(Settings(_env_file=None, generator_url='{URL}', generator_model='m')); "
        "assert w is not None and 'torch' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
