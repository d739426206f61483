import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.quantities import NUMBER_WORDS, numbers, ranges


def values(text: str) -> list[tuple[str, str]]:
    return [(number.value, number.unit) for number in numbers(text)]


def test_numbers_carry_their_units() -> None:
    assert values("It costs £3.90 and takes 2-4 working days.") == [
        ("3.90", "£"),
        ("2", "working day"),
        ("4", "working day"),
    ]
    assert values("10 % off, wash at 30 °C, before 14:00.") == [("10", "%"), ("30", "°C"), ("14:00", "")]
    assert values("two attempts and one more day, but one thing") == [("2", "attempt"), ("1", "day")]


def test_numbers_in_words_are_read_whole() -> None:
    assert values("sixty-four pounds") == [("64", "pound")]
    assert values("twenty two-year plans") == [("20", ""), ("2", "year")]


def test_a_price_that_follows_lends_its_sign_to_a_range_and_to_nothing_else() -> None:
    assert values("£38 for two and £62 for four") == [("38", "£"), ("2", ""), ("62", "£"), ("4", "")]
    assert values("it costs 3 to £5") == [("3", "£"), ("5", "£")]


def test_only_what_is_said_to_reach_from_one_to_the_other_is_a_range() -> None:
    assert ranges("100 Mbit/s or 500 Mbit/s, for £24 or £36") == set()
    assert ranges("2-4 working days, or between 5 and 7") == {("2", "4"), ("5", "7")}


@pytest.mark.parametrize(
    ("source", "said", "agrees"),
    [
        ("within 28 days", "within four weeks", True),
        ("a trial of 12 months", "a trial of one year", True),
        ("25 pence a minute", "£0.25 a minute", True),
        ("90 minutes", "1.5 hours", True),
        ("within 28 days", "within four months", False),
        ("within 28 days", "after four weeks", False),
        ("5 working days", "1 week", False),
        ("14:00", "14 hours", False),
        ("groups of 8", "8 persons", False),
    ],
)
def test_the_same_amount_in_another_unit_agrees(source: str, said: str, agrees: bool) -> None:
    [known], [told] = numbers(source), numbers(said)
    assert known.agrees(told) is agrees


def test_a_number_without_its_unit_is_bare() -> None:
    [known], [told] = numbers("groups of 8"), numbers("8 persons")
    assert known.bare(told)
    assert not told.bare(known)


@given(st.sampled_from(sorted(NUMBER_WORDS)), st.sampled_from(["days", "weeks", "hours"]))
def test_a_number_in_words_is_the_number_in_digits(word: str, unit: str) -> None:
    [in_words] = numbers(f"{word} {unit}")
    assert in_words.agrees(in_words)
    assert in_words.value == NUMBER_WORDS[word]
