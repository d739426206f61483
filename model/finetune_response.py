"""Fine-tunes the generator: a LoRA adapter on every linear layer, loss on the reply only.

A plain loop instead of a trainer's: it must end within a budget of minutes, vary its rows anew in each pass, and
spend the costly last layer on the reply's tokens only (docs/decisions/0005-how-replies-are-written.md). Only child
processes and the command line import this.
"""

import json
import math
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from model.prompt import MARK, Draft, render
from model.response_rows import ResponseRow, a_pass
from model.serving_file import ADAPTER_CONFIG, ADAPTER_FILE, SERVING_FILE, write_serving_file
from model.types import UnderstudyError

RANK = 16
LEARNING_RATE = 1e-3
GOING_ON = 4e-4
"""The same from an adapter on: at the full rate a night of a few minutes forgets when to say that it does not know."""
EPOCHS = 6
BATCH = 8
STEP = 32
"""Lengths are padded to multiples of this: each new shape costs the matrix library as much as several batches."""
WARM_UP = 0.06
"""Share of all steps."""
AT_ONCE = 1024
"""Tokens that go through the model together; a batch of longer rows goes in parts, for memory grows with them."""
LONGEST = 512
"""Tokens; longer rows are left out and counted."""
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class _Batch:
    ids: Tensor
    mask: Tensor
    labels: Tensor
    """-100 where no loss is taken."""


def train_response(
    rows: Sequence[ResponseRow],
    out: Path,
    *,
    base_folder: Path,
    minutes: float = 15,
    seed: int = 7,
    progress: Progress | None = None,
    start_adapter: Path | None = None,
    epochs: float = EPOCHS,
) -> dict[str, Any]:
    """Write `adapter_model.safetensors` (at most 10 MB), `adapter_config.json` and the file that serves into `out`;
    return the figures.

    Args:
        rows: all of them are trained on; the caller keeps what it measures on.
        minutes: budget; the learning rate falls to zero within it, however slow the machine.
        start_adapter: folder of an adapter to go on from; without one, from the base model.

    Raises:
        UnderstudyError: no row can be used.
    """
    started = time.monotonic()
    torch.manual_seed(seed)
    torch.set_num_threads(_free_cores())
    rng = random.Random(seed)
    tokenizer, model = _load(base_folder, start_adapter)
    first = list(_batches(rows, tokenizer, random.Random(seed), varied=False))
    if not first:
        raise UnderstudyError(f"expected rows of at most {LONGEST} tokens, found none among {len(rows)}. Shorten them.")
    usable = sum(len(batch.ids) for batch in first)
    total = max(1, round(epochs * len(first)))
    rate = LEARNING_RATE if start_adapter is None else GOING_ON
    steps, losses = _Steps(model, total, started + 60 * minutes, rate), list[float]()
    while not steps.done:
        for batch in _batches(rows, tokenizer, rng, varied=True):
            losses.append(steps.take(batch))
            if progress:
                progress(steps.share, f"loss {sum(losses[-20:]) / len(losses[-20:]):.2f}")
            if steps.done:
                break
    _save(model, out)
    write_serving_file(base_folder, out, out / SERVING_FILE)
    seconds = time.monotonic() - started
    return {
        "rows": len(rows),
        "left_out": len(rows) - usable,
        "steps": len(losses),
        "epochs": round(len(losses) / len(first), 2),
        "seconds": round(seconds, 1),
        "rows_per_second": round(len(losses) * usable / len(first) / seconds, 2),
        "first_loss": round(sum(losses[:20]) / len(losses[:20]), 3),
        "last_loss": round(sum(losses[-20:]) / len(losses[-20:]), 3),
        "precision": str(model.dtype).removeprefix("torch."),
        "rank": RANK,
        "learning_rate": rate,
        "seed": seed,
    }


class _Steps:
    """Optimiser steps with a warm-up and a linear fall to zero at the end of the steps or of the time."""

    def __init__(self, model: Any, total: int, deadline: float, rate: float) -> None:
        self._model = model
        self._rate = rate
        self._total = total
        self._begun = time.monotonic()
        self._deadline = deadline
        self._taken = 0
        self._weights = [weight for weight in model.parameters() if weight.requires_grad]
        self._optimizer = torch.optim.AdamW(self._weights, lr=rate, weight_decay=0.01)

    @property
    def share(self) -> float:
        """How much is done, by steps or by time, whichever is further: 0 to 1."""
        now = time.monotonic()
        by_time = (now - self._begun) / max(1e-9, self._deadline - self._begun)
        return min(1.0, max(self._taken / self._total, by_time))

    @property
    def done(self) -> bool:
        return self._taken > 0 and self.share >= 1

    def take(self, batch: _Batch) -> float:
        """One step; the mean loss over the replies' tokens."""
        rate = self._rate * min(1.0, (self.share + 1e-3) / WARM_UP, (1 - self.share) / (1 - WARM_UP))
        for group in self._optimizer.param_groups:
            group["lr"] = max(rate, 0.0)
        value = 0.0
        for part, share in _parts(batch):
            loss = share * _loss(self._model, part)
            loss.backward()
            value += float(loss.detach())
        torch.nn.utils.clip_grad_norm_(self._weights, 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._taken += 1
        if not math.isfinite(value):
            raise UnderstudyError(f"expected a finite loss, found {value} after {self._taken} steps. Look at the rows.")
        return value


def _parts(batch: _Batch) -> Iterator[tuple[_Batch, float]]:
    """The batch's rows in parts of at most AT_ONCE tokens, each with its share of the replies' tokens."""
    rows, said = max(1, AT_ONCE // batch.ids.shape[1]), (batch.labels[:, 1:] != -100).sum()
    for n in range(0, len(batch.ids), rows):
        part = _Batch(*(each[n : n + rows] for each in (batch.ids, batch.mask, batch.labels)))
        yield part, float((part.labels[:, 1:] != -100).sum() / said)


def _loss(model: Any, batch: _Batch) -> Tensor:
    inner = model.get_base_model()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=inner.dtype == torch.bfloat16):
        hidden = inner.model(input_ids=batch.ids, attention_mask=batch.mask, use_cache=False).last_hidden_state
        wanted = batch.labels[:, 1:] != -100
        said, true = hidden[:, :-1][wanted], batch.labels[:, 1:][wanted]
        more = _rounded(len(said)) - len(said)
        logits = inner.lm_head(torch.nn.functional.pad(said, (0, 0, 0, more)))
    return torch.nn.functional.cross_entropy(logits.float(), torch.nn.functional.pad(true, (0, more), value=-100))


def _rounded(length: int) -> int:
    return -(-length // STEP) * STEP


def _batches(rows: Sequence[ResponseRow], tokenizer: Any, rng: random.Random, *, varied: bool) -> Iterator[_Batch]:
    """One pass over the rows, in batches of like lengths and random order."""
    coded = [_code(row, tokenizer) for row in (a_pass(rows, rng) if varied else rows)]
    fitting = [pair for pair in coded if len(pair[0]) + len(pair[1]) <= LONGEST]
    rng.shuffle(fitting)
    bucket = BATCH * 8
    groups = [
        sorted(fitting[n : n + bucket], key=lambda pair: len(pair[0]) + len(pair[1]))
        for n in range(0, len(fitting), bucket)
    ]
    batches = [group[n : n + BATCH] for group in groups for n in range(0, len(group), BATCH)]
    rng.shuffle(batches)
    return (_collate(batch) for batch in batches)


def _code(row: ResponseRow, tokenizer: Any) -> tuple[list[int], list[int]]:
    """Token ids of the prompt and of the reply with its end mark."""
    chat = tokenizer.convert_tokens_to_ids(MARK) not in (None, tokenizer.unk_token_id)
    prompt = render(Draft(row.question, row.facts, row.first_name), chat=chat)
    ids = tokenizer(prompt, add_special_tokens=False).input_ids
    return ids, [*tokenizer(row.reply, add_special_tokens=False).input_ids, tokenizer.eos_token_id]


def _collate(pairs: Sequence[tuple[list[int], list[int]]]) -> _Batch:
    longest = _rounded(max(len(prompt) + len(reply) for prompt, reply in pairs))
    ids = torch.zeros(len(pairs), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    labels = torch.full_like(ids, -100)
    for row, (prompt, reply) in enumerate(pairs):
        end = len(prompt) + len(reply)
        ids[row, :end] = torch.tensor(prompt + reply)
        mask[row, :end] = 1
        labels[row, len(prompt) : end] = torch.tensor(reply)
    return _Batch(ids, mask, labels)


def _load(folder: Path, start: Path | None) -> tuple[Any, Any]:
    from peft import LoraConfig, PeftModel, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=_quicker_precision())
    if start is not None:
        tuned = PeftModel.from_pretrained(model, start, is_trainable=True)
    else:
        config = LoraConfig(
            r=RANK, lora_alpha=2 * RANK, lora_dropout=0.05, target_modules="all-linear", task_type="CAUSAL_LM"
        )
        tuned = get_peft_model(model, config)
    tuned.train()
    return tokenizer, tuned


def _free_cores() -> int:
    """Threads that do not get in each other's way: on a busy machine a second one costs more than it brings.

    They wait for each other in a spin; measured with all cores taken: 0.4 s of processor time a row with one thread,
    1.9 s with two.
    """
    cores = os.cpu_count() or 1
    return max(1, min(cores, round(cores - os.getloadavg()[0])))


def _quicker_precision() -> torch.dtype:
    """bfloat16 where this processor multiplies it faster; elsewhere it is slower than float32."""

    def seconds(dtype: torch.dtype) -> float:
        a, b = torch.ones(768, 576, dtype=dtype), torch.ones(576, 1536, dtype=dtype)
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            a @ b
            times.append(time.perf_counter() - begun)
        return min(times)

    return torch.bfloat16 if seconds(torch.bfloat16) < seconds(torch.float32) else torch.float32


def _save(model: Any, out: Path) -> None:
    """The adapter in half precision: the file stays below 10 MB at no measurable loss."""
    from safetensors.torch import load_file, save_file

    out.mkdir(parents=True, exist_ok=True)
    staging = out / ".adapter"
    shutil.rmtree(staging, ignore_errors=True)
    model.save_pretrained(staging, safe_serialization=True)
    weights = {name: value.to(torch.float16).contiguous() for name, value in load_file(staging / ADAPTER_FILE).items()}
    save_file(weights, out / ADAPTER_FILE, metadata={"format": "pt"})
    config = json.loads((staging / ADAPTER_CONFIG).read_text(encoding="utf-8"))
    config["base_model_name_or_path"] = ""  # a path of this machine says nothing elsewhere
    (out / ADAPTER_CONFIG).write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    shutil.rmtree(staging)
