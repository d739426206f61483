from collections.abc import Sequence

import numpy as np

from model.vector_cache import RememberingEncoder
from tests.model.fakes import FakeEncoder


class CountingEncoder(FakeEncoder):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]):  # type: ignore[no-untyped-def]
        self.seen += texts
        return super().encode(texts)


def test_only_new_texts_are_encoded_and_the_vectors_are_the_same() -> None:
    counting = CountingEncoder()
    kept = RememberingEncoder(counting)
    first = kept.encode(["a word", "another", "a word"])
    assert counting.seen == ["a word", "another"]
    again = kept.encode(["another", "a third"])
    assert counting.seen == ["a word", "another", "a third"]
    assert np.array_equal(first[1], again[0])
    assert np.array_equal(first, FakeEncoder().encode(["a word", "another", "a word"]))


def test_what_is_not_asked_for_any_more_is_forgotten() -> None:
    counting = CountingEncoder()
    kept = RememberingEncoder(counting)
    kept.encode(["a word", "another"])
    kept.forget_others()
    kept.encode(["another"])
    kept.forget_others()
    kept.encode(["another", "a word"])
    assert counting.seen == ["a word", "another", "a word"]
