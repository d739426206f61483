"""What agents wrote to customers themselves: the words from which a missing article is drafted. Internal talk is not
among them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update

from storage.rows import changed, insert_new, read
from storage.session import Session
from storage.tables import ERASED, agent_replies, utcnow

Source = Literal["thread", "card", "form", "search"]
"""Written in the case's thread, brought from the card's, through the card's form, or a passage that search found."""


@dataclass(frozen=True, slots=True)
class AgentReply:
    id: int
    team_id: str
    conversation_id: int
    agent: str
    source: Source
    key: str
    """Of the message or the form that it came by."""
    text: str
    at: datetime


class AgentReplies:
    def __init__(self, session: Session, team: str) -> None:
        self._session, self._team = session, team

    def add(self, conversation_id: int, agent: str, source: Source, key: str, text: str) -> bool:
        """Keep a reply; False where it is kept already."""
        values = {
            "team_id": self._team,
            "conversation_id": conversation_id,
            "agent": agent,
            "source": source,
            "key": key,
            "text": text,
            "at": utcnow(),
        }
        return insert_new(self._session, agent_replies, values)

    def edited(self, key: str, text: str) -> bool:
        """Its author changed the message in the case's thread; what was brought there stands as it was brought."""
        c = agent_replies.c
        mine = (c.team_id == self._team, c.key == key, c.source == "thread", c.text != ERASED)
        return changed(self._session, update(agent_replies).where(*mine).values(text=text)) == 1

    def redact(self, key: str) -> bool:
        """Its author took the message back."""
        c = agent_replies.c
        mine = (c.team_id == self._team, c.key == key)
        return changed(self._session, update(agent_replies).where(*mine).values(text=ERASED)) == 1

    def of_cases(self, conversation_ids: Collection[int]) -> list[AgentReply]:
        """What still has words, oldest first."""
        c = agent_replies.c
        mine = (c.team_id == self._team, c.conversation_id.in_(conversation_ids), c.text.not_in(("", ERASED)))
        query = select(agent_replies).where(*mine).order_by(c.id)
        return [read(AgentReply, row) for row in self._session.execute(query).mappings()]

    def case_of(self, key: str) -> int:
        """The case in which it was said; 0 for none of ours."""
        c = agent_replies.c
        query = select(c.conversation_id).where(c.team_id == self._team, c.key == key)
        return int(self._session.execute(query).scalar() or 0)

    def last(self, conversation_id: int) -> AgentReply | None:
        """The newest of a case that still has words."""
        return next(reversed(self.of_cases([conversation_id])), None)


def key_of(channel: str, ts: str) -> str:
    """The key of what an agent wrote as a message."""
    return f"{channel}:{ts}"
