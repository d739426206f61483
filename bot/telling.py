"""Who hears of a case that has moved, in which order, and what must not fail for it."""

import logging
from collections.abc import Callable

from bot.lifecycle import Told
from bot.moves import Moved
from bot.notices import CaseNotices
from storage.notices import Notice

log = logging.getLogger(__name__)


class Telling:
    def __init__(self, notices: CaseNotices) -> None:
        self._notices = notices

    def owed(self, done: Moved, owed: Notice | None, post: Callable[[], object] | None = None) -> Callable[[], object]:
        """Say what is owed since the case moved, or `post` in its place, which says more."""

        def say() -> None:
            if done.case is not None and owed is not None:
                self._notices.say(done.case, owed, post)
            elif post is not None:
                post()

        return say

    @staticmethod
    def tell(done: Moved, *, customer: Callable[[], object], card: Callable[[], object]) -> None:
        """Tell whom the table names; the card also where the customer could not be told."""
        try:
            if Told.CUSTOMER in done.tell:
                customer()
        finally:
            if Told.CARD in done.tell:
                anyhow(card)


def anyhow(job: Callable[[], object]) -> None:
    """Draw a card, keep a reply. Where that fails the deed stands all the same; saying that it did not would have it
    done twice."""
    try:
        job()
    except Exception:
        log.exception("a card could not be drawn, or a reply not kept; the next change draws the card")
