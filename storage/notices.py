"""What is said once in each wait of a case: reminders, and notices that are owed.

A row is claimed under a lease before it is said and marked as sent afterwards. Of two processes one has the claim;
where that one dies in between, another has it when the lease has run out, and looks first whether it was said.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, union, update

from storage.conversations import Conversation
from storage.rows import changed, insert_new, read
from storage.session import Session
from storage.tables import conversations, notices


@dataclass(frozen=True, slots=True)
class Notice:
    id: int
    team_id: str
    conversation_id: int
    wait: int
    """The case's `moves` at the time: a case that waits again is reminded of again."""
    kind: str
    about: str
    """What the words need to know: a turn's id, or a person's."""
    lease_until: datetime
    attempts: int
    sent_at: datetime | None

    def owed(self, now: datetime) -> bool:
        """Whether whoever had claimed it is gone without having said it."""
        return self.sent_at is None and self.lease_until <= now


class Notices:
    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self, case: Conversation, kind: str, now: datetime, lease: timedelta, about: str = "") -> Notice | None:
        """The right to say it, for as long as the lease runs; none where it was said or another has the claim."""
        values = {
            "team_id": case.team_id,
            "conversation_id": case.id,
            "wait": case.moves,
            "kind": kind,
            "about": about,
            "lease_until": now + lease,
            "attempts": 1,
        }
        if insert_new(self._session, notices, values) or self._again(case, kind, now, lease):
            return self.of(case).get(kind)
        return None

    def sent(self, notice_id: int, now: datetime) -> None:
        """It was said; nobody says it again."""
        self._session.execute(update(notices).where(notices.c.id == notice_id).values(sent_at=now))

    def free(self, notice_id: int, now: datetime) -> None:
        """It could not be said: whoever comes next may try at once."""
        c = notices.c
        self._session.execute(update(notices).where(c.id == notice_id, c.sent_at.is_(None)).values(lease_until=now))

    def of(self, case: Conversation) -> dict[str, Notice]:
        """The notices of the case's present wait, by kind."""
        c = notices.c
        rows = self._session.execute(select(notices).where(c.conversation_id == case.id, c.wait == case.moves))
        return {row["kind"]: read(Notice, row) for row in rows.mappings()}

    def present(self, team: str) -> Mapping[int, dict[str, Notice]]:
        """Those of all cases that wait or that somebody holds, and what others were not told, by case and kind."""
        n, c = notices.c, conversations.c
        of_case = select(notices).join(conversations, (c.id == n.conversation_id) & (c.moves == n.wait))
        # Apart, so that each goes by an index of its own: together they would walk through all cases there ever were.
        query = union(
            of_case.where(c.team_id == team, c.waiting_since.is_not(None)),
            of_case.where(c.team_id == team, c.state.in_(("waiting", "human"))),
            of_case.where(n.team_id == team, n.sent_at.is_(None)),
        )
        found: dict[int, dict[str, Notice]] = defaultdict(dict)
        for row in self._session.execute(query).mappings():
            found[row["conversation_id"]][row["kind"]] = read(Notice, row)
        return found

    def _again(self, case: Conversation, kind: str, now: datetime, lease: timedelta) -> bool:
        c = notices.c
        mine = (c.conversation_id == case.id) & (c.wait == case.moves) & (c.kind == kind)
        taken = update(notices).where(mine, c.sent_at.is_(None), c.lease_until <= now)
        return changed(self._session, taken.values(lease_until=now + lease, attempts=c.attempts + 1)) == 1
