"""Menus, fields and refusals of messages and modals, in a real browser and read back by the bot."""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.workspace.server import Server

from .browsing import field, open_page, say, window
from .small_app import actions, button, plain, section

pytestmark = pytest.mark.browser
Json = dict[str, Any]
CITIES = ("Leeds", "York", "Oslo", "Bergen")


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


def input_of(name: str, element: Json) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": plain(name.title()),
        "element": element | {"action_id": "v"},
    }


FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Everything"),
    "submit": plain("Save"),
    "blocks": [
        input_of("cities", {"type": "multi_static_select", "max_selected_items": 2, "options": [*map(option, CITIES)]}),
        input_of("found", {"type": "multi_external_select", "min_query_length": 1}),
        input_of("people", {"type": "multi_users_select"}),
        input_of("person", {"type": "users_select"}),
        input_of("room", {"type": "conversations_select", "filter": {"include": ["private", "im"]}}),
        input_of("public", {"type": "channels_select"}),
        input_of("when", {"type": "datetimepicker"}),
        input_of("day", {"type": "datepicker", "initial_date": "2026-01-02"}),
        input_of("choice", {"type": "radio_buttons", "options": [*map(option, CITIES[:2])]}),
        input_of("boxes", {"type": "checkboxes", "options": [*map(option, CITIES[:3])]}),
    ],
}


class Asked:
    """What the app got from the form."""

    def __init__(self) -> None:
        self.values: Json = {}
        self.came = threading.Event()


def form_app(client: WebClient, asked: Asked) -> App:
    app = App(client=client)

    @app.command("/support")
    def open_form(ack: Any, command: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=FORM)

    @app.options("v")
    def found(ack: Any, payload: Json) -> None:
        ack(options=[option(city) for city in CITIES if payload["value"].lower() in city.lower()])

    @app.view("form")
    def save(ack: Any, view: Json) -> None:
        ack()
        asked.values = {name: given["v"] for name, given in view["state"]["values"].items()}
        asked.came.set()

    return app


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def page(
    browser: Browser, ws: Server, client: WebClient, connected: Callable[[App], SocketModeHandler], asked: Asked
) -> Iterator[Page]:
    connected(form_app(client, asked))
    one = open_page(browser, ws.url)
    yield one
    assert one.problems == []  # type: ignore[attr-defined]
    one.context.close()


def pick(modal: Locator, name: str, *words: str) -> None:
    """Choose in a menu by typing, as one who knows what they want."""
    modal.locator(f'[data-block="{name}"] .picker').click()
    for word in words:
        page = modal.page
        # At once: what is meant is what was typed, and not what still stands there.
        page.locator(".listbox .search").fill(word)
        page.keyboard.press("Enter")
        expect(modal.locator(f'[data-block="{name}"] .picker')).to_contain_text(re.compile(word, re.I))
    modal.page.keyboard.press("Escape") if modal.page.locator(".listbox").count() else None


def test_every_kind_of_menu_and_field_reaches_the_app(page: Page, asked: Asked) -> None:
    alex = window(page, "U0AGENT")
    say(alex, "/support")
    modal = alex.get_by_role("dialog", name="Everything")
    pick(modal, "found", "osl", "berg")
    pick(modal, "people", "mia", "tom")
    pick(modal, "person", "alex")
    pick(modal, "public", "help")
    modal.locator('[data-block="room"] .picker').click()
    expect(page.get_by_role("option")).to_have_text(["#support-agents", "Understudy"])
    page.get_by_role("option", name="support-agents").click()
    modal.get_by_label("When").fill("2026-03-04T05:06")
    modal.get_by_role("radio", name="York").check()
    modal.get_by_role("checkbox", name="Oslo").check()

    modal.locator('[data-block="cities"] .picker').click()
    for city in ("Leeds", "Oslo"):
        page.get_by_role("option", name=city).click()
    expect(page.locator(".listbox")).to_contain_text("2 at most")
    page.get_by_role("option", name="York").click(force=True)
    expect(page.get_by_role("option", name="York")).to_have_attribute("aria-selected", "false")
    page.keyboard.press("Escape")
    expect(modal.get_by_role("button", name="Cities: Leeds, Oslo")).to_be_visible()
    modal.get_by_role("button", name="Save").click()
    expect(modal).to_have_count(0)

    assert asked.came.wait(5)
    values = asked.values
    assert [one["value"] for one in values["cities"]["selected_options"]] == ["leeds", "oslo"]
    assert [one["value"] for one in values["found"]["selected_options"]] == ["oslo", "bergen"]
    assert values["people"]["selected_users"] == ["U0MIA", "U0TOM"]
    assert values["person"]["selected_user"] == "U0AGENT"
    assert values["room"]["selected_conversation"] == "C0AGENTS"
    assert values["public"]["selected_channel"] == "C0HELP"
    when = page.evaluate("new Date('2026-03-04T05:06').getTime() / 1000")
    assert values["when"]["selected_date_time"] == when
    assert values["day"]["selected_date"] == "2026-01-02"
    assert values["choice"]["selected_option"]["value"] == "york"
    assert [one["value"] for one in values["boxes"]["selected_options"]] == ["oslo"]


def test_a_click_that_nobody_answers_is_said_beside_it(page: Page, client: WebClient, ws: Server) -> None:
    ws.world.bot.ack_seconds = 0.3
    client.chat_postMessage(channel="D0MIA", text="x", blocks=[section("Press"), actions(button("Lost", "lost"))])
    message = window(page, "U0MIA").locator(".message", has_text="Press")
    message.get_by_role("button", name="Lost").click()
    expect(message.get_by_role("alert")).to_contain_text("did not answer in time")
    expect(page.locator(".toast")).to_have_count(0)
    client.chat_update(channel="D0MIA", ts=message.get_attribute("data-ts") or "", text="y", blocks=[section("Gone")])
    expect(window(page, "U0MIA").locator(".message .trouble:visible")).to_have_count(0)


def test_a_form_that_cannot_be_sent_says_so_in_the_form(page: Page, ws: Server) -> None:
    alex = window(page, "U0AGENT")
    say(alex, "/support")
    modal = alex.get_by_role("dialog", name="Everything")
    expect(modal).to_be_visible()
    page.route("**/ui/act", lambda route: route.abort())
    modal.get_by_role("button", name="Save").click()
    expect(modal.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    page.unroute("**/ui/act")
    modal.get_by_role("button", name="Save").click()
    expect(modal).to_have_count(0)


def test_others_see_that_somebody_types(page: Page) -> None:
    mia, alex = window(page, "U0MIA"), window(page, "U0AGENT")
    mia.locator('.place[data-place="C0HELP"]').click()
    alex.locator('.place[data-place="C0HELP"]').click()
    field(mia).press_sequentially("hel")
    expect(alex.locator(".typing")).to_have_text("Mia Chen is typing…")
    expect(mia.locator(".typing")).to_be_empty()
    say(mia, "hello all")
    expect(alex.locator(".message", has_text="hello all")).to_be_visible()
    expect(alex.locator(".typing")).to_be_empty()


def test_a_workspace_that_does_not_answer_is_said_from_the_start(browser: Browser, ws: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route_web_socket(re.compile("/ui/ws"), lambda socket: socket.close())
    page.goto(ws.url)
    expect(page.locator(".banner:visible").first).to_have_text("The workspace does not answer. Trying again…")
    context.close()
