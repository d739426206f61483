"""The page before axe-core, in a real browser: light and dark, wide and narrow, with everything open that opens."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.workspace.server import Server

from .browsing import field, open_page, say, window
from .small_app import small_app

axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright",
    reason="LOUDLY: axe-playwright-python is not installed, so nobody looked whether the page is accessible",
)
pytestmark = pytest.mark.browser
WIDE, NARROW = (1440, 900), (420, 800)


def found(page: Page, where: str) -> list[str]:
    """What axe-core finds, one line each; minor things too: none is worth keeping."""
    page.wait_for_timeout(350)  # until what fades in has done so
    wrong = axe.Axe().run(page).response["violations"]
    return [
        f"{where}: {rule['impact']} {rule['id']} {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in wrong
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(
    browser: Browser,
    ws: Server,
    client: WebClient,
    connected: Callable[[App], SocketModeHandler],
    size: tuple[int, int],
    scheme: str,
) -> None:
    connected(small_app(client))
    page = open_page(browser, ws.url, *size, scheme=scheme)
    wrong = found(page, "empty")
    if size == WIDE:
        for user in ("U0MIA", "U0AGENT"):
            window(page, user).locator('.place[data-place="home"]').click()
        wrong += found(page, "two homes")
        for user, place in (("U0MIA", "D0MIA"), ("U0AGENT", "C0AGENTS")):
            window(page, user).locator(f'.place[data-place="{place}"]').click()
    for look in (as_a_customer, as_an_agent):
        wrong += look(page)
    assert not wrong, "\n".join(wrong)
    page.context.close()


def front(page: Page, name: str) -> None:
    page.get_by_role("tab", name=re.compile(name)).click()


def as_a_customer(page: Page) -> Iterator[str]:
    front(page, "Mia")
    mia = window(page, "U0MIA")
    say(mia, "hello `code` @understudy https://x.example :tada:")
    answer = mia.locator(".replies .message").first
    answer.get_by_role("button", name="Good answer").click()
    expect(mia.locator(".ephemeral")).to_be_visible()
    yield from found(page, "answered")
    answer.hover()
    answer.get_by_role("button", name="More actions").click()
    yield from found(page, "menu")
    page.keyboard.press("Escape")
    answer.get_by_role("button", name="Add a reaction").click()
    yield from found(page, "reactions")
    page.get_by_role("menuitem", name="eyes").click()
    mia.get_by_role("button", name="Reply in thread").first.click()
    yield from found(page, "thread")
    page.keyboard.press("Escape")
    mia.get_by_role("button", name="Talk to a person").click()
    mia.locator('.place[data-place="home"]').click()
    expect(mia.locator(".home")).to_contain_text("I am a bot.")
    yield from found(page, "home")
    mia.locator(".home").get_by_role("button", name="Topic").click()
    yield from found(page, "question")
    page.keyboard.press("Escape")


def as_an_agent(page: Page) -> Iterator[str]:
    front(page, "Alex")
    alex = window(page, "U0AGENT")
    field(alex).press_sequentially("/su")
    expect(alex.locator(".completion.active")).to_be_visible()
    yield from found(page, "completion")
    field(alex).fill("")
    alex.get_by_role("button", name="Correct label").click()
    modal = alex.get_by_role("dialog", name="Correct this answer")
    yield from found(page, "modal")
    modal.get_by_role("button", name="Save").click()
    expect(modal.locator(".error").first).not_to_be_empty()
    yield from found(page, "errors")
    modal.locator(".picker").click()
    expect(page.locator(".listbox .option").first).to_be_visible()
    yield from found(page, "select")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)
    say(alex, "/nonsense")
    expect(alex.locator(".composer .trouble")).not_to_be_empty()
    yield from found(page, "refusal")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("listbox", name="places")).to_be_visible()
    yield from found(page, "switcher")
    page.keyboard.press("Escape")
    page.locator(".place:visible").first.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    yield from found(page, "keys")
    page.keyboard.press("Escape")
    alex.locator("input[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"})
    expect(alex.locator(".tray-file")).to_be_visible()
    yield from found(page, "files")
