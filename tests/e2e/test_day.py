"""A day at the desk, played through sockets: what customers and agents do, and what they see."""

from typing import Any

from bot import wording
from bot.listeners import ids
from tests.e2e.conftest import House


def element(message: dict[str, Any], action_id: str) -> dict[str, Any]:
    """The interactive element of that id, wherever it stands."""
    for block in message["blocks"]:
        for each in [*block.get("elements", []), block.get("accessory") or {}]:
            if each.get("action_id") == action_id:
                return dict(each)
    raise AssertionError(f"no {action_id} in {message['blocks']}")


def words(message: dict[str, Any]) -> str:
    return str(message["blocks"])


def test_an_answer_in_the_thread_and_the_bot_introduces_itself_once(house: House) -> None:
    first = house.answer(house.mia, "where is my parcel??")
    assert "Hello Mia, it is on its way." in first["text"]
    assert wording.INTRODUCTION in words(first)
    assert first["metadata"]["event_payload"]["intent"] == "order_status"
    assert element(first, ids.FEEDBACK)
    again = house.answer(house.mia, "return please")
    assert "Use the label &amp; the box." in again["text"]
    assert wording.INTRODUCTION not in words(again)
