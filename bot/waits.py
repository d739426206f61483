"""Cases that nobody takes, drafts that nobody sends, holders who say nothing: what is due, and having it done once.

The bot's housekeeping asks every few seconds. It is no job of the scheduler's: nothing here has an hour of its own, and
what a sweep misses the next one finds in SQL, after a restart as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.cases import Cases
from bot.kit import Kit
from bot.lifecycle import Event, step
from bot.notices import AGENTS, AWAY, LATE, LEASE, OWED, OWNERS
from storage.conversations import Conversation, Conversations
from storage.notices import Notice, Notices

EVENTS = {AGENTS: Event.UNTAKEN, OWNERS: Event.UNTAKEN_LONG, LATE: Event.WAITED_LONG, AWAY: Event.WAITED_LONG}


@dataclass(frozen=True, slots=True)
class Patience:
    """How much open time may pass; zero: for ever."""

    agents: timedelta = timedelta(minutes=10)
    owners: timedelta = timedelta(minutes=30)
    customer: timedelta = timedelta(minutes=15)
    holder: timedelta = timedelta(hours=4)


class Waits:
    def __init__(self, kit: Kit, cases: Cases, patience: Patience) -> None:
        self._kit, self._cases, self._patience = kit, cases, patience

    def due(self) -> list[int]:
        """Ids of cases for which something is due, the longest wait first. Reads SQL and says nothing."""
        with self._kit.db.reading() as session:
            found = Conversations(session)
            waiting = found.waiting(self._kit.team)
            cases = [*waiting, *found.in_state({"human"}, self._kit.team)]
            said = Notices(session).present(self._kit.team)
            moved = self._cases.notices.line.due(session, waiting)
        due = [case.id for case in cases if self._anything(case, said.get(case.id, {}))]
        known, now = {case.id for case in cases}, self._kit.clock()
        # A case that is closed by now may still owe its customer that it is.
        owing = [it for it, kept in said.items() if it not in known and any(each.owed(now) for each in kept.values())]
        return list(dict.fromkeys([*due, *owing, *moved]))

    def work(self, case_id: int) -> None:
        """Do what is due for a case at this moment."""
        case = self._kit.case(case_id)
        if case is None or not self._kit.people.ready() or (case.waiting_since and self._cases.drafts.waited(case)):
            return
        with self._kit.db.reading() as session:
            said = Notices(session).of(case)
        kinds = list(self._kinds(case, said))
        if self._unshown(case) or any(kind in (AGENTS, OWNERS) for kind in kinds):
            self._cases.show(case_id, "" if case.card_ts else "Needs a person")
            case = self._kit.case(case_id) or case
        for kind in kinds:
            self._cases.notices.once(case, kind)
        self._cases.notices.line.follow(case)
        # Last, for what is owed belongs to the state that this ends.
        if self._abandoned(case):
            self._cases.give_up(case)

    def _anything(self, case: Conversation, said: Mapping[str, Notice]) -> bool:
        return self._abandoned(case) or self._unshown(case) or any(True for _ in self._kinds(case, said))

    def _kinds(self, case: Conversation, said: Mapping[str, Notice]) -> Iterator[str]:
        """The notices that are due, and that nobody is about to say."""
        now = self._kit.clock()
        for kind in (*OWED, AGENTS, LATE, OWNERS, AWAY):
            kept = said.get(kind)
            if kept.owed(now) if kept is not None else self._passed(case, kind):
                yield kind

    def _passed(self, case: Conversation, kind: str) -> bool:
        """Whether it is time for a notice that nobody has claimed yet."""
        # An agent who tries the bot disturbs nobody.
        now, hours, since = self._kit.clock(), self._kit.hours, case.waiting_since
        if kind in OWED or since is None or (case.is_test and kind in (AGENTS, OWNERS)):
            return False
        if not step(case.state, EVENTS[kind]).tell:
            return False
        if kind == AWAY:
            return not hours.open(now)
        after = {AGENTS: self._patience.agents, OWNERS: self._patience.owners, LATE: self._patience.customer}[kind]
        return bool(after) and hours.open(now) and hours.elapsed(since, now) >= after

    def _unshown(self, case: Conversation) -> bool:
        """Whether no card shows how it stands: whoever moved it had a moment to draw one, and is gone."""
        since = case.waiting_since or case.holder_at
        if since is None or (case.card_ts and case.shown == case.moves):
            return False
        return self._kit.clock() - since >= LEASE

    def _abandoned(self, case: Conversation) -> bool:
        if not self._patience.holder or case.state != "human" or case.holder_at is None:
            return False
        now, hours = self._kit.clock(), self._kit.hours
        return hours.open(now) and hours.elapsed(case.holder_at, now) >= self._patience.holder
