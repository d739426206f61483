import pytest
import torch
from torch import nn

from model.dropout import CheapDropout, make_cheap
from tests.model.bases import bert


@pytest.mark.parametrize("chance", [0.1, 0.5, 1.0])
def test_its_share_is_dropped_and_the_mean_stays(chance: float) -> None:
    torch.manual_seed(1)
    out = CheapDropout(chance)(torch.ones(400, 333))
    assert float((out == 0).float().mean()) == pytest.approx(chance, abs=0.01)
    assert float(out.mean()) == pytest.approx(float(chance < 1), abs=0.01)
    assert len(out.unique()) == 2 - (chance == 1)


def test_it_rests_outside_training_and_at_no_chance() -> None:
    values = torch.randn(7, 5)
    assert CheapDropout(0.3).eval()(values) is values
    assert CheapDropout(0.0)(values) is values


def test_what_is_dropped_gets_no_gradient_and_the_seed_decides() -> None:
    values = torch.ones(3, 11, requires_grad=True)
    torch.manual_seed(4)
    out = CheapDropout(0.5)(values)
    out.sum().backward()
    assert torch.equal(values.grad, out.detach())
    torch.manual_seed(4)
    assert torch.equal(CheapDropout(0.5)(values), out)


def test_every_dropout_of_an_encoder_becomes_cheap() -> None:
    pooler = bert()
    make_cheap(pooler)
    kinds = {type(module) for module in pooler.modules() if isinstance(module, nn.Dropout)}
    assert kinds == {CheapDropout}
    assert {m.p for m in pooler.modules() if isinstance(m, nn.Dropout)} == {0.1}
    assert not pooler.inner.encoder.layer[0].output.dropout.training
