"""Several requests, and words in context, over a classifier that counts what it is asked."""

from collections.abc import Sequence

import pytest

from bot.understanding import Understanding
from model.memory import OverrideMemory
from model.types import OOS, Prediction
from tests.bot.fakes import FakeClassifier, FakeEncoder

TWO = "where is my parcel, and where is my refund?"


class Counting(FakeClassifier):
    """Remembers each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[str]] = []

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.batches.append(list(texts))
        return super().predict(texts)


@pytest.fixture
def classifier() -> Counting:
    return Counting()


@pytest.fixture
def understanding(classifier: Counting) -> Understanding:
    return Understanding(lambda: classifier, OverrideMemory(FakeEncoder()), lambda: {"thanks"})


def asked(prediction: Prediction) -> list[tuple[str, str]]:
    return [(each.intent, each.words(prediction.text)) for each in prediction.requests]


@pytest.mark.parametrize("text", ["where is my parcel", "parcel", "cancel it", "Where is my refund, please?"])
def test_a_message_of_one_clause_is_one_run_of_one_row(
    understanding: Understanding, classifier: Counting, text: str
) -> None:
    understanding.predict(text, tuple)
    assert classifier.batches == [[text]]


def test_two_requests_are_found_where_they_stand(understanding: Understanding, classifier: Counting) -> None:
    found = understanding.predict(TWO)
    assert asked(found) == [("order_status", "where is my parcel"), ("refund", "and where is my refund?")]
    assert (found.intent, [each.intent for each in found.further]) == ("order_status", ["refund"])
    assert len(classifier.batches) == 2


def test_what_stands_alone_does_not_even_look_at_what_went_before(understanding: Understanding) -> None:
    def nobody_asks() -> Sequence[str]:
        raise AssertionError("history was read")

    for text in ("where is my refund", "What is for breakfast tomorrow morning?", TWO):
        assert understanding.predict(text, nobody_asks) == understanding.predict(text)


def test_an_addition_is_read_with_the_topic_before_it(understanding: Understanding) -> None:
    found = understanding.predict("and the blue one?", lambda: ["where is my parcel"])
    assert (found.intent, found.text, found.in_context) == ("order_status", "and the blue one?", True)
    chain = understanding.predict("10057", lambda: ["where is my parcel", "and the blue one?"])
    assert (chain.intent, chain.in_context) == ("order_status", True)


def test_an_addition_to_nothing_known_stays_as_it_is(understanding: Understanding) -> None:
    for earlier in ([], ["Tell me what you had for breakfast"], ["and the green one?"]):
        found = understanding.predict("and the blue one?", lambda earlier=earlier: earlier)
        assert found == understanding.predict("and the blue one?")
        assert not found.in_context


def test_a_correction_of_the_whole_message_decides_its_main_request(understanding: Understanding) -> None:
    understanding.memory.add(1, TWO, "return_how")
    assert asked(understanding.predict(TWO))[0] == ("return_how", "where is my parcel")
    understanding.memory.add(1, TWO, "refund")
    assert (understanding.predict(TWO).intent, understanding.predict(TWO).requests) == ("refund", ())
    understanding.memory.add(1, TWO, OOS)
    assert understanding.predict(TWO).label == OOS
    assert understanding.predict(TWO).requests == ()


def test_a_correction_of_one_request_holds_within_a_message_too(understanding: Understanding) -> None:
    understanding.memory.add(1, "where is my parcel", "return_how")
    found = understanding.predict(TWO)
    assert [each.intent for each in found.requests] == ["return_how", "refund"]
    assert (found.intent, found.source) == ("return_how", "memory")
    understanding.memory.add(2, "and where is my refund?", OOS)
    assert understanding.predict(TWO).requests == ()
    understanding.memory.add(1, "where is my parcel", OOS)
    assert understanding.predict(TWO).label == OOS


def test_a_correction_of_an_addition_holds_for_its_plain_words(understanding: Understanding) -> None:
    understanding.memory.add(1, "and the blue one?", "refund")
    assert understanding.predict("and the blue one?", lambda: ["where is my parcel"]).intent == "refund"


def test_a_correction_of_the_topic_holds_for_what_goes_on_with_it(understanding: Understanding) -> None:
    understanding.memory.add(1, "where is my parcel", "return_how")
    found = understanding.predict("and the blue one?", lambda: ["where is my parcel"])
    assert (found.intent, found.in_context) == ("return_how", True)
