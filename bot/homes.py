"""Whose App Home is kept up to date, and how often: a customer's at once, an agent's a few times a minute at most."""

import threading
import time
from collections.abc import Callable, Iterator

from bot.workers import Workers

SOON = 1.0
"""Seconds after a change in which what belongs to it comes too."""
EVERY = 5.0
"""Seconds between two of one agent: what all customers do changes it, and each costs statements and a call."""


class Homes:
    """Users who have opened their Home since the start."""

    def __init__(self, workers: Workers, clock: Callable[[], float] = time.monotonic) -> None:
        self._workers, self._clock = workers, clock
        self._lock = threading.Lock()
        self._due: dict[str, float] = {}
        """When each was published last, or will be."""
        self.publish: Callable[[str], object] = lambda who: None
        """Draws somebody's Home as it is by then."""

    def opened(self, who: str) -> None:
        """They look at it: from now on it follows what changes."""
        with self._lock:
            self._due.setdefault(who, float("-inf"))

    def __contains__(self, who: object) -> bool:
        return who in self._due

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(tuple(self._due))

    def stale(self, who: str) -> None:
        """Something that it shows has changed: it is drawn soon, and no second time for what changes until then."""
        with self._lock:
            last, now = self._due.get(who), self._clock()
            if last is None or last > now:
                return
            due = self._due[who] = max(now + SOON, last + EVERY)
        self._workers.submit_after(due - now, ("home", who), lambda: self.publish(who), "home")
