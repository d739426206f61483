import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.rephrase import plain


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("within four weeks", "within 28 days"),
        ("in 2-4 weeks", "in 14-28 days"),
        ("six to eight weeks", "42 to 56 days"),
        ("twenty-one weeks", "147 days"),
        ("6 weeks' notice", "42 days' notice"),
        ("one full week later", "7 days later"),
    ],
)
def test_weeks_are_days(said: str, meant: str) -> None:
    assert plain(said) == meant


@pytest.mark.parametrize("said", ["£5 a week", "week 2", "three working weeks", "a 3-week-old puppy", "£3 weeks"])
def test_what_is_no_number_of_weeks_stays(said: str) -> None:
    assert plain(said) == said


@given(st.integers(1, 14))
def test_weeks_in_digits_are_the_same_as_the_days(weeks: int) -> None:
    assert plain(f"We refund you within {weeks} weeks.") == plain(f"We refund you within {7 * weeks} days.")
