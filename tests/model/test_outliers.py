"""Wide channels are found without any text, and dividing by them changes only what int8 loses."""

from pathlib import Path

import numpy as np
import torch

from model.export import export_encoder, load_pooler, load_tokenizer
from model.outliers import divisors

CHANNEL = 5


def test_a_wide_channel_is_found_and_the_others_are_left_alone(tiny_base: Path) -> None:
    pooler = load_pooler(tiny_base)
    _widen(pooler.inner)
    found = divisors(pooler.inner, [2], [3])
    assert set(found) == {"encoder.layer.0.intermediate.dense", "encoder.layer.0.output.dense"}
    wide = found["encoder.layer.0.intermediate.dense"]
    assert int(wide.argmax()) == CHANNEL
    assert wide[CHANNEL] > 5
    assert np.median(wide) == 1
    again = divisors(pooler.inner, [2], [3])
    assert all((again[name] == found[name]).all() for name in found)
    assert not [hook for module in pooler.inner.modules() for hook in module._forward_pre_hooks]


def test_with_a_wide_channel_int8_stays_near_full_precision(tiny_base: Path, tmp_path: Path) -> None:
    from model.encoder import OnnxEncoder

    pooler, tokenizer = load_pooler(tiny_base), load_tokenizer(tiny_base)
    _widen(pooler.inner)
    export_encoder(pooler, tokenizer, tmp_path, "v")
    texts = ["where is my parcel", "refund", "a longer text about nothing at all, really?"]
    with torch.no_grad():
        expected = [pooler(ids := torch.tensor([tokenizer.encode(t).ids]), torch.ones_like(ids))[0] for t in texts]
    assert (OnnxEncoder(tmp_path).encode(texts) * torch.stack(expected).numpy()).sum(1).min() > 0.995


def _widen(bert: torch.nn.Module) -> None:
    """One channel of the first normalisation reaches twenty times as far, as in real encoders."""
    with torch.no_grad():
        norm = bert.get_submodule("encoder.layer.0.attention.output.LayerNorm")
        norm.weight[CHANNEL] *= 20  # type: ignore[operator, index]
