from types import SimpleNamespace

import pytest

from model.export import WINDOW
from model.intent_data import Data
from model.passes import Passes

DATA = Data([f"where is my parcel number {n} of these" for n in range(40)], [n % 2 for n in range(40)], ["a", "b"])


class Letters:
    """Each letter a token."""

    def encode_batch(self, texts: list[str]) -> list[SimpleNamespace]:
        return [SimpleNamespace(ids=[1, *map(ord, text), 2]) for text in texts]


@pytest.mark.parametrize(("copies", "rows", "names"), [(0.0, 40, 1), (0.5, 60, 2), (1.0, 80, 2), (3.0, 240, 6)])
def test_a_pass_has_rows_copies_with_slips_and_names(copies: float, rows: int, names: int) -> None:
    passes = Passes(DATA, Letters(), 7)
    passes.named = passes.coded(["parcel"], [0])
    found = passes.over(range(40), copies)
    count = passes.length(40, copies)
    assert count == rows + names
    assert abs(len(found) - count) <= (10 if copies == 0.5 else 0)
    known = {tuple(row.ids) for row in (*passes.rows, *passes.named)}
    mistyped = [row for row in found if tuple(row.ids) not in known]
    assert bool(mistyped) == (copies > 0)
    assert [row.ids for row in found] == [row.ids for row in passes.over(range(40), copies)], "the seed decides"


def test_a_long_text_keeps_its_closing_token() -> None:
    (row,) = Passes(DATA, Letters(), 7).coded(["x" * 5 * WINDOW], [1])
    assert (len(row.ids), row.ids[-1], row.label) == (WINDOW, 2, 1)
