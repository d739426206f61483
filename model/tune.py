"""The training loop of the intent encoder. Loads torch: for child processes and the command line only."""

import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from model.contrast import contrast, grouped
from model.encoder import Vectors, pad
from model.export import Pooler
from model.vocabulary import known_tokens

SCALE = 16.0
"""Of the cosines, before the soft-max."""
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")
POOL = 32
"""Batches that are sorted by length together: of 16, padding adds 16 % to BANKING77's tokens, of 32 9 %."""


@dataclass(frozen=True, slots=True)
class Row:
    """One training row."""

    ids: list[int]
    label: int
    """Class number; -1 for out of scope, which is pushed towards no class at all."""
    soft: npt.NDArray[np.float32] | None = field(default=None, compare=False)
    """Probabilities of the classes, [c], to learn instead of the label: what a teacher said of the text."""


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
    accumulate: int = 1
    """Parts in which the rows of a step are computed: less memory for the same step."""
    contrast: float = 0.0
    """Weight of the contrast between the rows of a batch (model.contrast) beside the loss of their labels."""

    def steps(self, rows: int) -> int:
        """Of the optimiser, for so many rows."""
        return self.epochs * math.ceil(rows / self.batch)


class Head(nn.Module):  # type: ignore[misc]
    """Cosine classifier."""

    def __init__(self, means: Tensor) -> None:
        """Starts at the class means, [c, dim]."""
        super().__init__()
        self.weight = nn.Parameter(nn.functional.normalize(means.float(), dim=-1))

    def forward(self, vectors: Tensor) -> Tensor:
        """[n, dim] unit vectors to [n, c] logits."""
        return SCALE * vectors.float() @ nn.functional.normalize(self.weight, dim=-1).T


class Saver(Protocol):
    """Keeps a running training; see model.checkpoint."""

    def before(self, run: "Run") -> None:
        """Put the run where an earlier process left it."""
        ...

    def after(self, run: "Run") -> None:
        """A step is done."""
        ...


def fine_tune(
    pooler: Pooler,
    head: Head,
    rows: Sequence[Row],
    recipe: Recipe,
    seed: int,
    on_step: Callable[[float], None],
    saver: Saver | None = None,
) -> None:
    """Train both in place. `on_step` gets the share that is done."""
    with known_tokens(pooler, [row.ids for row in rows]) as ids:
        run = Run(pooler, head, [replace(row, ids=own) for row, own in zip(rows, ids, strict=True)], recipe, seed)
        if saver:
            saver.before(run)
        for _ in run.go():
            if saver:
                saver.after(run)
            on_step(run.done / run.steps)


class Run:
    """One fine-tuning. Rows and seed alone give the order of the batches, so that `state` says all that it takes to go
    on from any step."""

    def __init__(self, pooler: Pooler, head: Head, rows: Sequence[Row], recipe: Recipe, seed: int) -> None:
        torch.manual_seed(seed)
        self._pooler, self._head, self._rows, self._recipe, self._seed = pooler, head, rows, recipe, seed
        self.steps = recipe.steps(len(rows))
        self.done = 0
        groups = _groups(pooler, head, recipe)
        self._rates = [group["lr"] for group in groups]
        self._weights: list[nn.Parameter] = [weight for group in groups for weight in group["params"]]
        self._optimiser = torch.optim.AdamW(groups, fused=True)

    def go(self) -> Iterator[None]:
        """Train to the end, a step each time."""
        self._pooler.train()
        rest_frozen(self._pooler)
        for batch in itertools.islice(self._batches(), self.done, None):
            self._step(batch)
            self.done += 1
            yield
        self._pooler.eval()

    def _batches(self) -> Iterator[list[Row]]:
        shuffle = random.Random(self._seed)
        batches = grouped if self._recipe.contrast else bucketed
        for _ in range(self._recipe.epochs):
            yield from batches(self._rows, self._recipe.batch, shuffle)

    def _step(self, batch: Sequence[Row]) -> None:
        self._optimiser.zero_grad(set_to_none=True)
        part = math.ceil(len(batch) / self._recipe.accumulate)
        for start in range(0, len(batch), part):
            loss = _loss(self._pooler, self._head, batch[start : start + part], self._recipe)
            (loss / len(batch)).backward()
        nn.utils.clip_grad_norm_(self._weights, 1.0)
        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * self._warmth()
        self._optimiser.step()

    def _warmth(self) -> float:
        """The learning rate's share of its peak: up in a line, down in a line."""
        warm = max(1, round(self._recipe.warm_up * self.steps))
        return min((self.done + 1) / warm, (self.steps - self.done) / max(1, self.steps - warm))

    def state(self) -> dict[str, Tensor]:
        """Everything that changes while training: weights, optimiser, chance, and the steps done."""
        kept = {"done": torch.tensor(self.done), "chance": torch.get_rng_state()}
        for i, weight in enumerate(self._weights):
            kept[f"weight.{i}"] = weight.detach()
            # A weight that takes no part (BERT's own pooler) has no moments.
            kept |= {f"moment.{i}.{name}": value for name, value in self._optimiser.state.get(weight, {}).items()}
        return kept

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go on where `state` was taken."""
        self.done = int(state["done"])
        for i, weight in enumerate(self._weights):
            with torch.no_grad():
                weight.copy_(state[f"weight.{i}"])
            moments = {name: state[key] for name in _MOMENTS if (key := f"moment.{i}.{name}") in state}
            if moments:
                self._optimiser.state[weight] = moments
        torch.set_rng_state(state["chance"])


def rest_frozen(pooler: Pooler) -> None:
    """Modules of which nothing is trained drop nothing out either."""
    for module in pooler.modules():
        weights = list(module.parameters())
        if weights and not any(weight.requires_grad for weight in weights):
            module.eval()


def _groups(pooler: Pooler, head: Head, recipe: Recipe) -> list[dict[str, Any]]:
    plain = [p for name, p in pooler.named_parameters() if p.requires_grad and p.ndim < 2]
    decayed = [p for name, p in pooler.named_parameters() if p.requires_grad and p.ndim >= 2]
    return [
        {"params": decayed, "lr": recipe.rate, "weight_decay": 0.01},
        {"params": plain, "lr": recipe.rate, "weight_decay": 0.0},
        {"params": list(head.parameters()), "lr": recipe.head_rate, "weight_decay": 0.0},
    ]


def _loss(pooler: Pooler, head: Head, batch: Sequence[Row], recipe: Recipe) -> Tensor:
    """The sum over the batch's rows."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=recipe.bf16):
        vectors = pooler(*tensors(batch))
    logits = head(vectors)
    per_row = -(targets(batch, logits.shape[-1], recipe) * logits.log_softmax(-1)).sum(-1)
    loss = per_row.sum()
    if recipe.contrast:
        loss = loss + recipe.contrast * contrast(vectors.float(), torch.tensor([_class(row) for row in batch]))
    return loss


def _class(row: Row) -> int:
    """For the contrast. What a teacher said is no label."""
    return row.label if row.soft is None else -1


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
    pool = size * POOL
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
