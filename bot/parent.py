"""The other end of a child's pipe: a training does not outlive the bot that started it."""

import os
import sys
import threading

from bot.claims import Claim

GONE = "the bot that started it has ended"
PATIENCE = 8.0
"""Seconds for the run to end by itself before the process does."""


class Parent:
    """Notices that the pipe on standard input closed."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._claim: Claim | None = None
        self._gone = False
        threading.Thread(target=self._wait, name="parent", daemon=True).start()

    def watch(self, claim: Claim) -> None:
        """Cancel this run when the parent goes, or has gone."""
        self._claim = claim
        if self._gone:
            claim.cancel(GONE)

    def _wait(self) -> None:
        while sys.stdin.buffer.read(1024):
            pass
        self._gone = True
        if self._claim is not None:
            self._claim.cancel(GONE)
        threading.Event().wait(self._patience)
        # In the middle of a long step nobody asks the claim; give it back here.
        if self._claim is not None:
            self._claim.finish("cancelled", error=GONE)
        os._exit(1)
