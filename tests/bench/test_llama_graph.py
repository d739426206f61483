"""The ONNX graph of a Llama that is measured beside ours computes what transformers computes."""

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from bench.llama_graph import BLOCK, LINEAR, blocks, write_llama
from bench.reply_runtimes import Steps
from model.causal import Causal
from model.llama import Shape, Weights
from tests.model.tiny import make_base

IDS = [1, 5, 9, 30, 41, 50, 17, 60, 33]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base"))


def steps(base: Path, kind: str, folder: Path) -> Steps:
    import onnxruntime

    shape = Shape.read(json.loads((base / "config.json").read_text()))
    assert shape is not None
    weights, file = Weights(base, None), folder / "llama.onnx"
    write_llama(lambda name: weights.get(name).numpy(), shape, "model.embed_tokens", kind, 1024, file)
    return Steps(onnxruntime.InferenceSession(str(file)), shape.layers, shape.kv_heads, shape.head_dim, shape.eos)


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
