from statistics import fmean

import pytest

from bench.grounding import PAGED, Row, main, paged, rows
from bench.grounding_fit import Judged, not_sent, refused
from model.passages import sentences
from model.types import UnderstudyError


def test_a_batch_is_of_the_dev_half_and_apart_from_the_others() -> None:
    first, rest = rows("dev", "first"), rows("dev", "none")
    assert {row.batch for row in first} == {"first"}
    assert {row.batch for row in rest} == {""}
    assert not {source for row in first for source in row.sources} & {s for row in rows("test") for s in row.sources}


def test_an_unknown_batch_is_one_line_that_names_the_known() -> None:
    with pytest.raises(UnderstudyError, match=r"expected one of first, .*found 'fourth'"):
        rows("dev", "fourth")


def test_the_far_replies_have_no_batches(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["grounding", "--split", "far", "--batch", "first"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "one writing" in capsys.readouterr().err


def test_a_suspected_sentence_needs_less_doubt_to_be_refused() -> None:
    row = Row("", ("a",), True, "sum")
    judged = [Judged(row, "dev", "a", ({"suspected": value},), (False,)) for value in (0.0, 1.0)]
    assert refused(judged, [[0.3], [0.3]], 0.4, 0.2).tolist() == [False, True]
    assert refused([Judged(row, "dev", "a", ({"suspected": 0.0},), (True,))], [[0.0]], 0.4, 0.2).tolist() == [True]


def test_a_faithful_row_goes_out_in_its_sources_words_and_an_unfaithful_one_is_then_caught() -> None:
    def judged(faithful: bool, restorable: bool) -> Judged:
        return Judged(Row("", ("a",), faithful, "sum"), "dev", "a", ({},), (False,), (restorable,))

    rows_ = [judged(faithful, restorable) for faithful in (True, False) for restorable in (True, False)]
    assert not_sent(rows_, [[0.5]] * 4).tolist() == [False, True, True, True]
    assert not_sent(rows_, [[0.01]] * 4).tolist() == [False] * 4


def test_of_the_far_replies_nothing_but_the_sources_tells_the_label() -> None:
    found = paged("far")
    lengths = {
        label: fmean(len(row.reply.split()) for row in found if row.faithful is label) for label in (True, False)
    }
    asked = {label: fmean(bool(row.question) for row in found if row.faithful is label) for label in (True, False)}
    assert len(found) == 10_080
    assert sum(row.faithful for row in found) == len(found) / 2
    assert abs(lengths[True] - lengths[False]) < 0.5
    assert abs(asked[True] - asked[False]) < 0.1


@pytest.mark.parametrize("name", PAGED)
def test_no_page_of_another_writing_is_in_either_half(name: str) -> None:
    halves = {source for row in rows() for source in row.sources}
    assert not {source for row in paged(name) for source in row.sources} & halves


def test_near_replies_are_half_and_half_and_no_faithful_one_is_a_copy() -> None:
    found = paged("near")
    assert len(found) == 3_150
    assert sum(row.faithful for row in found) == len(found) / 2
    copies = [row for row in found if row.faithful and any(row.reply in sentences(one) for one in row.sources)]
    assert not copies


def test_real_sentences_are_of_both_models() -> None:
    found = paged("real")
    assert len(found) == 880
    assert {row.kind for row in found} == {"adapter", "untuned"}
