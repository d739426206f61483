from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from model.places import nearness, places


def test_words_stand_in_pieces_and_under_conditions() -> None:
    words = {one.stem: one for one in places("Bicycles are insured up to £1,500, but only if they were locked.")}
    assert list(words) == ["bicycl", "insur", "1,500", "lock"]
    assert words["1,500"].is_number
    assert words["bicycl"].piece == words["1,500"].piece == 0
    assert words["lock"].piece == 1, "a comma and a but are one break"
    assert words["lock"].conditional
    assert not words["bicycl"].conditional


@given(st.text(max_size=80))
def test_nearness_is_one_at_the_same_place_and_falls_with_the_distance(text: str) -> None:
    words = places(text)
    for one, other in pairwise(words):
        assert nearness(one, one) == 1
        assert 0 < nearness(one, other) < 1
        assert nearness(words[0], other) <= nearness(words[0], one)
