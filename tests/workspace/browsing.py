"""A real Chromium for the tests of the page."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
ARGS = [*FLAGS.split(), "--disable-component-update", "--disable-sync"]
SECONDS = 8
MANIFEST = Path(__file__).parents[2] / "manifest.json"

# Lets a test drop the page's sockets, or speak through them.
KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket { constructor(...a) { super(...a); window.sockets.push(this); } };
"""


def chromium() -> str | None:
    """Where the browser is; None where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return found or ("/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None)


@contextlib.contextmanager
def chrome() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("LOUDLY: no Chromium found, so nothing of the page was tested (apt-get install chromium)")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, url: str, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
    """The page at a size; script errors fail the test through `page.problems`."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(SECONDS * 1000)
    page = context.new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.add_init_script(KEEP_SOCKETS)
    page.goto(url)
    page.locator(".client:visible .place").first.wait_for()
    return page


def window(page: Page, user: str) -> Locator:
    return page.locator(f'.client[data-user="{user}"]')


def field(window: Locator) -> Locator:
    return window.locator("textarea.compose")


def say(window: Locator, text: str) -> None:
    field(window).fill(text)
    field(window).press("Enter")
