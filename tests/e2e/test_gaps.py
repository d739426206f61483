"""Knowledge gaps through sockets: what nobody has written comes up, is written from an agent's words, and answers."""

import logging
from typing import Any

import pytest

from bot import wording
from bot.listeners import ids
from tests.e2e.conftest import House, element, shown, until
from tests.e2e.test_agents import call_person, end
from tests.e2e.test_day import turn_of
from tests.e2e.test_knowledge import house as house
from tests.e2e.test_knowledge import told

ASKED = ("do you engrave mugs?", "can you engrave my mugs", "engrave the mugs please", "engrave mugs, how?")


def gaps(house: House, holds: str, words: str = "") -> dict[str, Any]:
    """Open the list; gives it once it shows this."""
    house.alex.command(f"/support kb gaps {words}".rstrip())
    return listed(house, holds)


def listed(house: House, holds: str) -> dict[str, Any]:
    until(lambda: holds in shown(house.alex.wait_view(callback_id=ids.GAPS_VIEW)))
    return house.alex.wait_view(callback_id=ids.GAPS_VIEW)


def asked_in_vain(house: House, thing: str) -> None:
    """Mia asks thrice, and is counted: the groups found last are kept for up to a minute, and a list shows those."""
    for words in (f"do you sell {thing}", f"{thing}, do you sell them", f"sell me {thing}"):
        house.answer(house.mia, words)
    house.settle()
    desk = house.bot.services.gaps
    desk.forget()
    assert any(thing in each.text for gap in desk.gaps() for each in gap.questions)


def unanswered(house: House) -> None:
    """Mia and Tom ask what nobody has written."""
    for number, words in enumerate(ASKED[:3]):
        who = (house.mia, house.tom)[number % 2]
        assert wording.OFFER in house.answer(who, words)["text"]


def test_what_nobody_has_written_is_written_from_an_agents_words_and_answers_the_next_customer(house: House) -> None:
    unanswered(house)
    ts, card = call_person(house, ASKED[3])
    house.alex.click(card, ids.WRITE)
    view = house.alex.wait_view(callback_id=ids.WRITE_VIEW)
    house.alex.submit(view, {ids.ANSWER_BLOCK: "Hi Tom! We engrave mugs for 5.00, up to twenty letters."})
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "twenty letters" in one["text"])
    until(lambda: turn_of(house, house.tom.dm, ts).status == "done")
    end(house, ts, card)

    view = gaps(house, "engrave", "14d")
    assert [each["value"] for each in element(view, ids.GAP_SPAN)["options"]] == ["7d", "14d", "30d", "60d", "90d"]
    assert "4 questions of 2 customers" in shown(view)
    assert "▁▁▁█ 0 · 0 · 0 · 4" in shown(view)
    house.alex.click(view, ids.GAP_WRITE, block_id="gap_0")
    form = house.alex.wait_view(callback_id=ids.GAP_ARTICLE_VIEW)
    assert "We engrave mugs for 5.00, up to twenty letters." in shown(form)
    assert "Tom" not in shown(form)
    assert all(words in shown(form) for words in ASKED)
    refused = house.alex.submit(form, filled("Mugs", "We engrave mugs for 5.00.", "oos"))
    assert "Expected a name" in refused["errors"][ids.NAME_BLOCK]
    house.alex.submit(
        form, filled("Do you engrave mugs?", "We engrave mugs for 5.00, up to twenty letters.", "engrave")
    )
    assert "saved as version 1" in shown(listed(house, "nearly the same, are understood as engrave from now on"))
    assert ids.GAP_WRITE not in shown(listed(house, "Nothing: each question of the last 14 days"))

    assert "up to twenty letters" in house.answer(house.mia, "hello, do you engrave mugs?")["text"]
    house.alex.close_view(listed(house, "Nothing"))


def filled(title: str, body: str, name: str) -> dict[str, Any]:
    return {
        ids.TITLE_BLOCK: title,
        ids.INTENTS_BLOCK: [],
        f"{ids.BODY_BLOCK}_0": body,
        ids.NAME_BLOCK: name,
        ids.ALSO_BLOCK: ["teach"],
    }


def test_a_gap_is_dismissed_and_brought_back_and_its_middle_may_become_an_intent(house: House) -> None:
    asked_in_vain(house, "kites")
    home = agents_home(house, "Knowledge gaps (1)")
    house.alex.click(home, ids.HOME_GAPS)
    house.alex.click(listed(house, "kites"), ids.GAP_DISMISS, block_id="gap_0")
    view = listed(house, "is dismissed")
    assert ids.GAP_DISMISS not in shown(view)
    house.alex.wait(lambda: "Knowledge gaps (1)" not in shown(house.alex.home_view or {}), 10, "a Home without it")
    house.alex.click(view, ids.GAP_SPAN, "7d")
    view = listed(house, "of the last 7 days had an answer")
    undo = element(view, ids.GAP_UNDO)
    house.alex.click(view, ids.GAP_UNDO, undo["value"])
    view = listed(house, "It is back.")
    assert "by the last 7 days" in shown(view), "the time that was chosen stays"
    assert element(view, ids.GAP_SPAN)["initial_option"]["value"] == "7d"
    house.alex.click(view, ids.GAP_WRITE, block_id="gap_0")
    form = house.alex.wait_view(callback_id=ids.GAP_ARTICLE_VIEW)
    assert "Nobody has answered yet." in shown(form)
    assert "kites" in shown(form)
    house.alex.close_view(form)
    # Last, for what the new intent understands is soon no gap any more.
    house.alex.click(listed(house, "kites"), ids.GAP_INTENT, block_id="gap_0")
    form = house.alex.wait_view(callback_id=ids.RELABEL_VIEW)
    assert any(block.get("block_id") == ids.NAME_BLOCK for block in form["blocks"])
    house.alex.submit(form, {ids.NAME_BLOCK: "kites", ids.TITLE_BLOCK: "Do you sell kites?"})
    until(lambda: house.bot.services.kit.catalogue.has("kites"))


def test_a_list_that_is_closed_while_a_gap_is_dismissed_is_no_failure(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked_in_vain(house, "drums")
    house.alex.click(agents_home(house, "Knowledge gaps (1)"), ids.HOME_GAPS)
    view = listed(house, "drums")
    desk, dismiss = house.bot.services.gaps, house.bot.services.gaps.dismiss

    def closed_meanwhile(ref: str, by: str) -> tuple[str, str]:
        house.alex.close_view(view)
        return dismiss(ref, by)

    monkeypatch.setattr(desk, "dismiss", closed_meanwhile)
    house.alex.click(view, ids.GAP_DISMISS, block_id="gap_0")
    house.alex.wait(lambda: "Knowledge gaps (1)" not in shown(house.alex.home_view or {}), 10, "a Home without it")
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


def agents_home(house: House, holds: str) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        home = house.alex.home()
        return home if holds in shown(home) else None

    return dict(house.alex.wait(found, 10, holds))


def test_wrong_words_and_others_than_agents(house: House) -> None:
    told(house, house.alex, "/support kb gaps many", "Expected a time such as 7d")
    told(house, house.alex, "/support kb gaps 7d n=5", "Expected `[60d]`")
    told(house, house.tom, "/support kb gaps", wording.ONLY_AGENTS)
