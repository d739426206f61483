"""A modal is drawn anew where it stands, or has been closed."""

from pathlib import Path
from typing import Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

import bot.listeners
from bot.listeners.guards import redraw


class FakeClient:
    """Refuses each update, for a reason."""

    def __init__(self, error: str) -> None:
        self.error = error
        self.asked: list[dict[str, Any]] = []

    def views_update(self, **asked: Any) -> None:
        self.asked.append(asked)
        raise SlackApiError("refused", {"ok": False, "error": self.error})


@pytest.mark.parametrize(
    ("error", "hash", "passes"),
    [
        ("not_found", "", True),
        ("not_found", "1.a", True),
        ("hash_conflict", "1.a", True),
        ("hash_conflict", "", False),
        ("invalid_arguments", "1.a", False),
    ],
)
def test_a_closed_modal_is_no_error_and_a_wrong_one_is(error: str, hash: str, passes: bool) -> None:
    client = FakeClient(error)
    if passes:
        redraw(cast(WebClient, client), "V1", {"type": "modal"}, hash)
    else:
        with pytest.raises(SlackApiError, match=error):
            redraw(cast(WebClient, client), "V1", {"type": "modal"}, hash)
    assert client.asked == [{"view_id": "V1", "view": {"type": "modal"}} | ({"hash": hash} if hash else {})]


def test_each_modal_is_drawn_anew_by_it() -> None:
    files = Path(str(bot.listeners.__file__)).parent.glob("*.py")
    assert [each.name for each in files if "views_update(" in each.read_text()] == ["guards.py"]
