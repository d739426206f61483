"""A bot on a data folder, and its workspace in a real browser."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from bot.app import build
from bot.workspace.server import Server
from tests.e2e.conftest import MANIFEST
from tests.e2e.small_shop import quick
from tests.workspace.browsing import chrome, open_page


@contextlib.contextmanager
def in_browser(data: Path, patience: int) -> Iterator[Page]:
    """The page, whose console has to stay without problems. `patience`: milliseconds, for each wait."""
    with Server(port=0, manifest=MANIFEST) as server, chrome() as browser:
        bot = build(quick(server, data), sweep_seconds=0.5)
        bot.start()
        try:
            one = open_page(browser, server.url)
            one.context.set_default_timeout(patience)
            yield one
            assert one.problems == []  # type: ignore[attr-defined]
        finally:
            bot.close()
