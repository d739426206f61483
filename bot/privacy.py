"""A customer's say over their data: learn nothing from me, erase me; and running bots that follow what was said.

The words lie in SQL and in the bot's memory: the override memory, the search index, the cards. Whoever changes SQL,
this process, a replica or the command line, leaves a mark; each running bot sees it within seconds and follows.
"""

import json
import logging
from collections.abc import Callable
from pathlib import Path

from bot import erasing, wording
from bot.cases import Cases
from bot.erasing import CHANGED, REDRAW, REWRITE, Erasure
from bot.kit import Kit
from bot.values import Customer, Said
from model.memory import OverrideMemory
from storage.corrections import Corrections
from storage.keyvalues import KeyValues
from storage.opt_outs import OptOuts
from storage.personal import kept_of
from storage.tables import ERASED

log = logging.getLogger(__name__)


class PrivacyDesk:
    """Thread-safe.

    Args:
        home: the deployment's data folder.
        forget: has search read anew what it may know.
    """

    def __init__(
        self, kit: Kit, cases: Cases, memory: OverrideMemory, home: Path, forget: Callable[[], object]
    ) -> None:
        self._kit, self._cases, self._memory = kit, cases, memory
        self._home, self._forget = home, forget
        self._seen = self._mark()

    def learn(self, customer: Customer, on: bool) -> str:
        """Learn from this customer, or no more; gives a line for them. Saying it twice changes nothing."""
        with self._kit.db.writing() as session:
            opt_outs = OptOuts(session, self._kit.team)
            done = opt_outs.remove if on else opt_outs.add
            if done(customer.team, customer.user):
                erasing.mark(session, self._kit.team)
        self._settle()
        return wording.LEARNS if on else wording.LEARNS_NOTHING

    def erase(self, customer: Customer) -> Erasure:
        """Erase this customer's words everywhere, and tell the agents which models had learned from them."""
        erased = erasing.erase(self._kit.db, self._kit.team, self._home, customer.user, customer.team)
        self._settle()
        channel = self._kit.people.channel()
        if channel and (erased.versions or erased.training):
            words = f"<@{customer.user}> has had their words erased: {erased.count}. {erased.weights}"
            self._kit.surface.note(channel, "", words)
        return erased

    def copy(self, customer: Customer, to: str = "") -> str:
        """Put all that is kept of this customer into their direct messages, or an owner's; gives a line."""
        with self._kit.db.reading() as session:
            kept = kept_of(session, self._kit.team, customer.user, customer.team)
        content = json.dumps(kept, indent=1, ensure_ascii=False)
        try:
            self._kit.surface.hand_file(to or customer.user, "my-data.json", content, "Everything that is kept")
        except Exception:
            log.exception("no copy of their data for %s", to or customer.user)
            return wording.NO_COPY
        log.info("%s has had a copy of what is kept of %s", to or customer.user, customer.user)
        return wording.COPIED

    def changed(self) -> bool:
        """Whether somebody has changed what may be known since this bot last looked; then memory, search and cards
        follow at once, and corrections that may be learned again are to be brought back by the caller."""
        found = self._mark()
        if found == self._seen and not self._to_draw():
            return False
        self._seen = found
        self._settle()
        return True

    def _settle(self) -> None:
        # The entries first: a correction that comes meanwhile is in SQL before it is in the memory.
        held = [entry.id for entry in self._memory.entries()]
        with self._kit.db.reading() as session:
            standing = {row.id for row in Corrections(session).effective(self._kit.team)}
        self._memory.discard(each for each in held if each not in standing)
        self._forget()
        self._redraw()

    def _redraw(self) -> None:
        """Take erased words out of the cards and of the bot's own messages; what fails is done at the next look."""
        for key in self._to_draw():
            try:
                if key.startswith(REDRAW):
                    self._cases.show(int(key.removeprefix(REDRAW)))
                else:
                    channel, _, ts = key.removeprefix(REWRITE).partition(":")
                    self._kit.surface.change(channel, ts, Said(ERASED, 0))
            except Exception:
                log.exception("%s still shows erased words", key)
                continue
            with self._kit.db.writing() as session:
                KeyValues(session, self._kit.team).delete(key)

    def _to_draw(self) -> list[str]:
        with self._kit.db.reading() as session:
            values = KeyValues(session, self._kit.team)
            return [*values.keys(REDRAW), *values.keys(REWRITE)]

    def _mark(self) -> str:
        with self._kit.db.reading() as session:
            return str(KeyValues(session, self._kit.team).get(CHANGED, ""))
