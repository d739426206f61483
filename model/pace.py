"""Measures how this processor trains quickest. Loads torch."""

import time
from dataclasses import dataclass

import torch

from model.export import Pooler
from model.tune import Row, tensors


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
    """The quicker of two steps forth and back, after one that warms up."""
    torch.set_num_threads(threads)
    batch = tensors([Row([1] * 20, 0)] * 32)
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            out = pooler(*batch)
        out.float().sum().backward()
        taken.append(time.perf_counter() - start)
    return min(taken[1:])
