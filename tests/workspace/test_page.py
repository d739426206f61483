"""The page in a real browser, on a real workspace, with a real Bolt app behind it."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from slack_sdk import WebClient

from bot.workspace.server import Server

from .browsing import MANIFEST, field, open_page, say, window

pytestmark = pytest.mark.browser


def test_a_customer_asks_and_sees_the_answer_in_the_thread(page: Page) -> None:
    mia = window(page, "U0MIA")
    say(mia, "where is my <b>parcel</b>??")
    expect(mia.locator(".status")).to_contain_text("is thinking")
    answer = mia.locator(".case").filter(has_text="where is my <b>parcel</b>??").locator(".replies .message")
    expect(answer.locator("strong", has_text="2-4 working days")).to_be_visible()
    expect(mia.locator(".status")).to_have_count(0)
    expect(page.locator(".underneath")).to_contain_text("delivery_status")
    expect(page.locator('.underneath [data-fact="confidence"] .fact-value')).to_have_text("0.94")
    expect(page.locator(".step.done")).to_have_count(1)
    answer.get_by_role("button", name="Good answer").click()
    thanks = mia.locator(".ephemeral")
    expect(thanks).to_contain_text("Only visible to you")
    expect(thanks).to_contain_text("Thank you, good.")


def test_follow_ups_go_to_the_thread_until_escape(page: Page) -> None:
    mia = window(page, "U0MIA")
    say(mia, "first")
    mia.get_by_role("button", name="Reply in thread").first.click()
    expect(field(mia)).to_be_focused()
    say(mia, "second")
    expect(mia.locator(".replies .message", has_text="second")).to_be_visible()
    say(mia, "/support status")
    expect(mia.locator(".composer .trouble")).to_contain_text(re.compile("thread", re.I))
    field(mia).fill("")
    field(mia).press("Escape")
    expect(mia.locator(".thread-chip")).to_be_hidden()
    expect(mia.locator(".case.answering")).to_have_count(0)
    say(mia, "third")
    expect(mia.locator(".root .message", has_text="third")).to_be_visible()


def test_an_agent_corrects_in_a_modal_by_keyboard(page: Page) -> None:
    mia, alex = window(page, "U0MIA"), window(page, "U0AGENT")
    say(mia, "hm")
    mia.locator(".replies").get_by_role("button", name="Talk to a person").click()
    alex.get_by_role("button", name="Correct label").press("Enter")
    modal = alex.get_by_role("dialog", name="Correct this answer")
    expect(modal.get_by_role("button", name=re.compile("What did the customer want"))).to_be_focused()
    modal.get_by_role("button", name="Save").click()
    expect(modal.locator(".error").first).not_to_be_empty()

    modal.locator(".picker").press("Enter")
    page.keyboard.type("warr")
    expect(page.locator(".listbox .option")).to_have_count(1)
    page.keyboard.press("Enter")
    modal.get_by_role("button", name="Save").click()
    expect(modal.locator(".error").first).to_have_text("Not that one.")
    assert modal.locator(".picker").get_attribute("aria-invalid") == "true"

    modal.locator(".picker").press("ArrowDown")
    page.keyboard.type("re")
    expect(page.locator(".listbox .option").first).to_have_text("refund_status")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(modal.locator(".picker")).to_have_text("return_item")
    modal.get_by_label("A better answer").fill("Because *we* say so")
    modal.get_by_role("button", name="Save").click()
    expect(modal).to_have_count(0)
    expect(alex.get_by_role("button", name="Correct label")).to_be_focused()
    expect(alex.locator(".message", has_text="return_item: Because we say so")).to_be_visible()
    expect(page.locator(".step[aria-current]")).to_have_text("3See it learn")
    say(mia, "and again")
    expect(page.locator(".step.done")).to_have_count(3)
    expect(page.locator(".tour")).to_contain_text("That is all of it")


def test_the_tab_key_stays_in_a_modal_and_escape_leaves_it(page: Page) -> None:
    alex = window(page, "U0AGENT")
    say(alex, "/support modal")
    modal = alex.get_by_role("dialog")
    expect(modal).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('[role=dialog]'))")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('[role=dialog]'))")
    modal.get_by_label("A better answer").fill("typed before")
    modal.get_by_role("button", name="More").click()
    expect(alex.get_by_role("dialog", name="On top")).to_be_visible()
    page.keyboard.press("Escape")
    expect(alex.get_by_role("dialog", name="Correct this answer").get_by_label("A better answer")).to_have_value(
        "typed before"
    )
    page.set_viewport_size({"width": 420, "height": 800})
    page.set_viewport_size({"width": 1440, "height": 900})
    modal.get_by_role("button", name="Change").click()
    expect(modal).to_contain_text("changed")
    expect(modal.get_by_label("A better answer")).to_have_value("typed before")
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)


def test_slash_commands_complete(page: Page) -> None:
    alex = window(page, "U0AGENT")
    field(alex).press_sequentially("/su")
    expect(alex.locator(".completion.active", has_text="/support")).to_be_visible()
    field(alex).press("Tab")
    field(alex).press_sequentially("model s")
    field(alex).press("Enter")
    expect(field(alex)).to_have_value("/support model status")
    field(alex).press("Enter")
    expect(alex.locator(".ephemeral")).to_contain_text("You said: model status")
    say(alex, "/nonsense")
    expect(alex.locator(".composer .trouble")).to_contain_text("not a valid command")


def test_the_message_menu(page: Page) -> None:
    mia = window(page, "U0MIA")
    say(mia, "a message wiht a mistake")
    own = mia.locator(".root .message")
    expect(mia.locator(".replies .message")).to_have_count(1)
    own.hover()
    own.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Edit message").click()
    own.get_by_label("Edit message").fill("a message without one")
    own.get_by_label("Edit message").press("Enter")
    expect(own).to_contain_text("a message without one")
    expect(own).to_contain_text("(edited)")

    own.focus()
    page.keyboard.press(".")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    for each in json.loads(MANIFEST.read_text())["features"]["shortcuts"]:
        expect(page.get_by_role("menuitem", name=each["name"])).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Delete message")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Correct this answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(mia.get_by_role("dialog", name="Correct this answer")).to_be_visible()
    page.keyboard.press("Escape")

    own.hover()
    own.get_by_role("button", name="Add a reaction").click()
    page.get_by_role("menuitem", name="eyes").click()
    expect(own.locator('.reaction[aria-pressed="true"]')).to_have_text("1")

    own.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    mia.get_by_role("dialog", name="Delete this message?").get_by_role("button", name="Delete").click()
    expect(own).to_have_text(re.compile("This message was deleted."))


def test_home_confirm_menus_and_pictures(page: Page, client: WebClient) -> None:
    tom = window(page, "U0TOM")
    page.get_by_role("tab", name=re.compile("Tom")).click()
    tom.get_by_role("button", name="Home").click()
    expect(tom.locator(".home")).to_contain_text("I am a bot.")
    tom.locator(".home").get_by_role("button", name="Topic").click()
    tom.get_by_role("dialog", name="Really?").get_by_role("button", name="No").click()
    tom.locator(".home").get_by_role("button", name="Topic").click()
    tom.get_by_role("dialog", name="Really?").get_by_role("button", name="Go on").click()
    expect(tom.locator('.place[data-place="D0TOM"] .badge')).to_have_text("1")
    tom.locator('.place[data-place="D0TOM"]').click()
    expect(tom.locator(".message", has_text="You pressed topic from U0TOM")).to_be_visible()
    expect(tom.locator(".badge")).to_have_count(0)


@pytest.mark.parametrize("lines", [27, 80], ids=["just higher", "much higher"])
def test_a_message_higher_than_the_window_is_read_from_its_beginning(page: Page, client: WebClient, lines: int) -> None:
    mia = window(page, "U0MIA")
    client.chat_postMessage(channel="D0MIA", text="short")
    expect(mia.locator(".message", has_text="short")).to_be_in_viewport()
    client.chat_postMessage(channel="D0MIA", text="\n".join(["beginning", *["line"] * lines, "end"]))
    expect(mia.locator(".message .author").last).to_be_in_viewport()
    page.wait_for_timeout(300)
    expect(mia.locator(".message .author").last).to_be_in_viewport()


def test_a_stream_grows(page: Page, client: WebClient) -> None:
    mia = window(page, "U0MIA")
    say(mia, "hello")
    root = client.conversations_history(channel="D0MIA")["messages"][-1]["ts"]
    stream: Any = client.chat_startStream(
        channel="D0MIA", thread_ts=root, recipient_user_id="U0MIA", recipient_team_id="T0LOCAL"
    )
    client.chat_appendStream(channel="D0MIA", ts=stream["ts"], markdown_text="It comes **to")
    growing = mia.locator(f'.message[data-ts="{stream["ts"]}"]')
    expect(growing).to_have_class(re.compile("streaming"))
    expect(growing).to_contain_text("It comes **to")
    client.chat_appendStream(channel="D0MIA", ts=stream["ts"], markdown_text="day**.")
    client.chat_stopStream(channel="D0MIA", ts=stream["ts"])
    expect(growing.locator("strong", has_text="today")).to_be_visible()
    expect(growing).not_to_have_class(re.compile("streaming"))


def test_it_reconnects_and_shows_what_it_missed(page: Page, client: WebClient) -> None:
    mia = window(page, "U0MIA")
    page.evaluate("sockets.forEach((socket) => socket.close())")
    expect(mia.locator(".banner")).to_contain_text("Trying again")
    client.chat_postMessage(channel="D0MIA", text="while you were away")
    expect(mia.locator(".message", has_text="while you were away")).to_be_visible()
    expect(mia.locator(".banner")).to_be_hidden()
    # Asked from outside: wait_for_function polls by eval, which the page's policy forbids.
    still_open = "sockets.filter((socket) => socket.readyState === 1).length"
    for _ in range(50):
        if page.evaluate(still_open) == 3:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(still_open) == 3


def test_narrow_screens_show_one_person_at_a_time(browser: Browser, ws: Server, client: WebClient) -> None:
    page = open_page(browser, ws.url, 420, 800, "dark")
    expect(page.locator(".client:visible")).to_have_count(1)
    client.chat_postMessage(channel="C0AGENTS", text="a case waits")
    expect(page.get_by_role("tab", name=re.compile("Alex")).locator(".badge")).to_have_text("1")
    page.get_by_role("tab", name=re.compile("Alex")).click()
    expect(window(page, "U0AGENT").locator(".message", has_text="a case waits")).to_be_visible()
    expect(page.locator(".people .badge")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for shown in page.locator(".bar button:visible, .tour button.icon-button:visible").all():
        box = shown.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= 420 - box["width"], shown.get_attribute("aria-label")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator(".client:visible")).to_have_count(2)
    page.context.close()


def test_the_theme_is_remembered(page: Page) -> None:
    page.get_by_role("button", name="Theme: as the system").click()
    page.get_by_role("button", name="Theme: light").click()
    page.reload()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_the_tour_fills_the_composer_and_can_be_put_away(page: Page) -> None:
    page.locator(".tour").get_by_role("button", name="where is my parcel??").click()
    expect(field(window(page, "U0MIA"))).to_have_value("where is my parcel??")
    page.get_by_role("button", name="Put the tour away").click()
    page.reload()
    expect(page.locator(".client:visible .place").first).to_be_visible()
    expect(page.locator(".tour")).to_be_hidden()
    page.get_by_role("button", name="Tour").click()
    expect(page.locator(".tour")).to_be_visible()


def test_who_does_not_know_the_shop_finds_its_orders_and_pictures(page: Page) -> None:
    expect(window(page, "U0MIA").locator(".empty").first).to_contain_text("screenshot")
    page.locator(".tour").get_by_role("button", name="More").click()
    expect(page.locator(".tour")).to_contain_text("your own orders, or send a screenshot by the clip")
    page.locator(".tour").get_by_role("button", name="where is my order 10031?").click()
    expect(field(window(page, "U0MIA"))).to_have_value("where is my order 10031?")
    page.locator(".tour").get_by_role("button", name="/support kb gaps").click()
    expect(field(window(page, "U0AGENT"))).to_have_value("/support kb gaps")


def test_a_link_to_a_customers_message_brings_that_window_forward(page: Page, client: WebClient, ws: Server) -> None:
    sent = client.chat_postMessage(channel="D0TOM", text="the one that is meant")
    link = client.chat_getPermalink(channel="D0TOM", message_ts=sent["ts"])["permalink"]
    client.chat_postMessage(channel="C0AGENTS", text=f"see <{link}|this message>")
    expect(window(page, "U0TOM")).to_be_hidden()
    window(page, "U0AGENT").get_by_role("link", name="this message").click()
    expect(window(page, "U0TOM").locator(".message", has_text="the one that is meant")).to_be_focused()
    page.goto(str(link))
    expect(window(page, "U0TOM").locator(".message", has_text="the one that is meant")).to_be_focused()
