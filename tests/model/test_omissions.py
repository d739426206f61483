import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.known import Known
from model.omissions import omissions
from model.rephrase import plain
from model.statements import said
from model.told import Told
from tests.model.fakes import FakeEncoder

SOURCES = [
    "Prints larger than A3 are made on Tuesdays and Fridays. Files must be PDF.",
    "Books can be renewed twice, unless somebody has reserved them. Films are lent for a week.",
    "Credit cannot be paid out while the number is in use.",
]
KNOWN = Known(SOURCES, FakeEncoder())


def counted(sentence: str, question: str = "") -> dict[str, float]:
    body = plain(sentence)
    return omissions(body, Told(said(body) | said(plain(question))), KNOWN, frozenset())


def test_a_copy_leaves_nothing_out() -> None:
    found = counted("Prints larger than A3 are made on Tuesdays and Fridays.")
    assert found.pop("aligned") == 1
    assert found.pop("aligned_of_source") == 1
    assert not any(found.values())


@pytest.mark.parametrize(
    ("sentence", "where"),
    [
        ("Prints are made on Tuesdays and Fridays.", "left_inside"),
        ("Prints larger than A3 are made.", "left_after"),
        ("Books can be renewed twice.", "left_next"),
        ("Books can be renewed twice.", "left_next_limits"),
        ("Credit cannot be paid out.", "left_limits"),
    ],
)
def test_words_that_are_left_out_are_counted_by_their_place(sentence: str, where: str) -> None:
    assert counted(sentence)[where] >= 1


def test_what_the_question_has_told_is_not_left_out() -> None:
    assert counted("Credit cannot be paid out.", "Can I have my credit? The number is in use.")["left_limits"] == 0


def test_words_exchanged_are_counted_by_where_they_come_from() -> None:
    assert counted("Films can be renewed twice, unless somebody has reserved them.")["exchanged_known"] == 1
    assert counted("Puzzles can be renewed twice, unless somebody has reserved them.")["exchanged_new"] == 1
    assert counted("Books can gladly be renewed online twice, unless somebody has reserved them.")["added"] == 1


@given(st.text(max_size=60))
def test_any_text_is_counted(text: str) -> None:
    found = counted(text)
    assert all(value >= 0 for value in found.values())
    assert 0 <= found["aligned"] <= 1
