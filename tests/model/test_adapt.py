import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from model.adapt import adapt, kept_layers, layers, plain
from model.encoder import OnnxEncoder
from model.export import Pooler, export_encoder, load_pooler, load_tokenizer
from model.tune import Recipe, fine_tune, vectors_of
from model.types import UnderstudyError
from tests.model.bases import bert, distilbert, far, head, roberta, rows, weights

BASES = [bert, roberta, distilbert]
QUICK = Recipe(epochs=4, rate=1e-3, batch=8)


def train(pooler: Pooler) -> Pooler:
    fine_tune(pooler, head(), rows(), QUICK, 3, lambda share: None)
    return pooler


@pytest.mark.parametrize("base", BASES)
def test_lora_trains_adapters_alone_and_merges_into_the_same_vectors(base: object) -> None:
    pooler = base()  # type: ignore[operator]
    before = weights(pooler)
    adapt(pooler, "lora")
    names = {name for name, weight in pooler.named_parameters() if weight.requires_grad}
    assert names
    assert all("lora_" in name for name in names)
    assert sum(w.numel() for w in pooler.parameters() if w.requires_grad) < 0.4 * sum(
        t.numel() for t in before.values()
    )
    untrained = vectors_of(pooler, rows())
    assert np.allclose(untrained, vectors_of(base(), rows()), atol=1e-6)  # type: ignore[operator]
    vectors = vectors_of(train(pooler), rows())
    assert np.abs(vectors - untrained).max() > 0.01
    merged = plain(pooler)
    assert weights(merged).keys() == before.keys()
    assert np.allclose(vectors_of(merged, rows()), vectors, atol=1e-5)
    # Training goes on with the adapters after an export.
    assert np.array_equal(vectors_of(pooler, rows()), vectors)


@pytest.mark.parametrize("base", BASES)
def test_the_lower_half_stays_frozen(base: object) -> None:
    pooler = base()  # type: ignore[operator]
    adapt(pooler, "freeze")
    before = copy.deepcopy(pooler)
    train(pooler)
    mine, theirs = layers(pooler.inner)[1], layers(before.inner)[1]
    moved = [far(weights(a), weights(b)) > 0 for a, b in zip(mine, theirs, strict=True)]
    assert moved == [False, False, True, True]
    assert far(weights(pooler.inner.get_input_embeddings()), weights(before.inner.get_input_embeddings())) == 0


@pytest.mark.parametrize("base", BASES)
def test_pruned_to_three_layers_it_computes_with_those(base: object) -> None:
    pooler = base(6)  # type: ignore[operator]
    chosen = [layers(pooler.inner)[1][i] for i in kept_layers(6)]
    whole = vectors_of(pooler, rows())
    adapt(pooler, "prune")
    assert list(layers(pooler.inner)[1]) == chosen
    assert pooler.inner.config.num_hidden_layers == 3
    pruned = vectors_of(pooler, rows())
    assert np.abs(pruned - whole).max() > 0.01
    assert np.abs(vectors_of(train(pooler), rows()) - pruned).max() > 0.01


@pytest.mark.parametrize("count", [4, 5, 6, 12, 24])
def test_first_middle_and_last_are_kept(count: int) -> None:
    first, middle, last = kept_layers(count)
    assert (first, last) == (0, count - 1)
    assert first < middle < last
    assert abs(middle - (count - 1) / 2) <= 0.5


def test_full_changes_nothing_before_training() -> None:
    pooler = bert()
    adapt(pooler, "full")
    assert all(weight.requires_grad for weight in pooler.parameters())
    assert plain(pooler) is pooler


def test_a_base_that_keeps_its_layers_elsewhere_is_refused_in_one_line() -> None:
    for how in ("lora", "freeze", "prune"):
        with pytest.raises(UnderstudyError, match="layers under one of"):
            adapt(Pooler(nn.Linear(3, 3)), how)  # type: ignore[arg-type]
    with pytest.raises(UnderstudyError, match="more than 3 layers"):
        adapt(bert(3), "prune")


@pytest.mark.weights
@pytest.mark.parametrize("how", ["lora", "freeze", "prune"])
def test_the_int8_file_says_what_the_adapted_encoder_says(how: str, tmp_path: Path) -> None:
    from model.base import encoder_folder
    from model.tune import Head, Row

    folder = encoder_folder()
    pooler, tokenizer = load_pooler(folder), load_tokenizer(folder)
    texts = [f"where is my {thing}" for thing in ("order", "card", "refund", "parcel", "money")] + [
        "cancel it",
        "hello",
    ]
    some = [Row(encoding.ids, i % 2) for i, encoding in enumerate(tokenizer.encode_batch(texts))]
    adapt(pooler, how)  # type: ignore[arg-type]
    fine_tune(pooler, Head(torch.randn(2, 384)), some, Recipe(epochs=3), 3, lambda share: None)
    export_encoder(plain(pooler), tokenizer, tmp_path, "test")
    cosines = (vectors_of(pooler, some) * OnnxEncoder(tmp_path).encode(texts)).sum(1)
    # What int8 costs the base itself: 0.994, the lowest 0.98.
    assert cosines.min() > 0.97
    assert cosines.mean() > 0.985
