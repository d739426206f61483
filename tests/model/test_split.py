"""Nothing leaks between train and test, and nothing ever moves."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.dataset import fingerprint, normalise
from model.split import ENOUGH, NEAR, SHARE, STARTER_SHARE, Split, split
from model.types import OOS, Example
from tests.model.encoders import CharEncoder

WORDS = ["parcel", "refund", "order", "cancel", "return", "address", "invoice", "late", "broken", "wrong", "where"]
WORDS += ["when", "how", "card", "pay", "code"]


def starter(intents: int = 6, rows: int = 27, seed: int = 7) -> list[Example]:
    rng = np.random.default_rng(seed)
    made = []
    for intent in range(intents):
        for row in range(rows):
            words = " ".join(rng.choice(WORDS, 5))
            made.append(Example(f"{words} {intent} {row * 37}", f"intent_{intent}", "starter"))
    return [*made, *(Example(f"{' '.join(rng.choice(WORDS, 4))} elsewhere {i}", OOS, "starter") for i in range(40))]


def sides(cut: Split) -> dict[str, set[str]]:
    """Normalised text -> where its rows stand."""
    found: dict[str, set[str]] = {}
    for name in ("train", "test", "held_back"):
        for row in getattr(cut, name):
            found.setdefault(normalise(row.text), set()).add(name)
    return found


def assert_leak_free(cut: Split) -> None:
    train, test = {normalise(r.text) for r in cut.train}, {normalise(r.text) for r in cut.test}
    assert not train & test
    assert not {r.group for r in cut.train if r.group} & {r.group for r in cut.test if r.group}
    if cut.train and cut.test:
        encoder = CharEncoder()
        cosines = encoder.encode([r.text for r in cut.train]) @ encoder.encode([r.text for r in cut.test]).T
        assert cosines.max() < NEAR


def test_each_starter_intent_has_its_share_of_test_rows() -> None:
    rows = starter()
    cut = split(rows, CharEncoder())
    assert_leak_free(cut)
    total, tested = Counter(r.label for r in rows), Counter(r.label for r in cut.test)
    for label, n in total.items():
        assert max(ENOUGH, math.ceil(STARTER_SHARE * n)) <= tested[label] < 0.5 * n, label
    assert len(cut.train) + len(cut.test) + len(cut.held_back) == len(rows)


def test_an_intent_of_one_row_is_trained_on() -> None:
    cut = split([Example("gift wrap", "gift", "starter"), *starter(2)], CharEncoder())
    assert "gift" in {r.label for r in cut.train}


def test_share_of_other_rows_goes_by_hash() -> None:
    rng = np.random.default_rng(1)
    rows = [Example(" ".join(rng.choice(WORDS, 12)), "a", "import") for _ in range(1500)]
    cut = split(rows, CharEncoder())
    assert_leak_free(cut)
    assert SHARE - 0.05 < len(cut.test) / len(rows) < SHARE + 0.05
    assert sides(cut) == sides(split(rows, CharEncoder())), "the same again"


def test_a_near_duplicate_takes_the_side_of_the_older_one() -> None:
    base = starter()
    cut = split(base, CharEncoder())
    for side in ("train", "test"):
        old = max(getattr(cut, side), key=lambda row: len(row.text))
        twin = Example(f"{old.text}0", "other", "correction")
        assert np.dot(*CharEncoder().encode([twin.text, old.text])) >= NEAR
        again = split([*base, twin], CharEncoder())
        assert twin in getattr(again, side)
        assert_leak_free(again)


def test_a_conversation_stays_together_and_what_cannot_is_held_back() -> None:
    cut = split(starter(), CharEncoder())
    trained, tested = cut.train[0], cut.test[0]
    first = Example(trained.text.upper(), "a", "correction", "case1")
    second = Example(tested.text.upper(), "b", "correction", "case1")
    third = Example("a third matter altogether", "c", "correction", "case1")
    again = split([*starter(), first, second, third], CharEncoder())
    assert first in again.train
    assert second in again.held_back
    assert third in again.train
    assert_leak_free(again)


def test_known_sides_stay_when_the_starter_goes() -> None:
    first = split(starter(), CharEncoder())
    mine = [Example(r.text, r.label, "import") for r in starter()]
    again = split(mine, CharEncoder(), known=first.sides)
    assert {fingerprint(r.text) for r in again.test} == {fingerprint(r.text) for r in first.test}


def test_sides_hold_no_text() -> None:
    cut = split(starter(), CharEncoder())
    assert all(len(key) == 32 and set(key) <= set("0123456789abcdef") for key in cut.sides)


def test_nothing_to_split() -> None:
    assert split([], CharEncoder()) == Split([], [], [], {})


TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join) | st.text(max_size=12)
ROWS = st.builds(
    Example,
    text=TEXTS,
    label=st.sampled_from(["a", "b", OOS]),
    source=st.sampled_from(["import", "correction"]),
    group=st.sampled_from(["", "", "g1", "g2", "g3"]),
)
BASE = starter(3, 12)


@settings(max_examples=60, deadline=None)
@given(batches=st.lists(st.lists(ROWS, max_size=12), min_size=1, max_size=4), kept=st.booleans(), data=st.data())
def test_nothing_moves_whatever_is_added_relabelled_or_imported_again(
    batches: list[list[Example]], kept: bool, data: st.DataObject
) -> None:
    rows, known, seen = list(BASE), {}, {}
    for batch in batches:
        rows = [*rows, *batch]
        if kept:
            # With the decisions kept, deleting, relabelling and reordering move nothing either.
            rows = data.draw(st.permutations(rows)) if len(rows) < 60 else rows[len(batch) // 2 :]
            rows = [Example(r.text, data.draw(st.sampled_from("ab")), r.source, r.group) for r in rows[:5]] + rows[5:]
        cut = split(rows, CharEncoder(), known=known)
        assert_leak_free(cut)
        known = cut.sides if kept else {}
        for text, where in sides(cut).items():
            for side, other in (("train", "test"), ("test", "train")):
                assert not (side in where and other in seen.get(text, ())), text
            seen.setdefault(text, set()).update(where)


@pytest.mark.parametrize("n", [1, 1023, 1025, 2100])
def test_neighbours_are_found_across_blocks(n: int) -> None:
    from model.split import _neighbours

    vectors = np.random.default_rng(n).normal(size=(n, 16)).astype(np.float32)
    vectors[-1] = vectors[0] * 2
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near = _neighbours(vectors)
    if n > 1:
        assert n - 1 in near[0]
        assert 0 in near[n - 1]
    for i in range(0, n, 97):
        assert sorted(near[i]) == [j for j in np.flatnonzero(vectors @ vectors[i] >= NEAR).tolist() if j != i]
