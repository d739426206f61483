import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from model.tune import Recipe, Row, targets

RECIPE = Recipe(epochs=1)


@given(st.integers(2, 9), st.integers(0, 8))
def test_the_loss_of_a_label_is_torchs_smoothed_cross_entropy(classes: int, label: int) -> None:
    label %= classes
    logits = torch.randn(1, classes, generator=torch.Generator().manual_seed(classes))
    mine = -(targets([Row([1], label)], classes, RECIPE) * logits.log_softmax(-1)).sum()
    theirs = nn.functional.cross_entropy(logits, torch.tensor([label]), label_smoothing=RECIPE.smoothing)
    assert float(mine) == pytest.approx(float(theirs), rel=1e-5)


def test_labels_soft_targets_and_out_of_scope_rows_share_a_batch() -> None:
    soft = np.asarray([0.7, 0.2, 0.1], np.float32)
    drawn = targets([Row([1], 1), Row([1], 2, soft), Row([1], -1, weight=0.3)], 3, RECIPE)
    assert drawn[0].argmax() == 1
    assert drawn[1].tolist() == pytest.approx([0.7, 0.2, 0.1])
    assert drawn[2].tolist() == pytest.approx([RECIPE.oos_weight / 3] * 3)
    assert drawn[:2].sum(-1).tolist() == pytest.approx([1, 1])
