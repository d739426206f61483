"""What counts as a request of its own, told by hand for each piece."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.requests import MOST, MOST_PIECES, read
from model.types import Prediction, Ranked


def said(text: str, intent: str, confidence: float, *, oos: bool = False) -> Prediction:
    return Prediction(text, intent, confidence, (Ranked(intent, confidence),), 0.0, oos, "v1")


def asked(
    text: str, whole: tuple[str, float], pieces: Mapping[str, tuple[str, float]], aside: Sequence[str] = ()
) -> list[str]:
    def predict(texts: Sequence[str]) -> list[Prediction]:
        return [said(each, *pieces.get(each, ("nothing", 0.1))) for each in texts]

    return [each.intent for each in read(said(text, *whole), predict, aside).requests]


CANCEL, REFUND = "Cancel my order.", "When do I get my refund?"


def test_two_clear_questions_are_two_requests() -> None:
    text = f"{CANCEL} {REFUND}"
    assert asked(text, ("cancel", 0.8), {CANCEL: ("cancel", 0.99), REFUND: ("refund", 0.97)}) == ["cancel", "refund"]


def test_a_piece_that_is_not_sure_is_none() -> None:
    text = f"{CANCEL} {REFUND}"
    assert asked(text, ("cancel", 0.8), {CANCEL: ("cancel", 0.99), REFUND: ("refund", 0.85)}) == []


def test_one_more_thing_needs_less() -> None:
    more = "And when do I get my refund?"
    assert asked(f"{CANCEL} {more}", ("cancel", 0.8), {CANCEL: ("cancel", 0.99), more: ("refund", 0.7)}) != []


def test_the_intent_of_the_whole_needs_less() -> None:
    text = f"{CANCEL} {REFUND}"
    assert asked(text, ("cancel", 0.6), {CANCEL: ("cancel", 0.52), REFUND: ("refund", 0.99)}) == ["cancel", "refund"]
    assert asked(text, ("cancel", 0.6), {CANCEL: ("cancel", 0.48), REFUND: ("refund", 0.99)}) == []


def test_circumstances_are_no_request() -> None:
    text = "I ordered a jumper in M, could you change it to L?"
    pieces = {
        "I ordered a jumper in M": ("wrong_item", 0.95),
        "could you change it to L?": ("change", 0.9),
        text: ("change", 0.97),
    }
    assert asked(text, ("change", 0.97), pieces) == []


def test_a_short_piece_that_points_back_belongs_to_the_one_before() -> None:
    lost, replaced = "How do I use my gift card?", "Do you replace them?"
    assert asked(f"{lost} {replaced}", ("gift", 0.9), {lost: ("gift", 1.0), replaced: ("stock", 0.92)}) == []


def test_small_talk_is_never_a_request_and_gives_way_to_one() -> None:
    text = f"Thank you! {REFUND}"
    pieces = {"Thank you!": ("thanks", 1.0), REFUND: ("refund", 0.97)}
    assert asked(text, ("thanks", 0.7), pieces, ["thanks"]) == []
    found = read(said(text, "thanks", 0.7), lambda texts: [said(each, *pieces[each]) for each in texts], ["thanks"])
    assert (found.intent, found.text) == ("refund", text)


HELLO, THANKS = "I hope you are very well today.", "Many thanks for your kind help!"


@pytest.mark.parametrize(
    ("whole", "piece", "believed"),
    [
        (said("", "refund", 0.9, oos=True), 0.7, True),
        (said("", "parcel", 0.5), 0.75, True),
        (said("", "parcel", 0.6), 0.75, False),
        (said("", "parcel", 0.85), 0.98, True),
        (said("", "parcel", 0.95), 0.99, False),
        (said("", "refund", 0.9, oos=True), 0.5, False),
    ],
)
def test_a_request_that_courtesies_drown_is_read_by_itself(whole: Prediction, piece: float, believed: bool) -> None:
    whole = replace(whole, text=f"{HELLO} {REFUND} {THANKS}")
    pieces = {
        HELLO: said(HELLO, "parcel", 0.4, oos=True),
        REFUND: said(REFUND, "refund", piece),
        THANKS: said(THANKS, "thanks", 1.0),
    }
    found = read(
        whole, lambda texts: [pieces.get(text, said(text, "nothing", 0.1, oos=True)) for text in texts], ["thanks"]
    )
    assert found == (replace(pieces[REFUND], text=whole.text) if believed else whole)


def test_another_question_that_is_not_understood_is_not_passed_over() -> None:
    other = "Do you have a florbix?"
    whole = said(f"{REFUND} {other}", "refund", 0.4, oos=True)
    pieces = {REFUND: said(REFUND, "refund", 0.99), other: said(other, "parcel", 0.3, oos=True)}
    assert read(whole, lambda texts: [pieces[text] for text in texts]) == whole


def test_sentences_of_several_intents_are_left_to_the_whole() -> None:
    first, second = "My card was declined.", "The parcel came late."
    whole = said(f"{first} {second}", "refund", 0.3, oos=True)
    pieces = {first: said(first, "payment", 0.8), second: said(second, "parcel", 0.8)}
    assert read(whole, lambda texts: [pieces[text] for text in texts]) == whole


def test_at_most_three_are_answered() -> None:
    orders = [f"Cancel thing {name}." for name in ("a", "b", "c", "d", "e")]
    pieces = {order: (f"intent{order[-2]}", 0.99) for order in orders}
    assert len(asked(" ".join(orders), ("intenta", 0.5), pieces)) == MOST


def test_one_clause_is_not_asked_again() -> None:
    def nobody(texts: Sequence[str]) -> list[Prediction]:
        raise AssertionError(texts)

    whole = said("where is my order", "status", 0.4)
    assert read(whole, nobody) is whole


@given(
    st.lists(st.sampled_from(["where is it?", "and cancel my order,", "my lamp broke.", "hello", "also"]), max_size=90)
)
def test_requests_differ_lie_in_order_and_hold_the_main_one(words: list[str]) -> None:
    text = " ".join(words)
    sizes = []

    def predict(texts: Sequence[str]) -> list[Prediction]:
        sizes.append(len(texts))
        return [said(each, each.split()[0].lower(), 0.99) for each in texts]

    found = read(said(text, "where", 0.6), predict)
    intents = [each.intent for each in found.requests]
    assert len(intents) == len(set(intents)) != 1
    assert not intents or found.intent in intents
    assert all(a.end <= b.start for a, b in zip(found.requests, found.requests[1:], strict=False))
    assert all(size <= MOST_PIECES for size in sizes)
