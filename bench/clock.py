"""How long one message and a batch take, for whatever classifies: wall clock and processor."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

WARM_UP = 20
Classify = Callable[[Sequence[str]], object]


def one_by_one(classify: Classify, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds of one message: p50 and p95 by the clock on the wall, p50 of this thread's processor time.

    The second leaves out what other work on the machine took meanwhile, and says too little where more threads work.
    """
    for text in texts[:WARM_UP]:
        classify([text])
    walls, processor = [], []
    for text in texts:
        wall, own = time.perf_counter(), time.thread_time()
        classify([text])
        processor.append(1000 * (time.thread_time() - own))
        walls.append(1000 * (time.perf_counter() - wall))
    p50, p95 = np.percentile(walls, [50, 95])
    return {"p50_ms": float(p50), "p95_ms": float(p95), "cpu_p50_ms": float(np.median(processor))}


def together(classify: Classify, texts: Sequence[str], repeats: int = 3) -> dict[str, float]:
    """Messages a second in one call, the best of so many; and milliseconds of processor time a message, all threads."""
    best, processor = float("inf"), float("inf")
    for _ in range(repeats):
        wall, own = time.perf_counter(), time.process_time()
        classify(texts)
        processor = min(processor, time.process_time() - own)
        best = min(best, time.perf_counter() - wall)
    return {"a_second": len(texts) / best, "batch_cpu_ms": 1000 * processor / len(texts)}


def peak_mb() -> int:
    """The most that this process has ever held, in MB."""
    try:
        text = Path("/proc/self/status").read_text()
    except OSError:
        import resource
        import sys

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)
    return int(text.split("VmHWM:")[1].split()[0]) >> 10
