"""Who is an agent, who owns the bot, and where agents work; and whether the bot is set up at all."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from bot import modes
from bot.surface import Surface
from storage.database import Database
from storage.desk_rules import DeskRule, DeskRules
from storage.keyvalues import KeyValues

log = logging.getLogger(__name__)
AGENTS_CHANNEL, OWNERS = "agents_channel", "owners"
T = TypeVar("T")


class People:
    """Answers from SQL and, for a channel's members, from the platform, asked again every `ttl` seconds.

    Args:
        fixed: agents by setting; empty means the agents' channel's members of the host team.
        mode: `automatic` or `draft`, where nobody has chosen one in the set-up.
    """

    def __init__(
        self,
        db: Database,
        team: str,
        surface: Surface,
        *,
        bot: str,
        fixed: frozenset[str] = frozenset(),
        mode: str = "draft",
        ttl: float = 30.0,
    ) -> None:
        self._db, self._team, self._surface = db, team, surface
        self._bot, self._fixed, self._mode, self._ttl = bot, fixed, mode, ttl
        self._lock = threading.Lock()
        self._steady = threading.local()
        self._members: frozenset[str] | None = None
        self._asked = 0.0

    def channel(self) -> str:
        """The agents' channel, or empty: not set up yet."""
        return str(self._get(AGENTS_CHANNEL, ""))

    def owners(self) -> tuple[str, ...]:
        return tuple(self._get(OWNERS, []))  # type: ignore[arg-type]

    def mode(self) -> str:
        """The desk's: what counts where no channel and no intent has one of its own."""
        return self.rules().desk.value

    def rules(self, today: Callable[[str], str] = str) -> modes.Rules:
        """How the desk answers, with intents called what they are called `today`."""
        return modes.standing(self._rows(), self._mode, today)

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Within it, in this thread, the desk's rules and channel are read once: a message is handled by one set of
        rules from beginning to end."""
        before = getattr(self._steady, "kept", None)
        self._steady.kept = {} if before is None else before
        try:
            yield
        finally:
            self._steady.kept = before

    def ready(self) -> bool:
        return bool(self.channel())

    def answers_all(self, channel: str) -> bool:
        return channel in self.rules().answer_all

    def is_agent(self, user: str) -> bool:
        return user in self.agents()

    def may_set_up(self, user: str) -> bool:
        """Owners; any workspace admin as long as there is no owner."""
        owners = self.owners()
        if owners:
            return user in owners
        # An admin of another company, in a channel shared with it, is none here.
        person = self._surface.person(user)
        return person.admin and person.team in ("", self._team)

    def set_up(self, channel: str, owners: list[str], mode: str = "", by: str = "") -> None:
        with self._db.writing() as session:
            values = KeyValues(session, self._team)
            values.set(AGENTS_CHANNEL, channel)
            values.set(OWNERS, owners)
            if mode:
                DeskRules(session, self._team).say("desk", "", by, mode=mode)
        self.forget()

    def forget(self) -> None:
        """Ask for the members again at the next question."""
        with self._lock:
            self._asked = 0.0

    def agents(self) -> frozenset[str]:
        """User ids. The last known ones when the platform does not answer.

        Raises:
            Exception: the platform does not answer and nothing is known yet.
        """
        if self._fixed:
            return self._fixed
        with self._lock:
            if self._members is None or time.monotonic() - self._asked > self._ttl or not self._asked:
                self._ask()
            return self._members or frozenset()

    def _ask(self) -> None:
        channel = self.channel()
        try:
            found = frozenset(filter(self._staff, self._surface.members(channel))) if channel else frozenset()
        except Exception:
            if self._members is None:
                raise
            log.exception("could not ask for the agents; keeping the %d known ones", len(self._members))
            found = self._members
        self._members, self._asked = found, time.monotonic()

    def _staff(self, user: str) -> bool:
        # Guests of another company may sit in a shared channel: they are customers, never agents.
        if user == self._bot:
            return False
        person = self._surface.person(user)
        return not person.bot and person.team in ("", self._team)

    def _rows(self) -> Sequence[DeskRule]:
        def read() -> Sequence[DeskRule]:
            with self._db.reading() as session:
                return DeskRules(session, self._team).standing()

        return self._once("rules", read)

    def _get(self, key: str, default: object) -> object:
        def read() -> object:
            with self._db.reading() as session:
                return KeyValues(session, self._team).get(key, default)

        found = self._once(key, read)
        return default if found is None else found

    def _once(self, key: str, read: Callable[[], T]) -> T:
        """What `read` gives; within `steady` what it gave there first."""
        kept: dict[str, T] | None = getattr(self._steady, "kept", None)
        if kept is None:
            return read()
        if key not in kept:
            kept[key] = read()
        return kept[key]
