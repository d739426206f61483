"""The pictures of the README, from a running workspace: `python -m bench.screenshots OUTDIR [--fresh | --url URL]`.

With --fresh it starts a bot of its own in an empty folder, trains its first model as `make run` does, and ends it
afterwards: one command, and the same pictures each time. Otherwise it looks for the workspace on WORKSPACE_PORT (8765).
It plays the tour as a newcomer would, in a headless Chromium: a customer asks, is offered a person, an agent corrects,
asks why, and searches. Whatever the bot answers is what the pictures show; what it does not offer has no picture.
"""

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
ARGS = [*FLAGS.split(), "--disable-component-update", "--disable-sync"]
WIDE, NARROW = (1440, 900), (420, 800)
ANSWER_MS, MODAL_MS = 20_000, 8_000
FIRST_TRAINING = 1800.0
"""Seconds that a slow machine may take until its first model answers."""
QUESTIONS = ("where is my parcel??", "my favourite mug came in three pieces :(", "can you recommend a good novel?")
SEARCHED = "/support search how long does delivery take"


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 taken, 2 no workspace or no browser."""
    parser = argparse.ArgumentParser(prog="python -m bench.screenshots", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="folder for the pictures")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--fresh", action="store_true", help="start a bot of its own, and end it afterwards")
    where.add_argument("--url", default=f"http://127.0.0.1:{os.environ.get('WORKSPACE_PORT', '8765')}/")
    args = parser.parse_args(argv)
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        print("expected Chromium, found none: apt-get install chromium", file=sys.stderr)
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    with fresh() if args.fresh else contextlib.nullcontext(args.url) as url:
        if not answers(url):
            cure = "start one with `make run`, or say --fresh or --url"
            print(f"expected a workspace at {url}, found none: {cure}", file=sys.stderr)
            return 2
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=path, args=ARGS)
            try:
                take(browser, url, args.out)
            finally:
                browser.close()
    return 0


@contextlib.contextmanager
def fresh() -> Iterator[str]:
    """A bot in an empty folder, once it is connected; gives the page's address. An existing cache is used again."""
    with tempfile.TemporaryDirectory() as data:
        home = Path(data) / "local"
        home.mkdir()
        cache = Path("data/local/cache").absolute()
        if cache.is_dir():
            (home / "cache").symlink_to(cache)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        # Without bursts: the pictures' messages come faster than people write.
        env = os.environ | {"DATA_DIR": data, "WORKSPACE_PORT": str(port), "BURST_SECONDS": "0"}
        bot = subprocess.Popen([sys.executable, "-m", "bot", "run", "--local"], env=env)
        url, until = f"http://127.0.0.1:{port}/", time.monotonic() + FIRST_TRAINING
        try:
            while not connected(url) and bot.poll() is None and time.monotonic() < until:
                time.sleep(0.5)
            yield url
        finally:
            bot.terminate()
            bot.wait(30)


def answers(url: str) -> bool:
    """Whether a workspace is there."""
    return health(url) is not None


def connected(url: str) -> bool:
    """Whether a bot is in it."""
    return bool((health(url) or {}).get("connected"))


def health(url: str) -> dict[str, object] | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url.rstrip("/") + "/ui/health", timeout=5) as reply:
            found = json.load(reply)
    except (urllib.error.URLError, OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def take(browser: Browser, url: str, out: Path) -> None:
    """Play the tour in light, and look at the same workspace in the other forms on the way."""
    page = opened(browser, url, WIDE, "light")
    mia, alex = (page.locator(f'.client[data-user="{user}"]') for user in ("U0MIA", "U0AGENT"))
    for question in QUESTIONS:
        ask(mia, question)
    with contextlib.suppress(Error):
        # Whether a person is offered is the bot's own decision.
        mia.locator(".case").last.get_by_role("button", name="Talk to a person").last.click(timeout=3000)
        alex.get_by_role("button", name="Correct label").last.wait_for(timeout=MODAL_MS)
    correct(page, alex, out)
    mia.locator(".case").filter(has_text=QUESTIONS[0]).last.locator(".replies .message").first.click(
        position={"x": 200, "y": 8}
    )
    page.mouse.move(700, 5)
    shoot(page, out, "workspace")
    for name, size, scheme in (("dark", WIDE, "dark"), ("narrow", NARROW, "light"), ("narrow-dark", NARROW, "dark")):
        other = opened(browser, url, size, scheme)
        shoot(other, out, f"workspace-{name}")
        other.context.close()
    told(page, alex, out, "explain", lambda: alex.get_by_role("button", name="Explain").last.click(timeout=3000))
    told(page, alex, out, "search", lambda: say(alex, SEARCHED))
    homes(page, out)
    page.context.close()


def correct(page: Page, alex: Locator, out: Path) -> None:
    """The form that corrects the newest card; closed again."""
    with contextlib.suppress(Error):
        alex.get_by_role("button", name="Correct label").last.click(timeout=3000)
        alex.get_by_role("dialog").wait_for(timeout=MODAL_MS)
        shoot(page, out, "correct")
        page.keyboard.press("Escape")


def told(page: Page, alex: Locator, out: Path, name: str, ask: Callable[[], None]) -> None:
    """What the agent alone is told after having asked."""
    private = alex.locator(".ephemeral")
    before = private.count()
    with contextlib.suppress(Error):
        ask()
        private.nth(before).wait_for(timeout=MODAL_MS)
        shoot(page, out, name)
    page.keyboard.press("Escape")


def homes(page: Page, out: Path) -> None:
    """The customer's Home beside the agent's."""
    for user in ("U0MIA", "U0AGENT"):
        page.locator(f'.client[data-user="{user}"] .place[data-place="home"]').click()
        page.locator(f'.client[data-user="{user}"] .home-sheet').wait_for(timeout=MODAL_MS)
    page.wait_for_timeout(800)
    shoot(page, out, "homes")


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


def say(window: Locator, text: str) -> None:
    field = window.locator("textarea.compose")
    field.fill(text)
    field.press("Enter")


def ask(window: Locator, text: str) -> None:
    """Say it, and wait for the bot's reply in its thread."""
    say(window, text)
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
