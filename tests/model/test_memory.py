"""A correction decides the very next same or near-same message, and nothing else."""

import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.memory import NEAR, OverrideMemory
from model.types import OOS
from tests.model.encoders import CharEncoder


def memory(*corrections: tuple[int, str, str]) -> OverrideMemory:
    made = OverrideMemory(CharEncoder())
    for id, text, label in corrections:
        made.add(id, text, label)
    return made


def label(made: OverrideMemory, text: str) -> str | None:
    found = made.lookup(text)
    return None if found is None else found.label


def test_empty_memory_encodes_nothing() -> None:
    class Never(CharEncoder):
        def encode(self, texts: object) -> object:  # type: ignore[override]
            raise AssertionError("nothing to compare with")

    assert OverrideMemory(Never()).lookup("where is my parcel") is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "asked",
    [
        "Where is my parcel, please",
        "where is  my parcel, please??",
        "WHERE IS MY PARCEL, PLEASE!",
        "where is my parcel, pleas",
    ],
)
def test_same_and_near_same_messages(asked: str) -> None:
    assert label(memory((1, "where is my parcel, please?", "order_status")), asked) == "order_status"


def test_other_messages_are_left_alone() -> None:
    made = memory((1, "where is my parcel?", "order_status"))
    for asked in ("where is my refund?", "is parcel delivery free", "", "?", "📦"):
        assert made.lookup(asked) is None


def test_numbers_do_not_count() -> None:
    made = memory((1, "where is order 10042", "order_status"))
    assert label(made, "Where is order 20057?") == "order_status"


@pytest.mark.parametrize(
    ("corrected", "asked"),
    [
        ("I want to cancel my order", "I don't want to cancel my order"),
        ("my refund has arrived in my account", "my refund has not arrived in my account"),
        ("my parcel with the mugs hasn’t arrived today", "my parcel with the mugs has arrived today"),
    ],
)
def test_a_denial_is_another_message(corrected: str, asked: str) -> None:
    made = OverrideMemory(CharEncoder(), threshold=0.5)
    made.add(1, corrected, "a")
    assert made.lookup(asked) is None
    assert label(made, corrected) == "a"


def test_latest_correction_of_a_text_wins_and_its_undo_brings_back_the_earlier() -> None:
    made = memory((1, "sort it out", "complaint"), (2, "Sort it out!", OOS))
    assert label(made, "sort it out") == OOS
    assert made.remove(2)
    assert label(made, "sort it out") == "complaint"
    assert not made.remove(2)
    assert made.remove(1)
    assert made.lookup("sort it out") is None
    assert len(made) == 0


def test_an_id_is_remembered_once() -> None:
    made = memory((1, "sort it out", "a"), (2, "pay me back", "b"), (1, "sort it out", "c"))
    assert label(made, "sort it out") == "c"
    assert [entry.id for entry in made.entries()] == [2, 1]
    assert 1 in made
    assert 3 not in made


def test_rebuild_replaces_everything() -> None:
    made = memory((1, "sort it out", "a"))
    made.rebuild([(5, "pay me back", "b"), (6, "pay me back", "c")])
    assert made.lookup("sort it out") is None
    assert label(made, "pay me back") == "c"
    assert made.discard([5, 6, 7]) == 2
    made.rebuild([])
    assert made.lookup("pay me back") is None


def test_override_names_its_correction() -> None:
    found = memory((7, "where is my parcel, please", "order_status")).lookup("where is my parcel, pleas")
    assert found is not None
    assert (found.id, found.text) == (7, "where is my parcel, please")
    assert NEAR <= found.similarity < 1


TEXTS = st.text(max_size=30) | st.sampled_from(["where is it", "Where is it?", "where is it 1234", "not it", "ta"])
MOVES = st.lists(st.tuples(st.sampled_from(["add", "remove"]), st.integers(0, 6), TEXTS, st.sampled_from("abc")))


@settings(max_examples=60, deadline=None)
@given(moves=MOVES)
def test_every_remembered_text_is_decided_by_its_latest_entry(
    moves: list[tuple[str, int, str, str]],
) -> None:
    made, kept = memory(), {}
    for move, id, text, name in moves:
        kept.pop(id, None)
        if move == "add":
            kept[id] = (text, name)
            made.add(id, text, name)
        else:
            made.remove(id)
    assert len(made) == len(kept)
    rebuilt = memory()
    rebuilt.rebuild([(id, text, name) for id, (text, name) in kept.items()])
    for text, _ in kept.values():
        assert made.lookup(text) == rebuilt.lookup(text)
        assert made.lookup(text) is not None
    last = next(reversed(kept.values()), None)
    if last is not None:
        assert label(made, last[0]) == last[1]


def test_lookups_while_it_changes() -> None:
    made = memory((0, "where is my parcel", "order_status"))
    stop, wrong = threading.Event(), []

    def look() -> None:
        while not stop.is_set():
            if label(made, "where is my parcel") != "order_status":
                wrong.append(1)

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for id in range(1, 120):
        made.add(id, f"another matter number {id * 7}", "b")
        if id % 3 == 0:
            made.remove(id - 1)
    stop.set()
    for reader in readers:
        reader.join(timeout=10)
    assert not wrong


@pytest.mark.weights
def test_no_starter_text_is_taken_by_a_correction_of_another_intent(tmp_path_factory: pytest.TempPathFactory) -> None:
    from model import starter
    from model.dataset import normalise, read_examples
    from model.encoder import base_encoder

    file = Path(starter.__file__).parent / "utterances.jsonl"
    rows = read_examples(file).examples
    made = OverrideMemory(base_encoder(tmp_path_factory.getbasetemp().parent / "base-encoder"))
    rng = np.random.default_rng(7)
    corrected = {int(i) for i in rng.choice(len(rows), 250, replace=False)}
    made.rebuild([(i, rows[i].text, rows[i].label) for i in sorted(corrected)])
    same = {normalise(rows[i].text) for i in corrected}
    for i, row in enumerate(rows):
        found = made.lookup(row.text)
        if i in corrected or normalise(row.text) in same:
            assert found is not None
        else:
            assert found is None or found.label == row.label, (row, found)


@pytest.mark.parametrize(
    "text",
    [
        "hello, where is my blue parcel? thanks",
        "Hi there, where is my blue parcel. Many thanks!",
        "where is my blue parcle",
        "where is my bleu parcel?",
        "Good morning! WHERE IS MY BLUE PACEL",
    ],
)
def test_slips_and_a_greeting_do_not_hide_a_corrected_message(text: str) -> None:
    memory = OverrideMemory(Apart())
    memory.add(1, "Where is my blue parcel?", "order_status")
    found = memory.lookup(text)
    assert found is not None
    assert found.label == "order_status"


@pytest.mark.parametrize(
    "text",
    [
        "where is my blue card",
        "where is your blue parcel",
        "where is my parcel",
        "wehre is my bleu parcle",
        "hello thanks",
    ],
)
def test_other_words_are_no_slips(text: str) -> None:
    memory = OverrideMemory(Apart())
    memory.add(1, "Where is my blue parcel?", "order_status")
    assert memory.lookup(text) is None


class Apart:
    """An encoder for which no two texts are near, so that words alone decide."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([np.random.default_rng(abs(hash(text))).normal(size=64) / 100 for text in texts]).astype("f4")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["where is my parcel", "wheer is my parcel", "hi, where is my parcel, thanks", "refund",
                                 "my refund did not come", "my refund did come", "", "📦"]), max_size=8))  # fmt: skip
def test_several_at_once_are_decided_as_each_alone(texts: list[str]) -> None:
    made = memory((1, "where is my parcel?", "order_status"), (2, "my refund did come", "refund"))
    assert made.lookups(texts) == [made.lookup(text) for text in texts]
    assert memory().lookups(texts) == [None] * len(texts)


@pytest.mark.weights
def test_the_tours_second_question_is_near_enough_to_be_understood_at_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from model.encoder import base_encoder

    page = (Path(__file__).parents[2] / "bot" / "workspace" / "page" / "welcome.js").read_text("utf-8")
    asked, again = (json.loads(found) for found in re.findall(r"(?:unsure|again): (\[.*\]),", page))
    made = OverrideMemory(base_encoder(tmp_path_factory.getbasetemp().parent / "base-encoder"))
    made.add(1, asked[0], "damaged_item")
    assert [label(made, text) for text in again] == ["damaged_item"] * len(again)
    assert asked[0] not in again
