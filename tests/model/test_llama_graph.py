"""The ONNX graph of a Llama computes what transformers computes."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from model.causal import Causal
from model.llama import BLOCK, Llama, session, shape_of
from model.llama_graph import LINEAR, blocks, write_llama
from model.serving_file import Weights
from tests.model.tiny import make_base

IDS = [1, 5, 9, 30, 41, 50, 17, 60, 33]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base"))


def steps(base: Path, kind: str, folder: Path) -> Llama:
    shape, weights, file = shape_of(base), Weights(base, None), folder / "llama.onnx"
    assert shape is not None
    write_llama(weights.get, shape, weights.head, kind, file)
    return Llama(shape, session(file, 1))


def test_it_writes_the_same_tokens(base: Path, tmp_path: Path) -> None:
    theirs = list(islice(Causal.load(base, None).tokens(IDS, 12), 12))
    ours = steps(base, "fp32", tmp_path)
    assert list(ours.tokens(IDS, 12)) == theirs
    assert list(ours.tokens(IDS, 12)) == theirs, "the second text must not see the first"


@pytest.mark.parametrize("kind", [kind for kind in LINEAR if kind != "fp32"])
def test_the_smaller_ones_run(base: Path, tmp_path: Path, kind: str) -> None:
    assert len(list(steps(base, kind, tmp_path).tokens(IDS, 5))) == 5


@pytest.mark.parametrize(("bits", "off"), [(8, 0.006), (4, 0.08)])
def test_blocks_hold_the_weights(bits: int, off: float) -> None:
    weight = np.random.default_rng(1).normal(size=(7, 3 * BLOCK)).astype(np.float32)
    packed, scales = blocks(weight, bits)
    values = packed if bits == 8 else np.stack([packed & 15, packed >> 4], -1).reshape(7, 3, BLOCK)
    again = (values.astype(np.float32) - (1 << (bits - 1))) * scales[..., None]
    assert np.abs(again.reshape(weight.shape) - weight).max() < off * np.abs(weight).max()
