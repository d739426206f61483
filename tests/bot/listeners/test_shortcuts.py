"""Message shortcuts for agents, over a real database; the client keeps the modals that it was to open."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from bot import wording
from bot.corrections import Refused
from bot.listeners.commands import usage
from bot.listeners.shortcuts import handle_explain, in_modal
from bot.manifest import SHORTCUTS
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

    def said(self) -> str:
        """Of the one view that is open."""
        [view] = self.views.values()
        return "\n".join(block["text"]["text"] for block in view["blocks"])


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


def test_names_fit_into_slacks_menu_and_help_tells_them(services: Services) -> None:
    for name, _, what in SHORTCUTS:
        assert len(name) <= 24
        assert len(f"Agents: {what}") <= 150
        assert f"*{name}*" in usage(services)


def test_why_not_is_said_in_the_modal_that_was_opened_first(office: Office, services: Services) -> None:
    asked = office.ask("<@UBOT> parcel", channel="C1")
    client = Client()
    handle_explain(services, body(office.turn(asked).ts), client)
    # The classifier of these tests is none that can be explained; one that can is in tests/e2e.
    assert client.said() == "The live model (v1) cannot be explained."


@pytest.mark.parametrize(
    ("by", "ts", "expected"),
    [
        ("UMIA", "1.000100", wording.ONLY_AGENTS),
        ("UAGENT", "8.000100", "That message is neither a customer's message to me nor an answer of mine."),
    ],
)
def test_others_and_other_messages_are_refused(
    office: Office, services: Services, by: str, ts: str, expected: str
) -> None:
    office.ask("<@UBOT> parcel", channel="C1")
    client = Client()
    handle_explain(services, body(ts, by), client)
    assert client.said() == expected


def test_a_long_explanation_is_shown_whole_and_a_failure_in_one_line() -> None:
    client = Client()
    in_modal(body("1.0"), client, "Why", lambda: "\n".join(["&lt;line&gt;"] * 400))
    [view] = client.views.values()
    assert sum(block["text"]["text"].count("&lt;line&gt;") for block in view["blocks"]) == 400
    assert all(len(block["text"]["text"]) <= 3000 for block in view["blocks"])

    def fall() -> str:
        raise RuntimeError("the model fell over")

    def refuse() -> str:
        raise Refused("No <b>.")

    for job, expected in ((fall, wording.FAILED), (refuse, "No &lt;b&gt;.")):
        client = Client()
        in_modal(body("1.0"), client, "Why", job)
        assert client.said() == expected
