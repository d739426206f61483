"""Threads that work on conversations: one job of a conversation after another, conversations side by side."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)
Job = Callable[[], object]


class Workers:
    """A bounded pool with one queue for each key. What waits in memory waits in SQL too, so a crash loses nothing."""

    def __init__(self, size: int = 4) -> None:
        self._pool = ThreadPoolExecutor(max_workers=size, thread_name_prefix="desk")
        self._lock = threading.Lock()
        self._queues: dict[Hashable, deque[tuple[str, Job]]] = {}
        self._timers: dict[tuple[Hashable, str], threading.Timer] = {}
        self._idle = threading.Condition(self._lock)
        self._closed = False

    def submit(self, key: Hashable, job: Job, name: str = "") -> None:
        """Queue a job behind the others of its key. A named job that waits there already is not queued twice."""
        with self._lock:
            if self._closed:
                return
            queue = self._queues.get(key)
            if queue is not None:
                if not name or all(waiting != name for waiting, _ in queue):
                    queue.append((name, job))
                return
            self._queues[key] = deque([(name, job)])
        self._pool.submit(self._run, key)

    def submit_after(self, seconds: float, key: Hashable, job: Job, name: str) -> None:
        """The same after so long; a later call for the same key and name takes the place of an earlier one."""
        timer = threading.Timer(seconds, self.submit, (key, job, name))
        timer.daemon = True
        with self._lock:
            if self._closed:
                return
            former = self._timers.pop((key, name), None)
            self._timers = {each: other for each, other in self._timers.items() if other.is_alive()}
            self._timers[key, name] = timer
            timer.start()
        if former is not None:
            former.cancel()

    def drain(self, timeout: float = 10.0) -> bool:
        """Wait until nothing is queued or running."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._queues, timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Take no more jobs, drop those that wait (SQL has them) and wait for the running ones."""
        with self._lock:
            self._closed = True
            for timer in self._timers.values():
                timer.cancel()
            for queue in self._queues.values():
                queue.clear()
        self.drain(timeout)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, key: Hashable) -> None:
        while True:
            with self._lock:
                queue = self._queues[key]
                if not queue:
                    del self._queues[key]
                    self._idle.notify_all()
                    return
                _, job = queue.popleft()
            try:
                job()
            except Exception:
                log.exception("a job of conversation %s failed", key)
