"""Dropout whose chances are drawn eight at a time. Loads torch.

torch draws a number of 53 bits for every element; a byte is fine enough to leave one in ten out. In a training step of
the intent encoder drawing took 9 % of the time, and takes 2 % this way.
"""

import torch
from torch import Tensor, nn

_LEVELS = 256
_LOW = -(2**63)


class CheapDropout(nn.Dropout):  # type: ignore[misc]
    """Like its parent, with the chance rounded to a 256th."""

    def forward(self, values: Tensor) -> Tensor:
        """Any shape; in training some elements are 0 and the others larger by as much."""
        dropped = round(self.p * _LEVELS)
        if not self.training or not dropped:
            return values
        if dropped == _LEVELS:
            return torch.zeros_like(values)
        words = torch.empty(-(-values.numel() // 8), dtype=torch.int64).random_(_LOW, None)
        kept = words.view(torch.uint8)[: values.numel()].view(values.shape) >= dropped
        return values * kept * (_LEVELS / (_LEVELS - dropped))


def make_cheap(module: nn.Module) -> None:
    """Replace every dropout within `module`, in place."""
    for name, child in list(module.named_modules()):
        if type(child) is nn.Dropout:
            module.set_submodule(name, CheapDropout(child.p).train(child.training))
