import random

import pytest

from bench import fair, robust
from bench.fair import Slice, gaps
from bench.noise import NOISES, PASTED, PASTES
from bench.robust import Line, by_tag, line
from bench.swaps import FAMILIES
from model.starter import intents
from model.types import Example, Prediction, Ranked

REQUESTS = robust.rows(fair.REQUESTS)


def said(text: str, intent: str, oos: bool = False) -> Prediction:
    return Prediction(text, intent, 0.9, (Ranked(intent, 0.9),), 0.1, oos, "v1")


@pytest.mark.parametrize("name", NOISES)
def test_noise_is_seeded_and_leaves_something(name: str) -> None:
    text = "Where is my parcel, please? You sent it on Monday."
    noisy = NOISES[name](text, random.Random(3))
    assert noisy == NOISES[name](text, random.Random(3))
    assert len(noisy.split()) >= 7
    assert (noisy == text) == (name == "as written")


@pytest.mark.parametrize("name", [name for name in PASTES if name != "as written"])
def test_a_paste_is_long_and_holds_the_request_as_it_was(name: str) -> None:
    pasted = PASTES[name]("where is my parcel", random.Random(1))
    assert "where is my parcel" in pasted.splitlines()
    assert PASTED <= len(pasted) < PASTED + 800


def test_the_requests_are_two_hundred_of_the_starter_shops_intents() -> None:
    assert len({row.text for row in REQUESTS}) == 200
    assert {row.label for row in REQUESTS} <= {intent.name for intent in intents()}


def test_every_swap_changes_a_good_part_and_is_seeded() -> None:
    for family, swaps in FAMILIES.items():
        for name, swap in swaps.items():
            first, second = ([swap(row.text, chance) for row in REQUESTS] for chance in map(random.Random, (5, 5)))
            assert first == second
            changed = sum(a != row.text for a, row in zip(first, REQUESTS, strict=True)) / len(REQUESTS)
            assert changed == 0 if family == "as written" else changed > 0.4, (family, name, changed)


def test_a_line_counts_right_intents_and_refusals_apart() -> None:
    rows = [Example("a", "x"), Example("b", "x"), Example("c", "y")]
    found = [said("a", "x", oos=True), said("b", "y"), said("c", "y")]
    assert line("n", rows, found, [1.0, 2.0, 3.0]) == Line("n", 3, 2 / 3, 1 / 3, 3.0)


def test_tags_make_slices() -> None:
    class Known:
        def predict(self, texts: list[str]) -> list[Prediction]:
            return [said(text, "x") for text in texts]

    rows = [Example("a", "x"), Example("b", "y")]
    lines = by_tag(Known(), rows, {"a": "BZ", "b": "B"})  # type: ignore[arg-type]
    assert [(one.name[0], one.rows, one.right) for one in lines] == [("a", 2, 0.5), ("B", 2, 0.5), ("Z", 1, 1.0)]


def test_gaps_over_five_points_are_named() -> None:
    slices = [Slice("as written", "as written", 0.9, 0, 0.9), Slice("names", "A", 0.9, 0, 0.9)]
    slices += [Slice("dialect", "B", 0.84, 0, 0.8)]
    told = gaps(slices, "right")
    assert told[0].startswith("weakness: right intent, widest of all: 6.0 points, B to")
    assert [one for one in told if "names" in one] == ["right intent, names, with as written: 0.0 points, A to A"]
