"""The rows of bench.loop: what comes as messages was never seen, and test texts never come."""

import json
import os
from pathlib import Path

import pytest

from bench.banking import read, same

SHARED = Path(os.environ.get("SHARED_DIR") or Path(__file__).parents[3] / "shared")
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "data/BANKING77").is_dir(), reason="no benchmark data"),
]


def test_messages_are_fresh_and_of_the_sample_asked_for() -> None:
    data = read(SHARED, 1500, seed=1)
    seen = {same(row["text"]) for row in (*data.few, *data.test)}
    coming = [same(row["text"]) for row in data.stream]
    assert len(coming) == len(set(coming)) == 1500
    assert seen.isdisjoint(coming)
    assert data.stream == read(SHARED, 1500, seed=1).stream
    assert data.stream != read(SHARED, 1500, seed=2).stream


def test_every_intent_has_an_answer_of_its_own() -> None:
    data = read(SHARED, 10, seed=1)
    assert {row["label"] for row in data.few} == set(data.answers)
    assert len(set(data.answers.values())) == 77


def test_fewer_intents_stay_among_themselves(tmp_path: Path) -> None:
    data = read(SHARED, 300, seed=1, intents=20)
    assert {row["label"] for row in (*data.few, *data.stream, *data.test)} <= set(data.answers)
    intents, few, test = data.write(tmp_path)
    assert len(json.loads(intents.read_text())) == 20
    assert len(few.read_text().splitlines()) == 200
    assert len(test.read_text().splitlines()) == len(data.test) > 500


def test_too_many_messages_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 20000 fresh rows, found"):
        read(SHARED, 20_000, seed=1)
