"""The training loop of the intent encoder. Loads torch: for child processes and the command line only."""

import math
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from model.encoder import Vectors, pad
from model.export import Pooler

SCALE = 16.0
"""Of the cosines, before the soft-max."""


@dataclass(frozen=True, slots=True)
class Row:
    """One training row."""

    ids: list[int]
    label: int
    """Class number; -1 for out of scope, which is pushed towards no class at all."""
    soft: npt.NDArray[np.float32] | None = field(default=None, compare=False)
    """Probabilities of the classes, [c], to learn instead of the label: what a teacher said of the text."""
    weight: float = 1.0
    """How much the row counts beside the others of its batch."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to fine-tune."""

    epochs: int
    rate: float = 1e-4
    """Peak learning rate of the encoder."""
    head_rate: float = 1e-3
    batch: int = 32
    smoothing: float = 0.05
    warm_up: float = 0.1
    """Share of the steps."""
    oos_weight: float = 0.5
    """Of the loss on out-of-scope rows: cross-entropy to the even distribution (Hendrycks et al. 2019)."""
    bf16: bool = False


class Head(nn.Module):  # type: ignore[misc]
    """Cosine classifier."""

    def __init__(self, means: Tensor) -> None:
        """Starts at the class means, [c, dim]."""
        super().__init__()
        self.weight = nn.Parameter(nn.functional.normalize(means.float(), dim=-1))

    def forward(self, vectors: Tensor) -> Tensor:
        """[n, dim] unit vectors to [n, c] logits."""
        return SCALE * vectors.float() @ nn.functional.normalize(self.weight, dim=-1).T


def fine_tune(
    pooler: Pooler, head: Head, rows: Sequence[Row], recipe: Recipe, seed: int, on_step: Callable[[float], None]
) -> None:
    """Train both in place. `on_step` gets the share that is done."""
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    steps = recipe.epochs * math.ceil(len(rows) / recipe.batch)
    optimiser = torch.optim.AdamW(_groups(pooler, head, recipe), fused=True)
    warm = max(1, round(recipe.warm_up * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
    )
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    pooler.train()
    done = 0
    for _ in range(recipe.epochs):
        for batch in bucketed(rows, recipe.batch, shuffle):
            loss = _loss(pooler, head, batch, recipe)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            on_step(done / steps)
    pooler.eval()


def _groups(pooler: Pooler, head: Head, recipe: Recipe) -> list[dict[str, object]]:
    plain = [p for name, p in pooler.named_parameters() if p.requires_grad and p.ndim < 2]
    decayed = [p for name, p in pooler.named_parameters() if p.requires_grad and p.ndim >= 2]
    return [
        {"params": decayed, "lr": recipe.rate, "weight_decay": 0.01},
        {"params": plain, "lr": recipe.rate, "weight_decay": 0.0},
        {"params": list(head.parameters()), "lr": recipe.head_rate, "weight_decay": 0.0},
    ]


def _loss(pooler: Pooler, head: Head, batch: Sequence[Row], recipe: Recipe) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=recipe.bf16):
        vectors = pooler(*tensors(batch))
    logits = head(vectors)
    per_row = -(targets(batch, logits.shape[-1], recipe) * logits.log_softmax(-1)).sum(-1)
    return (per_row * torch.tensor([row.weight for row in batch])).mean()


def targets(batch: Sequence[Row], classes: int, recipe: Recipe) -> Tensor:
    """What each row is drawn to, [n, c]: its label, smoothed; what its teacher said; or, out of scope, no class."""
    result = torch.empty(len(batch), classes)
    for mine, row in zip(result, batch, strict=True):
        if row.soft is not None:
            mine.copy_(torch.from_numpy(row.soft))
        elif row.label < 0:
            mine.fill_(recipe.oos_weight / classes)
        else:
            mine.fill_(recipe.smoothing / classes)
            mine[row.label] += 1 - recipe.smoothing
    return result


def tensors(batch: Sequence[Row]) -> tuple[Tensor, Tensor]:
    """Ids and mask. The padding id is masked, so that any will do."""
    ids, mask = pad([row.ids for row in batch], 0)
    return torch.from_numpy(ids), torch.from_numpy(mask)


def bucketed(rows: Sequence[Row], size: int, shuffle: random.Random) -> Iterator[list[Row]]:
    """Batches of rows of like length, in a random order: less padding, hardly less chance."""
    order = list(rows)
    shuffle.shuffle(order)
    pool = size * 16
    batches: list[list[Row]] = []
    for start in range(0, len(order), pool):
        some = sorted(order[start : start + pool], key=lambda row: len(row.ids))
        batches.extend(some[i : i + size] for i in range(0, len(some), size))
    shuffle.shuffle(batches)
    return iter(batches)


def vectors_of(pooler: Pooler, rows: Sequence[Row], bf16: bool = False) -> Vectors:
    """[n, dim] by torch, without dropout."""
    pooler.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
    result = np.empty((len(rows), pooler.dim), np.float32)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        for start in range(0, len(order), 64):
            some = order[start : start + 64]
            result[some] = pooler(*tensors([rows[i] for i in some])).float().numpy()
    return result


@dataclass(frozen=True, slots=True)
class Pace:
    """How this processor trains quickest just now."""

    threads: int
    bf16: bool


def quickest(pooler: Pooler) -> Pace:
    """Measured, a second or two: bfloat16 pays on some processors only, and where others compute too, one thread alone
    is several times quicker than two that wait for each other."""
    everything = torch.get_num_threads()
    plain, short = (_step_seconds(pooler, everything, bf16) for bf16 in (False, True))
    bf16 = short < plain
    # One thread must win clearly: the others may have computed for this moment only.
    alone = everything > 1 and _step_seconds(pooler, 1, bf16) < 0.75 * min(plain, short)
    pooler.zero_grad(set_to_none=True)
    torch.set_num_threads(everything)
    return Pace(1 if alone else everything, bf16)


def _step_seconds(pooler: Pooler, threads: int, bf16: bool) -> float:
    """Median of five steps forth and back, the first left out."""
    torch.set_num_threads(threads)
    batch = tensors([Row([1] * 20, 0)] * 32)
    taken = []
    for _ in range(6):
        start = time.perf_counter()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            out = pooler(*batch)
        out.float().sum().backward()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])
