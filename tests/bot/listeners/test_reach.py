"""Whatever a command does has a button or a shortcut too, and the button is really there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import intents, manifest
from bot.agents_home import Overview
from bot.listeners import (
    agents_home_view,
    cards,
    gaps_blocks,
    home_view,
    ids,
    intents_blocks,
    model_blocks,
    reach,
    review_blocks,
    stats_blocks,
)
from bot.listeners.commands import SUBCOMMANDS
from bot.reviewing import FORMS, Walk
from bot.training import TrainingState
from bot.values import Card, Case, Guess, Kept
from model.types import Intent
from tests.bot.conftest import Office
from tests.bot.listeners.test_register import app_of, dispatch

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
Found = tuple[str, str, str]
"""Label, action id, value."""


def card(state: str) -> list[Any]:
    guesses = (Guess("refund", "Where is my refund?", 0.9),)
    shown = Card(1, state, "UAGENT", "UMIA", "Request", NOW, NOW, text="hm", turn_id=3, guesses=guesses, reply="so")
    return cards.card(shown)


def home() -> list[Any]:
    found = Overview(NOW, (), 0, (), 3, 0, 0, ("v1",), (), owner=True, trains=True, former="v0")
    return list(agents_home_view.agent(found, "draft")["blocks"])


def model(kept: tuple[str, ...] = (), **state: bool) -> list[Any]:
    found = TrainingState(**state, versions=("v2", "v1"), live="v2", former="v1", pinned=frozenset(kept))
    return list(model_blocks.page(found, "v2 is live", "v2")["blocks"])


def of_customer() -> list[Any]:
    view = home_view.customer([Intent("refund", "Where is my refund?")], [], Kept(0, None, True), "I am a bot")
    return list(view["blocks"])


SURFACES = {
    reach.HOME: home,
    reach.CARD: lambda: [*card("human"), *card("waiting")],
    reach.MODEL: lambda: [
        *model(("v1",), running=True, rests=True, scheduled=True),
        *model(running=False, rests=False, scheduled=True),
    ],
    reach.CUSTOMER: of_customer,
    reach.REVIEW: lambda: list(review_blocks.review(Case(1, "hm", (), False, "", 0), 3, Walk())["blocks"]),
    reach.GAPS: lambda: list(gaps_blocks.page([], 60)["blocks"]),
    reach.FIGURES: lambda: list(stats_blocks.view(["no messages"], [])["blocks"]),
}


def pressed(blocks: list[Any]) -> Iterator[Found]:
    """All that may be pressed there."""
    for block in blocks:
        for each in [*block.get("elements", []), block.get("accessory") or {}]:
            if each.get("type") in ("overflow", "static_select", "external_select"):
                offered = each.get("options") or [each.get("initial_option") or {"text": {"text": ""}, "value": ""}]
                yield from ((one["text"]["text"], each["action_id"], one["value"]) for one in offered)
            elif each.get("type") == "button":
                yield each["text"]["text"], each["action_id"], each["value"]


def test_every_command_is_at_a_click() -> None:
    others = [each["command"] for each in manifest.build()["features"]["slash_commands"]]
    assert set(reach.REACH) == {*SUBCOMMANDS, *others} - {"/support"}
    assert all(reach.REACH.values())


@pytest.mark.parametrize("name", reach.REACH)
def test_what_the_table_names_is_there(name: str) -> None:
    for place in reach.REACH[name]:
        if place.surface == reach.MENU:
            assert (place.label, place.id) in [(label, id) for label, id, _ in manifest.SHORTCUTS]
        else:
            found = list(pressed(SURFACES[place.surface]()))
            assert any(
                label.startswith(place.label) and id == place.id and value.startswith(place.value)
                for label, id, value in found
            ), f"{place} is not among {found}"


def test_whatever_narrows_a_review_by_words_is_a_field_of_its_form() -> None:
    fields = [block["block_id"] for block in review_blocks.narrow(Walk(), "V1")["blocks"]]
    assert sorted(fields) == sorted(map(review_blocks.block_of, FORMS))


def test_every_change_of_the_intents_is_at_a_click() -> None:
    page = intents_blocks.page(
        [
            intents.Listed("refund", "Refund", 3, False, (), None, ""),
            intents.Listed("old", "Old", 0, True, (), None, ""),
        ]
    )
    deeds = {value.partition(" ")[0] for _, id, value in pressed(page["blocks"]) if id == ids.INTENT_MORE}
    added = {"add" for _, id, _ in pressed(page["blocks"]) if id == ids.INTENT_ADD}
    assert deeds | added == set(intents.ACTIONS) - {"list"}


def test_each_button_has_a_listener(office: Office) -> None:
    app, services = app_of(office)
    for place in {each for places in reach.REACH.values() for each in places if each.surface != reach.MENU}:
        assert dispatch(app, click(place.id)) == 200, place
    assert dispatch(app, click("another")) == 404
    services.workers.close()


def click(action_id: str) -> dict[str, Any]:
    """By somebody who may do nothing."""
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "UNOBODY"},
        "trigger_id": "1",
        "container": {"type": "view"},
        "view": {"id": "V1", "type": "modal", "state": {"values": {}}, "private_metadata": "{}"},
        "actions": [{"type": "button", "action_id": action_id, "value": "1", "block_id": "b"}],
    }
