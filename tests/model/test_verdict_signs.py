import pytest

from model.grounding import Checker
from model.trees import read
from model.verdict_signs import FITTED
from tests.model.fakes import FakeEncoder

SOURCES = (
    "Ramps are on every train. Dogs are not allowed in the museum. You can pay with PayPal.",
    "You must bring your passport. Standard delivery is free from £50. Children under 5 travel free.",
)


def checker(question: str) -> Checker:
    return Checker(SOURCES, FakeEncoder(), question=question)


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("are dogs allowed in the museum?", "No, dogs are not allowed in the museum."),
        ("can i pay with paypal?", "Yes, you can pay with PayPal."),
        ("do i need to bring my passport?", "Yes, you must bring your passport."),
    ],
)
def test_a_verdict_that_the_rest_bears_out_stays(question: str, reply: str) -> None:
    assert checker(question).check(reply).reasons == ()


@pytest.mark.parametrize(
    ("question", "word", "rest"),
    [
        ("are there ramps", "No", "Ramps are on every train."),
        ("do kids travel free", "No", "Children under 5 travel free."),
        ("are dogs allowed in the museum?", "Yes", "Dogs are not allowed in the museum."),
        ("is delivery free for £40?", "Yes", "Standard delivery is free from £50."),
        ("can i park there?", "No", "Ramps are on every train."),
        ("can i park there?", "Yes", "Ramps are on every train."),
    ],
)
def test_a_wrong_or_unrelated_verdict_goes_and_the_rest_is_sent(question: str, word: str, rest: str) -> None:
    said = checker(question)
    sentence = f"{word}, {rest[0].lower()}{rest[1:]}"
    assert said.check(sentence).reasons[0].startswith(f"{word.lower()}: ")
    assert said.repaired(sentence) == rest


def test_the_trees_know_every_measure_that_is_taken() -> None:
    assert tuple(checker("are there ramps").verdict_measured("No, ramps are on every train.")) == read(FITTED).measures
