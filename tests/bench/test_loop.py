"""The product's story in small: ten intents, three hundred messages, corrections, one retraining."""

import json
import os
from pathlib import Path

import pytest

from bench import loop

SHARED = Path(os.environ.get("SHARED_DIR") or Path(__file__).parents[3] / "shared")


# Two real trainings: a minute each on two free cores, several where others compute too.
@pytest.mark.timeout(900)
@pytest.mark.weights
@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "data/BANKING77").is_dir(), reason="no benchmark data")
def test_agents_corrections_reach_a_promoted_model(tmp_path: Path) -> None:
    # That every message has one reply and one turn is checked by the run itself.
    result = loop.main(["--quick", "--shared", str(SHARED), "--out", str(tmp_path)])
    seed = result["seeds"][0]
    week = seed["rounds"][0]
    assert week["messages"] == sum(week["routes"].values()) == 300
    assert week["problems"] == []
    assert week["labels_spent"] == sum(week["corrected"].values()) + week["confirmed"] > 0
    assert [each["status"] in ("promoted", "kept") for each in seed["trainings"]] == [True, True]
    first, last = (each["accuracy"] for each in seed["accuracy"])
    assert first > 0.85
    assert last > first - 0.03
    assert json.loads((tmp_path / "loop-quick.json").read_text())["seeds"] == result["seeds"]
    assert (tmp_path / "loop-quick.png").stat().st_size > 10_000
