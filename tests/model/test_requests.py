"""What counts as a request of its own, told by hand for each piece."""

from collections.abc import Mapping, Sequence

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
