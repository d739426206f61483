import random
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from model.tune import Recipe, Row, bucketed, fine_tune, targets, vectors_of
from tests.model.bases import bert, distilbert, far, head, roberta, rows, weights

RECIPE = Recipe(epochs=3, rate=1e-3, batch=8)


@given(st.integers(2, 9), st.integers(0, 8))
def test_the_loss_of_a_label_is_torchs_smoothed_cross_entropy(classes: int, label: int) -> None:
    label %= classes
    logits = torch.randn(1, classes, generator=torch.Generator().manual_seed(classes))
    mine = -(targets([Row([1], label)], classes, RECIPE) * logits.log_softmax(-1)).sum()
    theirs = nn.functional.cross_entropy(logits, torch.tensor([label]), label_smoothing=RECIPE.smoothing)
    assert float(mine) == pytest.approx(float(theirs), rel=1e-5)


def test_labels_soft_targets_and_out_of_scope_rows_share_a_batch() -> None:
    soft = np.asarray([0.7, 0.2, 0.1], np.float32)
    drawn = targets([Row([1], 1), Row([1], 2, soft), Row([1], -1)], 3, RECIPE)
    assert drawn[0].argmax() == 1
    assert drawn[1].tolist() == pytest.approx([0.7, 0.2, 0.1])
    assert drawn[2].tolist() == pytest.approx([RECIPE.oos_weight / 3] * 3)
    assert drawn[:2].sum(-1).tolist() == pytest.approx([1, 1])


def trained(recipe: Recipe, made: list[Row], base: object = bert, **more: object) -> tuple[nn.Module, nn.Module]:
    pooler, top = base(**more), head()  # type: ignore[operator]
    fine_tune(pooler, top, made, recipe, 3, lambda share: None)
    return pooler, top


def accuracy(pooler: nn.Module, top: nn.Module, made: list[Row]) -> float:
    inside = [row for row in made if row.label >= 0]
    with torch.no_grad():
        guesses = top(torch.from_numpy(vectors_of(pooler, inside))).argmax(-1)
    return float((guesses == torch.tensor([row.label for row in inside])).float().mean())


@pytest.mark.parametrize("base", [bert, roberta, distilbert])
def test_it_learns(base: object) -> None:
    pooler, top = trained(replace(RECIPE, epochs=8), rows(), base)
    assert accuracy(pooler, top, rows(seed=2)) > 0.9
    assert not pooler.training


def test_a_teachers_word_is_learned_where_the_label_says_otherwise() -> None:
    def wrong(row: Row) -> Row:
        return replace(row, label=0, soft=np.eye(3, dtype=np.float32)[row.label]) if row.label >= 0 else row

    pooler, top = trained(replace(RECIPE, epochs=8), [wrong(row) for row in rows()])
    assert accuracy(pooler, top, rows(seed=2)) > 0.9


@pytest.mark.parametrize("parts", [2, 3, 8])
def test_parts_of_a_batch_give_the_same_step_as_the_whole(parts: int) -> None:
    # Rows of three kinds, in batches of which the last is short; dropout would draw other chances.
    made = rows(45)
    whole, split = (weights(*trained(replace(RECIPE, accumulate=n), made, dropout=0.0)) for n in (1, parts))
    assert far(whole, split) < 2e-5
    assert far(whole, weights(bert(dropout=0.0), head())) > 1e-3


@given(st.lists(st.integers(1, 20), min_size=1, max_size=90), st.integers(1, 9), st.integers(0, 99))
def test_each_row_is_in_one_batch(lengths: list[int], size: int, seed: int) -> None:
    made = [Row([i] * n, 0) for i, n in enumerate(lengths)]
    batches = list(bucketed(made, size, random.Random(seed)))
    assert sorted(row.ids[0] for batch in batches for row in batch) == list(range(len(made)))
    assert all(1 <= len(batch) <= size for batch in batches)


def test_what_is_frozen_rests() -> None:
    """Its weights stay, and it drops nothing out: its part of the vectors is the same at each step."""
    pooler = bert()
    for weight in pooler.inner.embeddings.parameters():
        weight.requires_grad_(False)
    before = weights(pooler.inner.embeddings)
    modes: list[tuple[bool, bool]] = []
    fine_tune(
        pooler, head(), rows(20), RECIPE, 3,
        lambda share: modes.append((pooler.inner.embeddings.dropout.training, pooler.inner.encoder.training)),
    )  # fmt: skip
    assert far(before, weights(pooler.inner.embeddings)) == 0
    assert set(modes) == {(False, True)}
