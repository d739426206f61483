"""What a customer's wait is counted from and to, against the real workspace and the echo bot."""

import pytest

from bench.stage import Stage
from bench.timing import Customers, Sample, summary


def test_percentiles() -> None:
    found = summary([Sample(float(ms), None if ms % 2 else 5.0, "ANSWER", "") for ms in range(1, 101)])
    assert found == {"n": 100, "p50_ms": 50.5, "p95_ms": 95.0, "status_p50_ms": 5.0, "status_p95_ms": 5.0}


@pytest.mark.timeout(60)
def test_the_echo_bot_answers_every_customer() -> None:
    with Stage(generator=False) as stage:
        stage.start_workspace()
        stage.start_bot(("-m", "bench.echo"))
        with Customers(stage.url, 3, "Echo") as customers:
            alone = customers.one_at_a_time(["one", "two"])
            together = customers.at_once(["a", "b", "c", "d", "e", "f"])
        replies = [sample.reply for sample in (*alone, *together)]
    assert len(replies) == 8
    assert all(0 < each < 5000 for each in replies)
