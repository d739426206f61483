from hypothesis import given
from hypothesis import strategies as st

from model.prompt_lookup import AHEAD, guess

TEXT = [7, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13]


def test_the_more_is_alike_the_further_it_looks() -> None:
    assert guess([*TEXT, 20, 3], 9) == [4]
    assert guess([*TEXT, 20, 2, 3], 9) == [4, 5]
    assert guess([*TEXT, 20, 1, 2, 3], 9) == [4, 5, 6, 10, 11, 12, 13, 20]
    assert guess([*TEXT, 20, 1, 2, 3], 3) == [4, 5, 6]


def test_nothing_is_guessed_of_what_was_not_said_or_need_not_be() -> None:
    assert guess([*TEXT, 20], 9) == []
    assert guess([5], 9) == []
    assert guess([*TEXT, 1, 2, 3], 0) == []


def test_the_longest_likeness_decides_then_the_earliest_place() -> None:
    assert guess([3, 8, 2, 3, 9, 2, 3, 10, 2, 3], 1) == [9]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.integers(0, 12))
def test_a_guess_is_a_piece_of_the_text(text: list[int], most: int) -> None:
    found = guess(text, most)
    assert len(found) <= min(most, max(AHEAD))
    assert not found or any(text[at : at + len(found) + 1] == [text[-1], *found] for at in range(len(text)))
