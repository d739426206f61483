from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing import Route, Thresholds, margin, route, together
from model.types import Intent, Prediction, Ranked

PERSON = Intent("person", "Talk to a person", handoff=True)
REFUND = Intent("refund", "Where is my refund?")
probabilities = st.floats(min_value=0, max_value=1)


def prediction(first: float, second: float = 0.0, *, oos: bool = False, source: str = "model") -> Prediction:
    ranking = (Ranked("refund", first), Ranked("cancel", second))
    return Prediction("x", "refund", first, ranking, 0.1, oos, "v1", source)  # type: ignore[arg-type]


def test_examples() -> None:
    thresholds = Thresholds(0.5, 0.15)
    assert route(prediction(0.9), None, 0, thresholds) is Route.ANSWER
    assert route(prediction(0.9), PERSON, 0, thresholds) is Route.HANDOFF
    assert route(prediction(0.5, 0.4), None, 0, thresholds) is Route.CLARIFY
    assert route(prediction(0.3), PERSON, 0, thresholds) is Route.CLARIFY
    assert route(prediction(0.9, oos=True), None, 0, thresholds) is Route.OFFER
    assert route(prediction(0.9, oos=True), None, 1, thresholds) is Route.HANDOFF
    assert route(prediction(0.2, source="memory"), None, 1, thresholds) is Route.ANSWER
    assert route(prediction(0.9), PERSON, 0, thresholds, foreign=True) is Route.OFFER
    assert route(prediction(0.9), None, 1, thresholds, foreign=True) is Route.HANDOFF
    assert route(prediction(0.2, source="memory"), None, 0, thresholds, foreign=True) is Route.ANSWER


def test_the_version_says_from_where_it_answers_unless_the_owner_does() -> None:
    careful = replace(prediction(0.7), answer_from=0.8)
    assert route(careful, None, 0, Thresholds()) is Route.CLARIFY
    assert route(careful, None, 0, Thresholds(answer=0.6)) is Route.ANSWER
    assert route(replace(careful, answer_from=0.4), None, 0, Thresholds()) is Route.ANSWER


@pytest.mark.parametrize(
    ("main", "further", "sure", "chosen"),
    [
        (Route.ANSWER, [REFUND], True, Route.ANSWER),
        (Route.ANSWER, [REFUND], False, Route.CLARIFY),
        (Route.ANSWER, [PERSON], False, Route.HANDOFF),
        (Route.CLARIFY, [REFUND], True, Route.CLARIFY),
        (Route.CLARIFY, [REFUND, PERSON], True, Route.HANDOFF),
        (Route.CLARIFY, [], True, Route.CLARIFY),
        (Route.OFFER, [PERSON], True, Route.OFFER),
        (Route.HANDOFF, [REFUND], False, Route.HANDOFF),
    ],
)
def test_of_several_requests_one_for_a_person_calls_one(
    main: Route, further: list[Intent], sure: bool, chosen: Route
) -> None:
    assert together(main, further, sure=sure) is chosen


@given(probabilities, probabilities, st.booleans(), st.integers(min_value=0, max_value=5), probabilities, probabilities)
def test_invariants(first: float, second: float, oos: bool, strikes: int, answer: float, gap: float) -> None:
    chosen = route(prediction(first, second, oos=oos), None, strikes, Thresholds(answer, gap))
    if strikes >= 1:
        assert chosen in (Route.ANSWER, Route.HANDOFF), "twice unsure in a row calls a person"
    else:
        assert chosen is not Route.HANDOFF, "nobody asked for a person"
    if chosen is Route.ANSWER:
        assert not oos
        assert first >= answer
        assert margin(prediction(first, second)) >= gap


@given(probabilities, probabilities, probabilities)
def test_more_confidence_never_answers_less(low: float, high: float, second: float) -> None:
    low, high = sorted((low, high))
    if route(prediction(low, second), None, 0, Thresholds()) is Route.ANSWER:
        assert route(prediction(high, second), None, 0, Thresholds()) is Route.ANSWER
