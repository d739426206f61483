"""A client that keeps what it was to open, and a shortcut's payload: shared by the tests of shortcuts."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.services import Services
from tests.bot.conftest import Office
from tests.bot.listeners.test_register import app_of


class Client(WebClient):
    """Keeps views by their id, as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.views: dict[str, dict[str, Any]] = {}

    def views_open(self, *, view: Any, **_: Any) -> Any:
        id = f"V{len(self.views) + 1}"
        self.views[id] = view
        return {"view": {"id": id}}

    def views_update(self, *, view: Any, view_id: Any = None, **_: Any) -> Any:
        assert view_id in self.views
        self.views[view_id] = view

    def fields(self) -> dict[str, str]:
        """What the one form that is open is filled with, by block."""
        [view] = self.views.values()
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        return {block["block_id"]: _filled(block["element"]) for block in inputs}

    def said(self) -> str:
        """Of the one view that is open."""
        [view] = self.views.values()
        return "\n".join(block["text"]["text"] for block in view["blocks"])


def _filled(element: dict[str, Any]) -> str:
    return element.get("initial_value") or ", ".join(each["value"] for each in element.get("initial_options", ()))


@pytest.fixture
def services(office: Office) -> Iterator[Services]:
    _, made = app_of(office)
    yield made
    made.workers.close()


def body(ts: str, by: str = "UAGENT", channel: str = "C1", **message: Any) -> dict[str, Any]:
    """A shortcut's payload, of a message that Mia wrote unless it says otherwise."""
    return {
        "trigger_id": "1",
        "user": {"id": by},
        "channel": {"id": channel},
        "message": {"type": "message", "ts": ts, "user": "UMIA", "team": "T1", "text": "x", **message},
    }
