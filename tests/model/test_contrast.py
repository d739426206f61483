import math
import random
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from model.contrast import SHARPNESS, TOGETHER, contrast, grouped
from model.tune import Row

LABELS = st.lists(st.integers(-1, 4), min_size=2, max_size=12)


def by_hand(vectors: torch.Tensor, labels: list[int]) -> float:
    """Equation 2 of the paper, a row at a time."""
    total = 0.0
    for i, label in enumerate(labels):
        others = [j for j in range(len(labels)) if j != i]
        powers = {j: math.exp(SHARPNESS * float(vectors[i] @ vectors[j])) for j in others}
        alike = [j for j in others if labels[j] == label >= 0]
        total += sum(-math.log(powers[j] / sum(powers.values())) for j in alike) / max(1, len(alike))
    return total


@given(LABELS, st.integers(0, 99))
def test_it_is_the_papers_loss(labels: list[int], seed: int) -> None:
    drawn = torch.randn(len(labels), 6, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    vectors = torch.nn.functional.normalize(drawn, dim=-1)
    assert float(contrast(vectors, torch.tensor(labels))) == pytest.approx(by_hand(vectors, labels), abs=1e-6)


def test_rows_of_one_class_are_drawn_together_and_those_of_none_teach_nothing_of_their_own() -> None:
    vectors = torch.eye(4, requires_grad=True)
    contrast(vectors, torch.tensor([0, 0, 1, -1])).backward()
    pull = -vectors.grad  # type: ignore[operator]
    assert float(pull[0] @ torch.eye(4)[1]) > 0 > float(pull[0] @ torch.eye(4)[2])
    assert float(contrast(torch.eye(4), torch.tensor([0, 1, -1, -1]))) == 0


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(-1, 5)), min_size=1, max_size=90), st.integers(1, 9))
def test_each_row_is_in_one_batch_and_no_batch_but_one_is_short(made: list[tuple[int, int]], size: int) -> None:
    rows = [Row([i] * length, label) for i, (length, label) in enumerate(made)]
    batches = list(grouped(rows, size, random.Random(3)))
    assert sorted(row.ids[0] for batch in batches for row in batch) == list(range(len(rows)))
    assert len(batches) == math.ceil(len(rows) / size)
    assert sum(len(batch) < size for batch in batches) <= 1


def test_rows_of_a_class_stand_together_in_other_company_each_time() -> None:
    rows = [Row([number], label) for label in range(5) for number in range(8)]
    batches = list(grouped(rows, 2 * TOGETHER, random.Random(1)))
    for batch in batches:
        assert sum(a.label == b.label for a, b in pairwise(batch)) >= 2 * (TOGETHER - 1)
    again = list(grouped(rows, 2 * TOGETHER, random.Random(2)))
    assert [[row.ids for row in batch] for batch in batches] != [[row.ids for row in batch] for batch in again]
