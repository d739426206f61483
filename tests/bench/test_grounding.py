import pytest

from bench.grounding import Row, rows
from bench.grounding_fit import Judged, refused
from model.types import UnderstudyError


def test_a_batch_is_of_the_dev_half_and_apart_from_the_others() -> None:
    first, rest = rows("dev", "first"), rows("dev", "none")
    assert {row.batch for row in first} == {"first"}
    assert {row.batch for row in rest} == {""}
    assert not {source for row in first for source in row.sources} & {s for row in rows("test") for s in row.sources}


def test_an_unknown_batch_is_one_line_that_names_the_known() -> None:
    with pytest.raises(UnderstudyError, match=r"expected one of first, .*found 'fourth'"):
        rows("dev", "fourth")


def test_a_suspected_sentence_needs_less_doubt_to_be_refused() -> None:
    row = Row("", ("a",), True, "sum")
    judged = [Judged(row, "a", ({"suspected": value},), False) for value in (0.0, 1.0)]
    assert refused(judged, [[0.3], [0.3]], 0.4, 0.2).tolist() == [False, True]
    assert refused([Judged(row, "a", (), True)], [[]], 0.4, 0.2).tolist() == [True]
