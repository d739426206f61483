"""After a promotion each corrected message is still right, by the model or by the memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from model.dataset import fingerprint, normalise
from model.memory import OverrideMemory
from model.release import release
from model.types import OOS, Prediction
from tests.model.encoders import CharEncoder


@dataclass(frozen=True)
class Row:
    id: int
    text: str
    after: str


class FakeClassifier:
    """Knows some texts by heart, and says `other` to the rest."""

    version = "v2"
    intents = ("a", "b", "c", "other")

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = {normalise(text): label for text, label in known.items()}

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        said = [self.known.get(normalise(text), "other") for text in texts]
        return [Prediction(t, s, 0.9, (), 0.0, s == OOS, "v2") for t, s in zip(texts, said, strict=True)]


def answered(memory: OverrideMemory, classifier: FakeClassifier, text: str) -> str:
    found = memory.lookup(text)
    return found.label if found else classifier.predict([text])[0].label


def test_what_the_model_learned_is_released() -> None:
    memory = OverrideMemory(CharEncoder())
    rows = [Row(1, "where is it", "a"), Row(2, "pay me back", "b"), Row(3, "sing a song", OOS)]
    classifier = FakeClassifier({"where is it": "a", "sing a song": OOS})
    assert release(memory, classifier, rows) == 1
    assert [entry.id for entry in memory.entries()] == [2]


def test_test_rows_stay() -> None:
    memory = OverrideMemory(CharEncoder())
    rows = [Row(1, "Where is it?", "a")]
    assert release(memory, FakeClassifier({"where is it": "a"}), rows, tested={fingerprint("where is it")}) == 1


def test_the_latest_of_a_text_counts() -> None:
    memory = OverrideMemory(CharEncoder())
    rows = [Row(1, "where is it", "a"), Row(2, "Where is it?", "b")]
    classifier = FakeClassifier({"where is it": "b"})
    release(memory, classifier, rows)
    assert len(memory) == 0, "the older one must not come to the fore again"
    assert answered(memory, classifier, "where is it") == "b"


def test_a_near_neighbour_that_stays_does_not_mislead() -> None:
    memory = OverrideMemory(CharEncoder())
    first, second = "please cancel the order of the blue mug", "please cancel the order of the blue mugs"
    rows = [Row(1, first, "a"), Row(2, second, "b")]
    classifier = FakeClassifier({first: "a"})
    release(memory, classifier, rows)
    assert answered(memory, classifier, first) == "a"
    assert answered(memory, classifier, second) == "b"


def test_corrections_that_came_meanwhile_stay() -> None:
    memory = OverrideMemory(CharEncoder())
    memory.add(1, "where is it", "a")
    memory.add(9, "a brand new matter", "c")
    release(memory, FakeClassifier({"where is it": "a"}), [Row(1, "where is it", "a")])
    assert [entry.id for entry in memory.entries()] == [9]


TEXTS = st.sampled_from(
    [
        "where is my order now",
        "where is my orders now",
        "Where is my order now?",
        "pay me back",
        "pay me back 123",
        "no",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    said=st.lists(st.tuples(TEXTS, st.sampled_from(["a", "b", OOS])), max_size=12),
    known=st.dictionaries(TEXTS, st.sampled_from(["a", "b", OOS])),
)
def test_every_corrected_text_is_right_afterwards(said: list[tuple[str, str]], known: dict[str, str]) -> None:
    memory, classifier = OverrideMemory(CharEncoder()), FakeClassifier(known)
    rows = [Row(i, text, label) for i, (text, label) in enumerate(said)]
    release(memory, classifier, rows)
    for row in {normalise(row.text): row for row in rows}.values():
        assert answered(memory, classifier, row.text) == row.after
