"""The hand-written rows of bench.requests are what they say."""

import pytest

from bench.requests import rows
from model.starter import intents
from model.types import OOS

NAMES = {intent.name for intent in intents()} | {OOS}
SMALL_TALK = {intent.name for intent in intents() if intent.small_talk}


@pytest.mark.parametrize(("name", "least"), [("requests", 80), ("stories", 40), ("conversations", 60)])
def test_there_are_enough_and_no_text_is_in_both_halves(name: str, least: int) -> None:
    halves = {split: [str(row.get("text") or row["turns"]) for row in rows(name, split)] for split in ("dev", "test")}
    assert sum(map(len, halves.values())) >= least
    assert abs(len(halves["dev"]) - len(halves["test"])) <= 2
    assert len({*halves["dev"], *halves["test"]}) == sum(map(len, halves.values()))


@pytest.mark.parametrize("split", ["dev", "test"])
def test_labels_are_the_starter_shops(split: str) -> None:
    for row in rows("requests", split):
        assert 2 <= len(row["labels"]) == len(set(row["labels"])) <= 3
        assert set(row["labels"]) <= NAMES - {OOS} - SMALL_TALK
    for row in rows("stories", split):
        assert row["label"] in NAMES
        assert row["where"] in ("begin", "middle", "end")
        assert 300 <= len(row["text"]) <= 3000
    for row in rows("conversations", split):
        assert 2 <= len(row["turns"]) <= 4
        assert {turn["label"] for turn in row["turns"]} <= NAMES
        assert row["kind"] in ("elliptical", "alone")
