"""The pictures of the README, taken from a running workspace: `python -m bench.screenshots OUTDIR [--url URL]`.

Without --url it looks for the workspace on WORKSPACE_PORT (8765). It plays the tour as a newcomer would, in a headless
Chromium: a customer asks, is offered a person, an agent corrects. Whatever the bot answers is what the pictures show.
"""

import argparse
import contextlib
import os
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
ARGS = [*FLAGS.split(), "--disable-component-update", "--disable-sync"]
WIDE, NARROW = (1440, 900), (420, 800)
ANSWER_MS = 20_000
QUESTIONS = ("where is my parcel??", "my favourite mug came in three pieces :(", "can you recommend a good novel?")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 taken, 2 no workspace or no browser."""
    parser = argparse.ArgumentParser(prog="python -m bench.screenshots", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--url", default=f"http://127.0.0.1:{os.environ.get('WORKSPACE_PORT', '8765')}/")
    args = parser.parse_args(argv)
    if not answers(args.url):
        print(
            f"expected a workspace at {args.url}, found none: start one with `make run`, or say --url", file=sys.stderr
        )
        return 2
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        print("expected Chromium, found none: apt-get install chromium", file=sys.stderr)
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGS)
        try:
            take(browser, args.url, args.out)
        finally:
            browser.close()
    return 0


def answers(url: str) -> bool:
    """Whether a workspace with a bot in it is there."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url.rstrip("/") + "/ui/health", timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError, ValueError):
        return False


def take(browser: Browser, url: str, out: Path) -> None:
    """Play the tour in light, then look at the same workspace in the other forms."""
    page = opened(browser, url, WIDE, "light")
    play_tour(page, out)
    shoot(page, out, "workspace")
    page.context.close()
    for name, size, scheme in (("dark", WIDE, "dark"), ("narrow", NARROW, "light"), ("narrow-dark", NARROW, "dark")):
        page = opened(browser, url, size, scheme)
        shoot(page, out, f"workspace-{name}")
        page.context.close()


def opened(browser: Browser, url: str, size: tuple[int, int], scheme: str) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=1,
    )
    context.set_default_timeout(ANSWER_MS)
    page = context.new_page()
    page.goto(url)
    page.locator(".client:visible .place").first.wait_for()
    return page


def play_tour(page: Page, out: Path) -> None:
    mia, alex = (page.locator(f'.client[data-user="{user}"]') for user in ("U0MIA", "U0AGENT"))
    for question in QUESTIONS:
        ask(mia, question)
    with contextlib.suppress(Error):
        # Whether a person is offered is the bot's own decision.
        mia.locator(".case").last.get_by_role("button", name="Talk to a person").last.click(timeout=3000)
        alex.get_by_role("button", name="Correct label").last.click(timeout=8000)
        alex.get_by_role("dialog").wait_for(timeout=5000)
        shoot(page, out, "correct")
        page.keyboard.press("Escape")
    mia.locator(".case").filter(has_text=QUESTIONS[0]).last.locator(".replies .message").first.click(
        position={"x": 200, "y": 8}
    )


def ask(window: Locator, text: str) -> None:
    """Say it, and wait for the bot's reply in its thread."""
    field = window.locator("textarea.compose")
    field.fill(text)
    field.press("Enter")
    with contextlib.suppress(Error):
        # While a colleague has this customer's case the bot is silent, as it should be.
        window.locator(".case").filter(has_text=text).last.locator(".replies .message:not(.streaming)").first.wait_for()


def shoot(page: Page, out: Path, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)
    path = out / f"{name}.png"
    page.screenshot(path=path)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
