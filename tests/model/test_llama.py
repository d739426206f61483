import json
from itertools import islice
from pathlib import Path

import pytest

from model import llama
from model.causal import Causal
from model.llama import Shape
from tests.model.tiny import make_base

PREFIX, IDS = [1, 5, 9, 30], [1, 5, 9, 30, 41, 50, 17, 60, 33]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base"))


def test_it_computes_what_transformers_computes(base: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    ours = llama.load(base, None, PREFIX)
    assert ours is not None
    cache = llama.Cache(ours.shape, 32)
    cache.start_with(ours._start, len(PREFIX))
    with torch.inference_mode():
        mine = ours._forward(IDS[len(PREFIX) :], cache)
        mine = ours._forward([44], cache)
        theirs = AutoModelForCausalLM.from_pretrained(base)(torch.tensor([[*IDS, 44]])).logits[0, -1]
    assert torch.nn.functional.cosine_similarity(mine, theirs, 0) > 0.995


def test_the_prefix_may_be_left_in_part(base: Path) -> None:
    ours, theirs = llama.load(base, None, PREFIX), Causal.load(base, None)
    assert ours is not None
    for ids in (IDS, [1, 5, 70, 30], [7]):
        assert next(islice(ours.tokens(ids, 1), 0, 1)) == next(islice(theirs.tokens(ids, 1), 0, 1))


def test_other_builds_are_left_to_transformers(base: Path) -> None:
    config = json.loads((base / "config.json").read_text())
    assert Shape.read(config) is not None
    assert Shape.read(config | {"model_type": "qwen2"}) is None
    assert Shape.read(config | {"attention_bias": True}) is None
    assert Shape.read(config | {"rope_parameters": {"rope_type": "yarn"}}) is None
