"""Encoders with random weights, made in milliseconds, and rows for them."""

import random
from typing import Any

import torch

from model.export import Pooler
from model.tune import Head, Row

WORDS = 60


def bert(layers: int = 4, seed: int = 0, dropout: float = 0.1) -> Pooler:
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=WORDS, hidden_size=32, num_hidden_layers=layers, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64, hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout,
        attn_implementation="eager",
    )  # fmt: skip
    return Pooler(BertModel(config)).eval()


def roberta(layers: int = 4, seed: int = 0) -> Pooler:
    from transformers import RobertaConfig, RobertaModel

    torch.manual_seed(seed)
    config = RobertaConfig(
        vocab_size=WORDS, hidden_size=32, num_hidden_layers=layers, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=66, pad_token_id=1, attn_implementation="eager",
    )  # fmt: skip
    return Pooler(RobertaModel(config)).eval()


def distilbert(layers: int = 4, seed: int = 0) -> Pooler:
    from transformers import DistilBertConfig, DistilBertModel

    torch.manual_seed(seed)
    config = DistilBertConfig(
        vocab_size=WORDS, dim=32, n_layers=layers, n_heads=2, hidden_dim=64, max_position_embeddings=64,
        attn_implementation="eager",
    )  # fmt: skip
    return Pooler(DistilBertModel(config)).eval()


def head(classes: int = 3, seed: int = 5) -> Head:
    return Head(torch.randn(classes, 32, generator=torch.Generator().manual_seed(seed)))


def rows(count: int = 50, classes: int = 3, seed: int = 1) -> list[Row]:
    """Each class has words of its own; every seventh row is out of scope."""
    chance = random.Random(seed)
    made: list[Row] = []
    for i in range(count):
        label = -1 if i % 7 == 6 else i % classes
        words = [5 + 10 * (label + 1) + chance.randrange(10) for _ in range(3 + chance.randrange(9))]
        made.append(Row([2, *words, 3], label))
    return made


def weights(*modules: torch.nn.Module) -> dict[str, Any]:
    """A copy of all of them."""
    return {f"{i}.{n}": t.detach().clone() for i, m in enumerate(modules) for n, t in m.state_dict().items()}


def far(one: dict[str, Any], other: dict[str, Any]) -> float:
    """The widest difference between two copies."""
    assert one.keys() == other.keys()
    return max(float((one[name] - other[name]).abs().max()) for name in one)
