"""A customer sees at once that somebody is at it, and never when nobody is."""

from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.addressing import Incoming, Whose
from bot.intake import Accepted
from bot.listeners.messages import carry
from bot.listeners.slack import SlackSurface


def carried(state: str = "bot", *, fresh: bool = True, quiet: bool = False) -> list[Any]:
    """What happens after a message was written down, in order."""
    seen: list[Any] = []
    surface = SimpleNamespace(thinking=lambda channel, thread, on: seen.append((channel, thread, on)))
    desk = SimpleNamespace(quiet=lambda channel: quiet)
    services: Any = SimpleNamespace(
        desk=desk, kit=SimpleNamespace(surface=surface), work=seen.append, later=lambda *_: None
    )
    case: Any = SimpleNamespace(id=7, channel="D1", thread_ts="1.0", state=state)
    carry(services, Incoming("D1", "1.0", "UMIA", "hello"), Accepted(Whose.CUSTOMER, case, 1, fresh))
    return seen


def test_the_sign_comes_before_the_work() -> None:
    assert carried() == [("D1", "1.0", True), 7]


@pytest.mark.parametrize("state", ["waiting", "human", "closed"])
def test_no_sign_where_the_bot_stays_silent(state: str) -> None:
    assert carried(state) == [7]


def test_no_sign_in_a_channel_where_the_bot_only_listens() -> None:
    assert carried(quiet=True) == [7]


def test_no_sign_for_a_delivery_that_came_again() -> None:
    assert carried(fresh=False) == [7]


class Client(WebClient):
    def __init__(self) -> None:
        super().__init__()
        self.statuses: list[str] = []

    def assistant_threads_setStatus(self, *, status: str, **_: Any) -> Any:
        self.statuses.append(status)


def test_the_status_is_set_once_and_cleared_once() -> None:
    client = Client()
    surface = SlackSurface(client)
    for on in (True, True, False, False):
        surface.thinking("D1", "1.0", on)
    assert client.statuses == ["is thinking…", ""]
