"""Conversations: one request each, a root message and its thread, and who speaks in it."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, update

from storage.rows import changed, inserted, read
from storage.session import Session
from storage.tables import conversations, utcnow

State = Literal["bot", "waiting", "human", "closed"]
STATES: frozenset[str] = frozenset({"bot", "waiting", "human", "closed"})


@dataclass(frozen=True, slots=True)
class Conversation:
    id: int
    team_id: str
    channel: str
    thread_ts: str
    """Timestamp of the root message."""
    customer: str
    customer_team: str
    state: State
    holder: str | None
    """The agent who has the case."""
    is_test: bool
    """An agent's own DM: out of statistics and training."""
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    card_channel: str
    card_ts: str
    strikes: int
    """How often in a row the bot had to ask back or to offer a person."""
    silent_notice: bool
    """Whether the customer has been told that the bot is silent here."""
    moves: int
    """How often the state has changed: names one stay in it."""
    shown: int
    """The `moves` at which its card was last drawn."""
    waiting_since: datetime | None
    """When it began to wait for a person, or with the bot for an agent to send a draft; none where it does not wait."""
    holder_at: datetime | None
    """The last sign of life of its holder; none where nobody has it."""

    @property
    def waits_since(self) -> datetime:
        """When it began to wait; of one that does not wait, when it moved last."""
        return self.waiting_since or self.updated_at


_C = conversations.c
_ONE = select(conversations).order_by(_C.updated_at.desc(), _C.id.desc()).limit(1)
_IN_CHANNEL = _ONE.where(_C.team_id == bindparam("team"), _C.channel == bindparam("channel"))
_OF_CUSTOMER = _IN_CHANNEL.where(_C.customer == bindparam("customer"))
_BY_ID = select(conversations).where(_C.id == bindparam("case"))
_BY_THREAD = _IN_CHANNEL.where(_C.thread_ts == bindparam("ts"))
_BY_CARD = _ONE.where(
    _C.team_id == bindparam("team"), _C.card_channel == bindparam("channel"), _C.card_ts == bindparam("ts")
)
_ACTIVE = _OF_CUSTOMER.where(_C.state.in_(("waiting", "human")))
_SET = update(conversations).where(_C.id == bindparam("case"))
_LATELY = _OF_CUSTOMER.where(_C.updated_at >= bindparam("since"))


class Conversations:
    def __init__(self, session: Session) -> None:
        self._session = session

    def open(
        self,
        team: str,
        channel: str,
        thread_ts: str,
        customer: str,
        customer_team: str = "",
        is_test: bool = False,
    ) -> Conversation:
        """The conversation of this root message; begun if it is not there yet."""
        now = utcnow()
        values: dict[str, Any] = {
            "team_id": team,
            "channel": channel,
            "thread_ts": thread_ts,
            "customer": customer,
            "customer_team": customer_team,
            "is_test": is_test,
            "opened_at": now,
            "updated_at": now,
        }
        row = inserted(self._session, conversations, values)
        found = read(Conversation, row) if row else self.by_thread(team, channel, thread_ts)
        assert found is not None
        return found

    def get(self, conversation_id: int) -> Conversation | None:
        return self._one(_BY_ID, case=conversation_id)

    def by_thread(self, team: str, channel: str, thread_ts: str) -> Conversation | None:
        return self._one(_BY_THREAD, team=team, channel=channel, ts=thread_ts)

    def by_card(self, team: str, channel: str, ts: str) -> Conversation | None:
        """The conversation whose card in the agents' channel this is."""
        return self._one(_BY_CARD, team=team, channel=channel, ts=ts)

    def active_of(self, team: str, channel: str, customer: str) -> Conversation | None:
        """The customer's newest case in this channel that waits for a person or is with one."""
        return self._one(_ACTIVE, team=team, channel=channel, customer=customer)

    def last_of(self, team: str, channel: str, customer: str, since: datetime) -> Conversation | None:
        """The customer's newest case in this channel that was touched since then."""
        return self._one(_LATELY, team=team, channel=channel, customer=customer, since=since)

    def of_customer(self, team: str, customer: str, customer_team: str, limit: int) -> list[Conversation]:
        """The customer's cases in all channels, the newest first."""
        c = conversations.c
        query = select(conversations).where(c.team_id == team, c.customer == customer, of_team(team, customer_team))
        rows = self._session.execute(query.order_by(c.opened_at.desc(), c.id.desc()).limit(limit)).mappings()
        return [read(Conversation, row) for row in rows]

    def in_state(self, states: Set[str], team: str | None = None) -> list[Conversation]:
        """Cases in these states, the one untouched for longest first."""
        query = select(conversations).where(conversations.c.state.in_(states))
        if team is not None:
            query = query.where(conversations.c.team_id == team)
        rows = self._session.execute(query.order_by(conversations.c.updated_at, conversations.c.id)).mappings()
        return [read(Conversation, row) for row in rows]

    def waiting(self, team: str) -> list[Conversation]:
        """Cases that wait for a person or for their draft to be sent, the longest wait first."""
        c = conversations.c
        query = select(conversations).where(c.team_id == team, c.waiting_since.is_not(None))
        return [
            read(Conversation, row) for row in self._session.execute(query.order_by(c.waiting_since, c.id)).mappings()
        ]

    def awaits(self, conversation_id: int, now: datetime) -> bool:
        """A case of the bot's begins to wait for its draft to be sent: a wait of its own, as after a move. False where
        it waits already, or is not with the bot."""
        c = conversations.c
        still = update(conversations).where(c.id == conversation_id, c.state == "bot", c.waiting_since.is_(None))
        return changed(self._session, still.values(waiting_since=now, moves=c.moves + 1)) == 1

    def served(self, conversation_id: int) -> None:
        """A case of the bot's waits for no draft any more."""
        c = conversations.c
        mine = update(conversations).where(c.id == conversation_id, c.state == "bot")
        self._session.execute(mine.values(waiting_since=None))

    def move(
        self,
        conversation_id: int,
        *,
        expected: Set[str],
        to: State,
        holder: str | None = None,
        now: datetime | None = None,
        unchanged: Conversation | None = None,
    ) -> bool:
        """Change the state if it is one of `expected`; False where somebody else was quicker.

        One statement, so that of two agents one wins. Going to the bot, to nobody or to an end also clears the notice
        that the bot is silent; going to the bot or to an end, the strikes.

        Args:
            unchanged: move only where the case has not moved, and its holder not stirred, since it was read so.
        """
        unknown = (set(expected) | {to}) - STATES
        if unknown:
            raise ValueError(f"expected states of {sorted(STATES)}, found {sorted(unknown)}")
        now = now or utcnow()
        c = conversations.c
        values: dict[str, Any] = {
            "state": to,
            "holder": holder,
            "updated_at": now,
            "resolved_at": now if to == "closed" else None,
            "waiting_since": now if to == "waiting" else None,
            "holder_at": now if to == "human" else None,
            "moves": c.moves + 1,
        }
        if to != "human":
            values["silent_notice"] = False
        if to in ("bot", "closed"):
            values["strikes"] = 0
        still = () if unchanged is None else _still(unchanged)
        moved = update(conversations).where(c.id == conversation_id, c.state.in_(expected), *still).values(**values)
        return changed(self._session, moved) == 1

    def stirred(self, conversation_id: int, holder: str, now: datetime) -> bool:
        """A sign of life of the case's holder; False where that one does not hold it."""
        c = conversations.c
        hers = (c.id == conversation_id) & (c.state == "human") & (c.holder == holder)
        return changed(self._session, update(conversations).where(hers).values(holder_at=now)) == 1

    def place(self, case: Conversation) -> int:
        """Which in the line of its team's waiting cases this one is, from 1; agents' tests stand in nobody's way."""
        c = conversations.c
        ahead = or_(c.waiting_since < case.waiting_since, and_(c.waiting_since == case.waiting_since, c.id < case.id))
        query = select(func.count()).where(
            c.team_id == case.team_id, c.state == "waiting", c.is_test.is_(False), c.id != case.id, ahead
        )
        return int(self._session.execute(query).scalar_one()) + 1

    def strike(self, conversation_id: int, strikes: int) -> None:
        """Set how often in a row the bot had to ask back or offer."""
        self._set(conversation_id, strikes=strikes)

    def card(self, conversation_id: int, channel: str, ts: str, shown: int = 0) -> None:
        """Remember where the case's card is, and which of its moves it shows."""
        self._set(conversation_id, card_channel=channel, card_ts=ts, shown=shown)

    def set_notice(self, conversation_id: int, on: bool = True) -> bool:
        """Remember that the customer was told that the bot is silent; True for the one who may tell."""
        c = conversations.c
        told = update(conversations).where(c.id == conversation_id, c.silent_notice.is_not(on))
        return changed(self._session, told.values(silent_notice=on)) == 1

    def touch(self, conversation_id: int, now: datetime | None = None) -> None:
        """Something happened here just now."""
        self._set(conversation_id, updated_at=now or utcnow())

    def _set(self, conversation_id: int, **values: Any) -> None:
        self._session.execute(_SET, {"case": conversation_id, **values})

    def _one(self, query: Select[Any], **values: Any) -> Conversation | None:
        row = self._session.execute(query, values).mappings().first()
        return read(Conversation, row) if row else None


def of_team(team: str, customer_team: str) -> ColumnElement[bool]:
    """Whether a case's customer is of this team. Cases begun before that was kept are of the bot's own."""
    return conversations.c.customer_team.in_({customer_team, ""} if customer_team == team else {customer_team})


def _still(before: Conversation) -> tuple[ColumnElement[bool], ...]:
    c = conversations.c
    return c.moves == before.moves, c.holder_at.is_not_distinct_from(before.holder_at)
