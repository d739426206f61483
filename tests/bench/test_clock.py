"""What bench.clock says of a classifier whose speed is known."""

import time
from collections.abc import Sequence

from bench.clock import one_by_one, peak_mb, together
from bench.serving_child import spread


def sleepy(texts: Sequence[str]) -> list[str]:
    time.sleep(0.002 * len(texts))
    return list(texts)


def test_waiting_counts_on_the_wall_and_not_for_the_processor() -> None:
    found = one_by_one(sleepy, ["a"] * 10)
    assert found["p95_ms"] >= found["p50_ms"] >= 2
    assert found["cpu_p50_ms"] < 2


def test_a_batch_is_counted_by_its_messages() -> None:
    assert 0 < together(sleepy, ["a"] * 20, repeats=2)["a_second"] <= 500


def test_memory_is_in_megabytes() -> None:
    assert 5 < peak_mb() < 100_000


def test_messages_are_taken_from_the_whole_file() -> None:
    texts = [str(n) for n in range(100)]
    assert spread(texts, 10) == texts[::10]
    assert spread(texts, 1000) == texts
