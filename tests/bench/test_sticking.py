import random

from bench.sticking import COPIES, mistaken, mistyped, percent
from model.types import Example, Prediction


class Always:
    def predict(self, texts: list[str]) -> list[Prediction]:
        return [Prediction(text, "a", 0.9, (), 0.0, False, "v") for text in texts]


def test_only_what_was_misread_is_corrected() -> None:
    rows = [Example(str(i), "ab"[i % 2]) for i in range(10)]
    assert {row.label for row in mistaken(Always(), rows, 1)} == {"b"}  # type: ignore[arg-type]
    assert len(mistaken(Always(), rows, 1)) == 5  # type: ignore[arg-type]


def test_near_copies_keep_the_words() -> None:
    made = {name: copy("Where is my card?", random.Random(1)) for name, copy in COPIES.items()}
    assert made["the same message"] == "Where is my card?"
    assert made["capitals, no punctuation"] == "WHERE IS MY CARD"
    assert made["a polite word more"] == "Where is my card please?"
    assert mistyped("to be or", random.Random(1)) == "to be or"
    slipped = mistyped("Where is my", random.Random(1)).split()
    assert [i for i, word in enumerate(slipped) if word != ("Where", "is", "my")[i]] == [0]


def test_shares_are_in_per_cent() -> None:
    assert percent([True, False, False]) == 33.3
    assert percent([]) == 0
