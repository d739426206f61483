from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.grounding import FITTED, Checker
from model.known import Known
from model.measures import measures, phrases
from model.rephrase import plain
from model.scope import polarities
from model.statements import said
from model.trees import Trees, read
from tests.model.fakes import FakeEncoder

SOURCES = (
    "Books are lent for 4 weeks and films for 1 week. You can renew a loan twice unless somebody has reserved it.",
    "Batteries belong in the hand luggage, never in checked bags.",
)
KNOWN = Known(SOURCES, FakeEncoder())


def measured(sentence: str) -> dict[str, float]:
    body = plain(sentence)
    return measures(body, said(body), KNOWN, frozenset())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It is free of charge.", "It is free."),
        ("We do it at no charge.", "We do it for free."),
        ("The fee is £5.", "The price is £5."),
        ("Drivers must be 23 or older.", "Drivers must be at least 23."),
        ("You may not smoke.", "You cannot smoke."),
        ("Copies cost 8p.", "Copies cost 8 pence."),
    ],
)
def test_the_same_in_other_words_is_the_same_in_plain_ones(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@given(st.text(max_size=80))
def test_plain_words_say_numbers_and_links_as_they_are(text: str) -> None:
    said_so = plain(f"{text} shop.example/price 17 kg")
    assert "shop.example/price 17 kg" in said_so


def test_a_left_out_condition_is_counted_and_a_kept_one_is_not() -> None:
    assert measured("You can renew a loan twice.")["left_condition"] == 1
    assert measured("You can renew a loan twice unless somebody has reserved it.")["left_condition"] == 0


def test_numbers_among_the_words_of_another_number_are_seen() -> None:
    right = measured("Books are lent for 4 weeks and films for 1 week.")["misfit"]
    swapped = measured("Books are lent for 1 week and films for 4 weeks.")["misfit"]
    assert swapped > right


def test_a_turned_word_has_another_polarity() -> None:
    assert measured("Batteries belong in checked bags, never in the hand luggage.")["polarity"] >= 2
    assert measured("Batteries belong in the hand luggage, never in checked bags.")["polarity"] == 0


def test_two_denials_in_one_piece_are_none() -> None:
    assert polarities("no child is left without supervision")["child"] == {False}
    assert polarities("open on Mondays, never on Sundays")["sunday"] == {True}


@given(st.text(max_size=120))
def test_phrases_lose_nothing_that_has_words(text: str) -> None:
    assert "".join(phrases(text)) in text


def test_trees_add_up_what_their_leaves_say() -> None:
    tree = ((0, 0.5, 1, 2), (-1, -1.0, 0, 0), (-1, 2.0, 0, 0))
    trees = Trees(("new",), 0.0, (tree, tree), 0.5, 0.2)
    assert trees.probability({"new": 0.0}) == pytest.approx(0.1192, abs=1e-4)
    assert trees.probability({"new": 1.0}) == pytest.approx(0.9820, abs=1e-4)


def test_the_fitted_trees_know_every_measure_that_is_taken() -> None:
    trees = read(Path(FITTED))
    taken = Checker(SOURCES, FakeEncoder()).measured("Books are lent for 4 weeks.")
    assert tuple(taken) == trees.measures
    assert 0 <= trees.probability(taken) <= 1


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [("Tap “Forgotten” on the page.", "name: forgotten"), ("Call us on 0800 900 700.", "number: 0800900700")],
)
def test_quoted_words_and_rows_of_digits_must_be_in_the_sources(sentence: str, reason: str) -> None:
    checker = Checker(["Tap “Reset” on the page. Call us on 0800 700 900."], FakeEncoder())
    assert reason in " ".join(checker.check(sentence).reasons)
