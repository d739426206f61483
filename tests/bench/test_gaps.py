import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.gaps import adjusted_rand, chosen, figures, unanswered
from bot.routing import Thresholds
from model.gaps import Gap
from model.types import OOS, Example, Prediction, Ranked

groups = st.lists(st.sampled_from("abc"), max_size=12)


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        # The first is worked out in the documentation of scikit-learn, the last in Hubert and Arabie's way by hand.
        ("0012", "0011", 0.5714),
        ("0011", "1100", 1.0),
        ("0000", "0123", 0.0),
        ("0011", "0101", -0.5),
        ("", "", 1.0),
        ("001122", "001222", 0.4444),
    ],
)
def test_the_adjusted_rand_index_of_known_values(one: str, other: str, known: float) -> None:
    assert adjusted_rand(one, other) == pytest.approx(known, abs=5e-5)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=12))
def test_it_is_the_same_both_ways_and_at_most_one(pairs: list[tuple[str, str]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand(other, one))
    assert adjusted_rand(one, other) <= 1 + 1e-9
    assert adjusted_rand(one, one) == 1


def said(intent: str, confidence: float, out: bool = False) -> Prediction:
    ranking = (Ranked(intent, confidence), Ranked("other", 0.1))
    return Prediction("", intent, confidence, ranking, 0.1, out, "v1")


def test_what_the_desk_would_answer_is_no_traffic_of_gaps_unless_it_is_disliked() -> None:
    rows = [Example(f"row {n}", "a") for n in range(200)]
    right = [said("a", 0.9)] * 200
    assert unanswered(rows, right, 1, Thresholds(0.5)) == []
    wrong = unanswered(rows, [said("b", 0.9)] * 200, 1, Thresholds(0.5))
    assert 5 < len(wrong) < 40
    assert wrong == unanswered(rows, [said("b", 0.9)] * 200, 1, Thresholds(0.5))
    assert unanswered(rows[:2], [said("a", 0.9, True), said("a", 0.3)], 1, Thresholds(0.5)) == rows[:2]


def test_an_intent_is_found_where_it_is_the_majority_of_one_of_the_first_gaps() -> None:
    kept = [Example(f"row {n}", label) for n, label in enumerate(["h", "h", "h", "k", OOS, "j", "k", "k"])]
    gaps = [Gap((0, 1, 3), ("word",), 0.9), Gap((5, 6, 7, 4), (), 0.9)]
    found = figures(1, 0.35, kept, kept, gaps, {"h", "j"})
    assert (found.found, found.hidden_share, found.unanswered) == (1, 1.0, 8)
    assert found.first[0] == "3 rows, 67% hidden h: word"


def test_the_seed_chooses_the_hidden_intents() -> None:
    rows = [Example("", f"intent {n}") for n in range(30)]
    assert chosen(rows, 1) == chosen(rows[::-1], 1) != chosen(rows, 2)
    assert len(chosen(rows, 1)) == 10
