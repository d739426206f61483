"""Finds the few channels of an encoder that are far wider than the others, before it is quantised. Loads torch.

A matrix product in int8 has one step for its whole input. One channel that reaches 28 where the others reach 2 takes
four bits from all of them. Divided beforehand, with its weights multiplied by as much, it changes nothing but that
(SmoothQuant, Xiao et al. 2023, here for the outliers alone). They sit in the same channels whatever is read, so words
drawn by lot find them and no text is needed.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

WIDE = {"intermediate.dense": 2.0, "output.dense": 3.0}
"""A layer's products that are helped, and how often the median reach is let pass. The others gain nothing."""
LENGTHS, ROWS = (6, 14, 30), 16
"""What is read: so many rows of each of these numbers of tokens."""


def divisors(bert: nn.Module, prefix: Sequence[int], suffix: Sequence[int]) -> dict[str, npt.NDArray[np.float32]]:
    """For each product its name in the state, and what to divide each channel of its input by, [in]; at least 1.

    Args:
        bert: a BertModel in evaluation mode; is left as it was.
        prefix: ids of the special tokens in front of a text; `suffix` of those behind.
    """
    reach: dict[str, Tensor] = {}
    hooks = [
        module.register_forward_pre_hook(_watch(reach, name))
        for name, module in bert.named_modules()
        if _share(name) and isinstance(module, nn.Linear)
    ]
    try:
        with torch.no_grad():
            for ids in _read(bert, prefix, suffix):
                bert(input_ids=ids, attention_mask=torch.ones_like(ids))
    finally:
        for hook in hooks:
            hook.remove()
    return {name: _divisor(most, _share(name)) for name, most in reach.items()}


def _share(name: str) -> float:
    """How much of the median passes in this product; 0 where it is not helped."""
    if ".attention." in name:
        return 0.0
    return next((share for end, share in WIDE.items() if name.endswith(end)), 0.0)


def _watch(reach: dict[str, Tensor], name: str) -> Any:
    def look(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        most = inputs[0].abs().flatten(0, -2).amax(0)
        reach[name] = torch.maximum(reach[name], most) if name in reach else most

    return look


def _read(bert: nn.Module, prefix: Sequence[int], suffix: Sequence[int]) -> list[Tensor]:
    config: Any = bert.config
    chance = torch.Generator().manual_seed(7)
    longest = int(config.max_position_embeddings) - len(prefix) - len(suffix)
    batches = []
    for length in LENGTHS:
        drawn = torch.randint(int(config.vocab_size), (ROWS, min(length, longest)), generator=chance)
        ends = [torch.tensor(list(part), dtype=torch.int64).expand(ROWS, -1) for part in (prefix, suffix)]
        batches.append(torch.cat([ends[0], drawn, ends[1]], 1))
    return batches


def _divisor(most: Tensor, share: float) -> npt.NDArray[np.float32]:
    divided: npt.NDArray[np.float32] = (most / (share * most.median()).clamp(min=1e-6)).clamp(min=1).float().numpy()
    return divided
