from hypothesis import given
from hypothesis import strategies as st

from model.near import NEAR, near_texts, words

BAG = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=12).map(" ".join)


@given(st.lists(BAG, max_size=8), st.lists(BAG, max_size=8))
def test_the_index_finds_what_comparing_all_pairs_finds(texts: list[str], others: list[str]) -> None:
    def near(one: str, other: str) -> bool:
        a, b = words(one), words(other)
        return len(a & b) / len(a | b) >= NEAR

    assert near_texts(texts, others) == [any(near(text, other) for other in others) for text in texts]


def test_numbers_marks_and_case_do_not_tell_apart() -> None:
    assert near_texts(["Where is order 123?", "where is it"], ["where is ORDER #98"]) == [True, False]


def test_texts_without_words_are_alike_only_when_equal() -> None:
    assert near_texts(["😀", "😡", "?"], ["😀"]) == [True, False, False]
