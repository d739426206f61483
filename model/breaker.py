"""Spares a service that fails, and those who wait for it: a circuit breaker, and a budget of second tries. Thread-safe.

Closed: calls go through. After so many failures in a row it opens: no call goes through for a while. Then one call is
let through as a trial (half-open); it closes the breaker, or opens it for another while (Nygard, Release It!, 2007).
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

Clock = Callable[[], float]
State = Literal["closed", "open", "half-open"]


class Breaker:
    """Whoever got True from `allow` tells how the call went, by `succeeded` or `failed`, whatever happens."""

    def __init__(self, failures: int = 3, pause: float = 30.0, clock: Clock = time.monotonic) -> None:
        """
        Args:
            failures: in a row, after which it opens.
            pause: seconds from the opening to the trial.
        """
        self._limit, self._pause, self._clock = failures, pause, clock
        self._failures = 0
        self._until: float | None = None
        self._trying = False
        self._lock = threading.Lock()

    @property
    def state(self) -> State:
        with self._lock:
            if self._until is None:
                return "closed"
            return "half-open" if self._trying or self._clock() >= self._until else "open"

    def allow(self) -> bool:
        """Whether a call may go through now."""
        with self._lock:
            if self._until is None:
                return True
            if self._trying or self._clock() < self._until:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._until, self._trying = 0, None, False

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._trying or self._failures >= self._limit:
                self._until = self._clock() + self._pause
            self._trying = False


class RetryBudget:
    """At most so many second tries in any minute, so that a service in trouble is not called ever more."""

    def __init__(self, per_minute: int, clock: Clock = time.monotonic) -> None:
        self._limit, self._clock = per_minute, clock
        self._taken: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether another try is within the budget; if so it is counted."""
        with self._lock:
            now = self._clock()
            while self._taken and now - self._taken[0] >= 60:
                self._taken.popleft()
            if len(self._taken) >= self._limit:
                return False
            self._taken.append(now)
            return True
