from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.word_match import NAMES, Words, read_words, word_match

SENSES = {
    "costs": 0,
    "price": 0,
    "delivery": 1,
    "shipping": 1,
    "express": 2,
    "free": 3,
    "£5": 4,
    "returns": 5,
    "members": 6,
}
"""Which words mean the same to `Senses`."""


class Senses:
    """An encoder of two tokens a word, each of the sense of its word."""

    def tokens(self, texts: Sequence[str]) -> Any:
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> tuple[list[tuple[int, int]], np.ndarray]:
        spans, vectors, at = [], [], 0
        for word in text.split(" "):
            middle = at + max(1, len(word) // 2)
            for span in ((at, middle), (middle, at + len(word))):
                vector = np.zeros(32, np.float32)
                vector[SENSES.get(word.strip(".").lower(), 8 + sum(map(ord, word)) % 24)] = 2.0
                spans.append(span)
                vectors.append(vector)
            at += len(word) + 1
        return spans, np.stack(vectors)


def found(body: str, sources: Sequence[str], question: str = "", encoder: object = None) -> dict[str, float]:
    encoder = encoder or Senses()
    asked = read_words(encoder, [question]) if question else []
    return word_match(read_words(encoder, [body])[0], read_words(encoder, sources), asked)


def test_other_words_of_the_same_sense_are_recalled() -> None:
    measured = found("The price of shipping is £5.", ["Delivery costs £5.", "Returns are free."])
    assert measured["recall_least"] == pytest.approx(1)
    assert measured["precision_least"] == pytest.approx(1)


def test_a_word_of_the_nearest_source_that_is_left_out_is_missed_unless_the_question_has_it() -> None:
    sources = ["Express delivery costs £5.", "Returns are free."]
    assert found("Delivery costs £5.", sources)["recall_least"] == pytest.approx(0)
    assert found("Delivery costs £5.", sources, "express for members")["recall_least"] == pytest.approx(1)


def test_a_word_that_no_source_has_is_imprecise_and_new() -> None:
    measured = found("Delivery is free for members.", ["Delivery costs £5.", "Returns are free."])
    assert measured["precision_least"] == measured["new_word"] == pytest.approx(0)
    assert found("Delivery is free.", ["Delivery costs £5.", "Returns are free."])["new_word"] == 1


def test_an_encoder_without_tokens_goes_by_spelling() -> None:
    assert read_words(object(), ["Express delivery"])[0].vectors is None
    measured = found("Delivery costs £5.", ["Express deliveries cost £5."], encoder=object())
    assert measured["recall_least"] < 0.5
    assert measured["precision_least"] == 1


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3), st.text(max_size=30))
def test_any_text_gives_all_measures(body: str, sources: list[str], question: str) -> None:
    for encoder in (Senses(), object()):
        measured = found(body, sources, question, encoder)
        assert list(measured) == list(NAMES)
        assert all(-1.001 <= value <= 1.001 for value in measured.values())


def test_no_words_match_nothing() -> None:
    nothing = Words((), np.zeros(0, bool), None)
    assert set(word_match(nothing, [nothing], []).values()) == {0.0}
