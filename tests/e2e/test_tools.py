"""What commands do, at a click from the agents' Home: intents, a customer's data, the set-up, the commands."""

from typing import Any

import pytest

from bot import wording
from bot.listeners import ids, tools_blocks
from tests.e2e.conftest import House, options, shown


def tool(house: House, name: str) -> None:
    house.alex.click(house.alex.home(), ids.HOME_MORE, name)


def page(house: House, callback_id: str, *words: str) -> dict[str, Any]:
    """The modal on top, once it shows all of these."""

    def found() -> dict[str, Any] | None:
        top = house.alex.views[-1] if house.alex.views else {}
        held = top.get("callback_id") == callback_id and all(each in shown(top) for each in words)
        return top if held else None

    return dict(house.alex.wait(found, 10, f"{callback_id} with {words}"))


def row_of(view: dict[str, Any], name: str) -> str:
    """The block in which an intent stands."""
    return next(
        str(block["block_id"])
        for block in view["blocks"]
        if any(each["value"].endswith(f" {name}") for each in block.get("accessory", {}).get("options", []))
    )


def test_intents_are_added_renamed_merged_archived_and_brought_back(house: House) -> None:
    alex = house.alex
    tool(house, tools_blocks.INTENTS)
    listed = page(house, ids.INTENTS_VIEW, "order_status")
    alex.click(listed, ids.INTENT_ADD)
    form = page(house, ids.INTENT_VIEW)
    alex.submit(form, {ids.NAME_BLOCK: "refund"})
    assert "which is an intent" in alex.errors[ids.NAME_BLOCK]
    alex.submit(form, {ids.NAME_BLOCK: "Mug engraving", ids.TITLE_BLOCK: "Do you engrave mugs?"})
    listed = page(house, ids.INTENTS_VIEW, "mug_engraving (“Do you engrave mugs?”) is there.")

    alex.click(listed, ids.INTENT_MORE, "rename mug_engraving", row_of(listed, "mug_engraving"))
    alex.submit(page(house, ids.INTENT_VIEW), {ids.NAME_BLOCK: "engraving"})
    listed = page(house, ids.INTENTS_VIEW, "mug_engraving is called engraving now", "also mug_engraving")

    assert alex.options(listed, ids.INTENT_FIND, "engrav")[0]["value"] == "engraving"
    alex.click(listed, ids.INTENT_FIND, "engraving")
    alex.wait(lambda: "refund" not in shown(alex.views[-1]), 10, "the one that was looked for")
    listed = page(house, ids.INTENTS_VIEW, "engraving")
    alex.click(listed, ids.INTENT_FIND, alex.options(listed, ids.INTENT_FIND)[0]["value"])
    listed = page(house, ids.INTENTS_VIEW, "engraving", "refund")
    for deed, words in (("archive", "engraving is archived"), ("restore", "engraving is back")):
        alex.click(listed, ids.INTENT_MORE, f"{deed} engraving", row_of(listed, "engraving"))
        listed = page(house, ids.INTENTS_VIEW, words)

    alex.click(listed, ids.INTENT_MORE, "merge engraving", row_of(listed, "engraving"))
    alex.submit(page(house, ids.INTENT_VIEW), {ids.INTENT_BLOCK: "refund"})
    listed = page(house, ids.INTENTS_VIEW, "engraving is part of refund now")
    alex.close_view(listed)
    assert not house.bot.services.kit.catalogue.has("engraving")


def test_what_fails_at_a_click_is_said_in_a_window(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(house.bot.services.knowledge, "listed", full)
        house.alex.click(house.alex.home(), ids.HOME_ARTICLES)
        house.alex.close_view(page(house, "message", wording.FAILED))
    house.alex.click(house.alex.home(), ids.HOME_ARTICLES)
    house.alex.close_view(page(house, ids.ARTICLES_VIEW))


def test_a_customers_data_the_set_up_and_the_commands(house: House) -> None:
    for name, callback_id, words in (
        (tools_blocks.PRIVACY, ids.PRIVACY_VIEW, "Whose?"),
        (tools_blocks.SETUP, ids.SETUP_VIEW, "How it answers"),
        (tools_blocks.COMMANDS, "message", "/support kb gaps"),
    ):
        tool(house, name)
        house.alex.close_view(page(house, callback_id, words))


def test_an_agent_who_is_no_owner_has_no_tools_of_owners(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.bot.services.kit.people, "may_set_up", lambda user: False)
    view = house.alex.home()
    assert options(view, ids.HOME_MORE) == [tools_blocks.INTENTS, tools_blocks.COMMANDS]
    house.alex.click(view, ids.HOME_MORE, tools_blocks.INTENTS)
    house.alex.close_view(page(house, ids.INTENTS_VIEW))
