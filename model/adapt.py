"""What of the encoder is trained: all of it, LoRA adapters, its upper half, or all of a shallower one. Loads torch."""

import copy
from typing import Any

import torch
from torch import nn

from model.export import Pooler
from model.types import Adaptation, UnderstudyError

LISTS = ("encoder.layer", "transformer.layer", "encoder.layers", "layers", "encoder.block", "h")
"""Where encoders keep their layers: BERT and its kin, DistilBERT, and others."""
RANK = 8
RATES: dict[Adaptation, float] = {"full": 1.0, "lora": 20.0, "freeze": 1.0, "prune": 1.0}
"""Of the recipe's learning rate: adapters start at nothing and take twenty times as much (docs/experiments.md)."""
KEPT = 3
"""Layers that pruning leaves."""


def adapt(pooler: Pooler, how: Adaptation, seed: int = 0) -> None:
    """Make ready for training, in place.

    Raises:
        UnderstudyError: the base keeps its layers where nobody looks, or has too few of them.
    """
    if how == "lora":
        _add_lora(pooler, seed)
    elif how == "freeze":
        _freeze(pooler)
    elif how == "prune":
        _prune(pooler)


def plain(pooler: Pooler) -> Pooler:
    """As it can be exported: adapters merged into the weights, in a copy. Without adapters, itself."""
    # Told by what they can do: importing peft takes seconds, and most trainings have no adapters.
    names = [name for name, module in pooler.named_modules() if hasattr(module, "get_base_layer")]
    if not names:
        return pooler
    merged = copy.deepcopy(pooler)
    for name in names:
        adapter: Any = merged.get_submodule(name)
        adapter.merge()
        above, _, own = name.rpartition(".")
        setattr(merged.get_submodule(above), own, adapter.get_base_layer())
    return merged


def layers(model: nn.Module) -> tuple[str, nn.ModuleList]:
    """The encoder's layers, lowest first, and the name they are kept under.

    Raises:
        UnderstudyError: there is no such list.
    """
    for name in LISTS:
        try:
            found = model.get_submodule(name)
        except AttributeError:
            continue
        if isinstance(found, nn.ModuleList):
            return name, found
    raise UnderstudyError(
        f"expected the base model's layers under one of {', '.join(LISTS)}, found none in {type(model).__name__}: "
        "take another base, or adapt with `full`."
    )


def _add_lora(pooler: Pooler, seed: int) -> None:
    """Adapters on every linear map of every layer (Hu et al. 2021); all else is frozen."""
    import peft

    where, found = layers(pooler.inner)
    linear = [f"{where}.{name}" for name, module in found.named_modules() if isinstance(module, nn.Linear)]
    torch.manual_seed(seed)
    peft.inject_adapter_in_model(peft.LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules=linear), pooler.inner)


def _freeze(pooler: Pooler) -> None:
    """Embeddings and the lower half of the layers stay as the base has them."""
    found = layers(pooler.inner)[1]
    trained = {id(weight) for layer in found[len(found) // 2 :] for weight in layer.parameters()}
    for weight in pooler.parameters():
        weight.requires_grad_(id(weight) in trained)


def _prune(pooler: Pooler) -> None:
    model: Any = pooler.inner
    where, found = layers(model)
    if len(found) <= KEPT:
        raise UnderstudyError(
            f"expected a base of more than {KEPT} layers to prune, found {len(found)}: adapt with `full`."
        )
    above, _, own = where.rpartition(".")
    setattr(model.get_submodule(above), own, nn.ModuleList(found[i] for i in kept_layers(len(found))))
    model.config.num_hidden_layers = KEPT


def kept_layers(count: int) -> list[int]:
    """Which of so many layers pruning keeps: first, middle and last. Without the last it loses most (experiments)."""
    return [round(i * (count - 1) / (KEPT - 1)) for i in range(KEPT)]
