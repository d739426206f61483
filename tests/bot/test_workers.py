import threading
import time

from bot.workers import Workers


def test_one_job_of_a_key_after_another_and_keys_side_by_side() -> None:
    workers = Workers(4)
    seen: list[tuple[str, int]] = []
    together = threading.Barrier(2, timeout=5)

    def job(key: str, number: int) -> None:
        if number == 0:
            together.wait()  # passes only if both keys run at once
        seen.append((key, number))

    for number in range(20):
        for key in ("a", "b"):
            workers.submit(key, lambda key=key, number=number: job(key, number))
    assert workers.drain(5)
    for key in ("a", "b"):
        assert [number for each, number in seen if each == key] == list(range(20))
    workers.close()


def test_a_job_that_fails_does_not_stop_its_key() -> None:
    workers = Workers(1)
    done = threading.Event()
    workers.submit("a", lambda: 1 / 0)
    workers.submit("a", done.set)
    assert done.wait(5)
    workers.close()


def test_a_named_job_waits_only_once() -> None:
    workers = Workers(1)
    runs: list[int] = []
    gate = threading.Event()
    workers.submit("a", lambda: gate.wait(5), "work")
    for _ in range(5):
        workers.submit("a", lambda: runs.append(1), "work")
    gate.set()
    assert workers.drain(5)
    assert runs == [1]
    workers.close()


def test_after_close_nothing_runs() -> None:
    workers = Workers(1)
    workers.close()
    workers.submit("a", lambda: time.sleep(9))
    assert workers.drain(1)


def test_a_job_for_later_is_queued_once_and_never_after_the_end() -> None:
    workers = Workers(1)
    done = threading.Event()
    runs: list[str] = []
    workers.submit_after(600, "a", lambda: runs.append("too early said"), "work")
    workers.submit_after(0.01, "a", done.set, "work")
    workers.submit_after(600, "b", lambda: runs.append("after the end"), "work")
    assert done.wait(5), "no worker waits for it meanwhile"
    workers.close()
    workers.submit_after(0.01, "c", lambda: runs.append("closed"), "work")
    timers = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
    for each in timers:
        each.join(5)
    assert not any(each.is_alive() for each in timers)
    assert runs == []
