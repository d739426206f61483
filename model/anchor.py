"""Draws a fine-tuned encoder some way back to where it started (WiSE-FT, Wortsman et al. 2022). Loads torch.

Few rows teach an encoder what they hold and make it forget a little of everything else. The mean of the weights before
and after keeps most of both: on development rows it is worth as much as asking both models, and costs one.
"""

import torch
from torch import Tensor, nn


class Anchor:
    """The weights that are trained, as they are now."""

    def __init__(self, module: nn.Module) -> None:
        self._module = module
        self._start: dict[str, Tensor] = {
            name: weight.detach().clone() for name, weight in module.named_parameters() if weight.requires_grad
        }

    def draw(self, kept: float) -> None:
        """Keep this share of what training changed: 1 all of it, 0 none."""
        if kept == 1:
            return
        with torch.no_grad():
            for name, weight in self._module.named_parameters():
                if name in self._start:
                    weight.lerp_(self._start[name], 1 - kept)
