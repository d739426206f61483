import pytest
import torch
from torch import nn

from model.anchor import Anchor


@pytest.mark.parametrize(("kept", "expected"), [(0.0, 0.0), (0.75, 3.0), (1.0, 4.0)])
def test_a_share_of_what_training_changed_is_kept(kept: float, expected: float) -> None:
    module = nn.Linear(3, 2)
    module.bias.requires_grad_(False)
    start = module.weight.detach().clone()
    bias = module.bias.detach().clone()
    anchor = Anchor(module)
    with torch.no_grad():
        module.weight += 4
    anchor.draw(kept)
    torch.testing.assert_close(module.weight.detach() - start, torch.full((2, 3), expected))
    torch.testing.assert_close(module.bias.detach(), bias)
