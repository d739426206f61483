"""The page by keyboard alone, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from .browsing import field, say, window

pytestmark = pytest.mark.browser


def test_control_k_leads_to_any_place_of_anybody(page: Page) -> None:
    mia, tom = window(page, "U0MIA"), window(page, "U0TOM")
    field(mia).focus()
    page.keyboard.press("Control+k")
    places = page.get_by_role("listbox", name="places")
    expect(places.get_by_role("option")).to_have_count(4 + 4 + 5)
    page.keyboard.type("tom he")
    expect(places.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(tom).to_be_visible()
    expect(field(tom)).to_be_focused()
    expect(tom.locator(".place[aria-current]")).to_have_text("help")

    page.keyboard.press("Control+k")
    page.keyboard.type("alex home")
    page.keyboard.press("Enter")
    expect(window(page, "U0AGENT").locator(".home")).to_be_focused()

    field(tom).focus()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(field(tom)).to_be_focused()
    expect(page.locator(".listbox")).to_have_count(0)


def test_the_focus_comes_back_to_a_button_that_was_drawn_anew_meanwhile(page: Page, client: WebClient) -> None:
    """A form changes the card from which it was opened: whoever works by keyboard goes on there."""

    def card(*labels: str) -> list[dict[str, Any]]:
        return [{"type": "actions", "elements": [button(each) for each in labels]}]

    sent = client.chat_postMessage(channel="C0AGENTS", text="a card", blocks=card("Take it", "Correct label"))
    alex = window(page, "U0AGENT")
    alex.get_by_role("button", name="Correct label").press("Enter")
    modal = alex.get_by_role("dialog", name="Correct this answer")
    expect(modal).to_be_visible()
    client.chat_update(
        channel="C0AGENTS", ts=sent["ts"], text="a card", blocks=card("Undo", "Hand over", "Correct label")
    )
    expect(alex.get_by_role("button", name="Undo")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)
    expect(alex.get_by_role("button", name="Correct label")).to_be_focused()

    client.chat_update(channel="C0AGENTS", ts=sent["ts"], text="a card", blocks=card("Correct label", "Undo"))
    expect(alex.get_by_role("button", name="Hand over")).to_have_count(0)
    expect(alex.get_by_role("button", name="Correct label")).to_be_focused()


def test_a_form_that_stood_open_when_the_page_was_loaded_leaves_the_focus_in_its_window(page: Page) -> None:
    alex = window(page, "U0AGENT")
    say(alex, "/support modal")
    modal = alex.get_by_role("dialog", name="Correct this answer")
    expect(modal).to_be_visible()
    page.reload()
    expect(modal).to_be_visible()
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)
    expect(field(alex)).to_be_focused()


def test_the_focus_stays_on_a_home_that_is_drawn_anew(page: Page, client: WebClient) -> None:
    mia = window(page, "U0MIA")
    mia.locator('.place[data-place="home"]').click()
    topic = mia.get_by_role("button", name="Topic")
    topic.focus()
    blocks = [{"type": "actions", "elements": [button("New"), button("Topic")]}]
    client.views_publish(user_id="U0MIA", view={"type": "home", "blocks": blocks})
    expect(mia.get_by_role("button", name="New")).to_be_visible()
    expect(topic).to_be_focused()


def button(label: str) -> dict[str, Any]:
    name = "correct" if label == "Correct label" else label.lower()
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": name}


def test_the_question_mark_shows_the_keys_and_nothing_else_is_reached(page: Page) -> None:
    mia = window(page, "U0MIA")
    field(mia).press_sequentially("really?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    mia.locator('.place[data-place="home"]').focus()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Jump to a person")
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('[role=dialog]'))")
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    expect(mia.locator('.place[data-place="home"]')).to_be_focused()
    page.get_by_role("button", name="Keys").click()
    expect(keys).to_be_visible()


def test_f6_and_alt_arrows_walk_about(page: Page) -> None:
    mia, alex = window(page, "U0MIA"), window(page, "U0AGENT")
    page.keyboard.press("F6")
    expect(field(mia)).to_be_focused()
    page.keyboard.press("F6")
    expect(field(alex)).to_be_focused()
    page.keyboard.press("F6")
    page.keyboard.press("Alt+ArrowDown")
    expect(mia.locator(".place[aria-current]")).to_have_text("general")
    expect(field(mia)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(mia.locator(".home")).to_be_focused()


REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, textarea, [tabindex='0']")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && node.tabIndex >= 0 && !node.disabled)
  .map((node, no) => { node.dataset.reach = no; return no; }).length"""
FOCUSED = """() => {
  const node = document.activeElement;
  const style = getComputedStyle(node);
  const box = getComputedStyle(node.closest(".compose-box") || node);
  const seen = style.outlineStyle !== "none" || box.boxShadow !== "none";
  const name = node.getAttribute("aria-label") || node.textContent.slice(0, 40);
  return { at: node.dataset.reach ?? null, seen, name: `${node.className} ${name}` };
}"""


def test_the_tab_key_reaches_everything_and_one_sees_where_it_is(page: Page) -> None:
    mia = window(page, "U0MIA")
    say(mia, "hm")
    expect(mia.locator(".replies .message")).to_have_count(1)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    missing = set(range(page.evaluate(REACHABLE)))
    assert len(missing) > 20
    unseen = set()
    for _ in range(4 * len(missing)):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found["at"] is not None:
            missing.discard(int(found["at"]))
        if not found["seen"] and found["at"] is not None:
            unseen.add(found["name"])
        if not missing:
            break
    names = [page.locator(f'[data-reach="{at}"]').evaluate("(node) => node.outerHTML.slice(0, 150)") for at in missing]
    assert names == []
    assert unseen == set()


def test_a_case_from_question_to_correction_by_keyboard_alone(page: Page) -> None:
    mia, alex = window(page, "U0MIA"), window(page, "U0AGENT")
    page.keyboard.press("F6")
    page.keyboard.type("where is my parcel??")
    page.keyboard.press("Enter")
    expect(mia.locator(".replies .message")).to_have_count(1)
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "Talk to a person":
            break
    page.keyboard.press("Enter")
    expect(alex.get_by_role("button", name="Correct label")).to_be_visible()
    page.keyboard.press("F6")
    page.keyboard.press("Shift+Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.textContent") == "Correct label":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(alex.get_by_role("dialog", name="Correct this answer")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("refund")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("In five days.")
    page.keyboard.press("Control+Enter")
    expect(alex.locator(".message", has_text=re.compile("refund_status: In five days"))).to_be_visible()
