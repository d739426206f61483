from collections.abc import Callable, Hashable

import pytest

from bot.homes import EVERY, SOON, Homes
from bot.workers import Workers


class Timed(Workers):
    """Keeps what is to run later, and when, in place of running it."""

    def __init__(self) -> None:
        super().__init__(1)
        self.waits: list[tuple[float, Callable[[], object]]] = []

    def submit_after(self, seconds: float, key: Hashable, job: Callable[[], object], name: str) -> None:
        self.waits.append((seconds, job))


def test_an_agents_home_follows_soon_and_not_with_every_change() -> None:
    now, drawn = [100.0], list[str]()
    workers = Timed()
    homes = Homes(workers, lambda: now[0])
    homes.publish = drawn.append
    homes.stale("UALEX")
    assert not workers.waits, "nobody looks at it"
    homes.opened("UALEX")
    assert list(homes) == ["UALEX"]
    for _ in range(20):
        homes.stale("UALEX")
    [(after, draw)] = workers.waits
    assert after == SOON
    now[0] += SOON
    draw()
    assert drawn == ["UALEX"]
    now[0] += 0.5
    homes.stale("UALEX")
    assert workers.waits[-1][0] == pytest.approx(EVERY - 0.5)
    homes.opened("UALEX")
    homes.stale("UALEX")
    assert len(workers.waits) == 2, "one that is due already, opened again or not"
    now[0] += 100
    homes.stale("UALEX")
    assert workers.waits[-1][0] == SOON


def test_what_changes_while_it_is_drawn_is_drawn_again() -> None:
    now = [100.0]
    workers = Timed()
    homes = Homes(workers, lambda: now[0])
    homes.opened("UALEX")
    homes.stale("UALEX")
    now[0] += SOON + 0.01
    homes.stale("UALEX")
    assert len(workers.waits) == 2
