import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.dataset import normalise
from model.intent_data import Data, as_words, named


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cancel_order", "cancel order"),
        ("CancelOrder", "Cancel Order"),
        ("faq/where-is.my_parcel?", "faq where is my parcel"),
        ("ORDER_STATUS", "ORDER STATUS"),
        ("F17", ""),
        ("q_1", ""),
        ("", ""),
        ("退款", ""),
    ],
)
def test_a_name_is_read_as_words_where_it_has_some(name: str, words: str) -> None:
    assert as_words(name) == words


def test_a_title_says_more_than_a_name_and_no_text_comes_twice() -> None:
    data = Data(["Refund status?", "hello"], [1, 0], ["greeting", "refund_status", "x1"])
    assert named(data) == (["greeting"], [0])
    assert named(data, {"refund_status": "When do I get my money back?"}) == (
        ["greeting", "When do I get my money back?"],
        [0, 1],
    )


@given(st.lists(st.text(max_size=20), min_size=2, max_size=6, unique=True))
def test_names_give_at_most_a_row_each_of_their_own_class(names: list[str]) -> None:
    texts, labels = named(Data([], [], names))
    assert len(texts) == len(labels) == len(set(labels)) == len({normalise(text) for text in texts})
    assert all(as_words(names[label]) == text for text, label in zip(texts, labels, strict=True))
