from hypothesis import given
from hypothesis import strategies as st

from model.passages import sentences
from model.statements import parts, statements


def texts(sentence: str) -> list[str]:
    return [part.text for part in parts(sentence)]


def test_a_sentence_is_cut_where_something_is_claimed_anew() -> None:
    assert texts("Solo costs £12 a month and Family costs £32.") == ["Solo costs £12 a month", "Family costs £32."]
    assert texts("A bigger plan starts at once; a smaller one waits.") == [
        "A bigger plan starts at once",
        "a smaller one waits.",
    ]
    assert texts("Delivery to Ireland and the EU takes 4-7 days.") == ["Delivery to Ireland and the EU takes 4-7 days."]


def test_a_part_without_a_subject_takes_the_one_before_it() -> None:
    first, second = parts("The Solo plan costs £12 a month and includes 20 GB of data.")
    assert first.subject == second.subject == {"solo", "plan"}
    assert "solo" not in second.words
    assert parts("Wool blankets are washed at 30 degrees and linen bedding at 60 degrees.")[1].subject == frozenset()


def test_the_condition_that_opens_a_sentence_holds_for_its_next_part_too() -> None:
    first, then, last = parts(
        "If the light is red, there is a fault; report it in the app, and an engineer comes soon."
    )
    assert (first.opening, then.opening, last.opening) == ("", "If the light is red,", "")


def test_a_statement_borrows_what_it_stands_for() -> None:
    group = ["Standard delivery costs £3.90.", "It is free from £50.", "Express delivery costs £7.90."]
    _, free, express = statements([group])
    assert "standard" in free.words
    assert "express" not in free.words
    assert "standard" not in express.words


def test_they_are_all_that_was_spoken_of() -> None:
    *_, both = statements([["Basic costs £19 a month.", "Full costs £29 a month.", "Both can be paused for 3 months."]])
    assert {"basic", "ful"} <= both.words


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    for one in statements([sentences(text)]):
        assert one.part.words <= one.words
