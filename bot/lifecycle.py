"""A case's life: which event moves it from which state to which, and who is told. Pure; docs/hand-off.md shows it.

`bot/moves.py` carries a step out in SQL; nothing else changes a case's state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from storage.conversations import State

STATES: tuple[State, ...] = ("bot", "waiting", "human", "closed")


class Event(StrEnum):
    """What happens to a case, in the words of docs/hand-off.md."""

    MESSAGE = "the customer writes"
    MESSAGE_LATE = "the customer writes, 24 hours or more after it was resolved"
    FAREWELL = "the customer says thanks or goodbye, and no more"
    JOINED = "another message of the customer's joins it"
    CALLED = "the customer asks for a person"
    DONE = "the customer is all set"
    HANDED_OFF = "the bot hands off"
    DRAFTED = "the bot drafts an answer, which an agent sends"
    TAKEN = "an agent takes it"
    PASSED_ON = "an agent hands it to whoever takes it"
    GIVEN = "an agent gives it to a colleague"
    WRITTEN_IN_THREAD = "an agent writes in its thread"
    WRITTEN_BY_CARD = "an agent writes by the card"
    RELEASED = "an agent gives it back"
    RESOLVED = "an agent resolves it"
    DISMISSED = "an agent says that it is no request"
    RESTORED = "an agent says that it is a request after all"
    RESTORED_WAITING = "the same, and it had waited for a person or been with one"
    UNTAKEN = "nobody has taken it: the first reminder"
    UNTAKEN_LONG = "nobody has taken it: the owners' reminder"
    WAITED_LONG = "nobody has taken it: it takes longer, or the desk is away"
    HOLDER_SILENT = "its holder has been silent for too long"


class Told(StrEnum):
    """Who hears of it."""

    CUSTOMER = "customer"
    CUSTOMER_ONCE = "customer, once"
    CUSTOMER_MARK = "customer, by a mark"
    """That the message was seen: a reaction, for whoever has been told in words."""
    CUSTOMER_ALONE = "customer, in private"
    CARD = "card"
    AGENT = "agent, in private"
    HAVING = "holder, now and then"
    """Who has the case, by a mention below its card: the card that changes notifies nobody."""
    HOLDER = "former holder"
    CHANNEL = "agents' channel"
    """All agents, by a line below the card and in the channel."""
    OWNERS = "owners"


@dataclass(frozen=True, slots=True)
class Step:
    """Where an event leads, and who is told."""

    to: State
    tell: frozenset[Told] = frozenset()


def _to(state: State, *tell: Told) -> Step:
    return Step(state, frozenset(tell))


_OPEN: tuple[State, ...] = ("bot", "waiting", "human")
_WAITING: tuple[State, ...] = ("bot", "waiting")
"""With the bot a case waits where a draft has not been sent."""

TABLE: Mapping[tuple[State, Event], Step] = {
    ("bot", Event.MESSAGE): _to("bot", Told.CUSTOMER),
    ("waiting", Event.MESSAGE): _to("waiting", Told.CUSTOMER_ONCE, Told.CARD),
    ("human", Event.MESSAGE): _to("human", Told.CARD, Told.HAVING),
    ("closed", Event.MESSAGE): _to("waiting", Told.CUSTOMER, Told.CARD, Told.CHANNEL),
    ("closed", Event.MESSAGE_LATE): _to("bot", Told.CUSTOMER),
    ("closed", Event.FAREWELL): _to("closed", Told.CUSTOMER),
    ("waiting", Event.JOINED): _to("waiting", Told.CUSTOMER_ONCE, Told.CUSTOMER_MARK),
    ("human", Event.JOINED): _to("human", Told.CUSTOMER_ONCE, Told.CUSTOMER_MARK, Told.HAVING),
    ("bot", Event.CALLED): _to("waiting", Told.CUSTOMER, Told.CARD),
    ("waiting", Event.CALLED): _to("waiting", Told.CUSTOMER_ALONE),
    ("human", Event.CALLED): _to("human", Told.CUSTOMER_ALONE),
    ("closed", Event.CALLED): _to("waiting", Told.CUSTOMER, Told.CARD, Told.CHANNEL),
    **{(state, Event.DONE): _to("closed", Told.CUSTOMER, Told.CARD) for state in _OPEN},
    ("bot", Event.HANDED_OFF): _to("waiting", Told.CUSTOMER, Told.CARD),
    ("bot", Event.DRAFTED): _to("bot", Told.CUSTOMER, Told.CARD),
    **{(state, Event.TAKEN): _to("human", Told.CUSTOMER, Told.CARD) for state in ("bot", "waiting")},
    **{(state, Event.TAKEN): _to(state, Told.CARD, Told.AGENT) for state in ("human", "closed")},
    ("bot", Event.PASSED_ON): _to("waiting", Told.CUSTOMER, Told.CARD),
    **{(state, Event.PASSED_ON): _to(state, Told.AGENT) for state in ("waiting", "human", "closed")},
    # From one person to another it stays with a person: the one move that changes the holder alone.
    **{(state, Event.GIVEN): _to("human", Told.CUSTOMER, Told.CARD) for state in _OPEN},
    ("closed", Event.GIVEN): _to("closed", Told.AGENT),
    **{(state, Event.WRITTEN_IN_THREAD): _to("human", Told.CARD, Told.AGENT) for state in ("bot", "waiting")},
    **{(state, Event.WRITTEN_BY_CARD): _to("human", Told.CUSTOMER, Told.CARD) for state in _OPEN},
    ("closed", Event.WRITTEN_BY_CARD): _to("closed", Told.AGENT),
    **{(state, Event.RELEASED): _to("bot", Told.CUSTOMER, Told.CARD) for state in ("waiting", "human")},
    **{(state, Event.RELEASED): _to(state, Told.CARD, Told.AGENT) for state in ("bot", "closed")},
    **{(state, Event.RESOLVED): _to("closed", Told.CUSTOMER, Told.CARD) for state in _OPEN},
    ("closed", Event.RESOLVED): _to("closed", Told.CARD, Told.AGENT),
    **{(state, Event.DISMISSED): _to("closed", Told.CARD) for state in _OPEN},
    ("closed", Event.RESTORED): _to("bot", Told.CARD),
    ("closed", Event.RESTORED_WAITING): _to("waiting", Told.CARD),
    **{(state, Event.UNTAKEN): _to(state, Told.CARD) for state in _WAITING},
    **{(state, Event.UNTAKEN_LONG): _to(state, Told.CARD, Told.OWNERS) for state in _WAITING},
    **{(state, Event.WAITED_LONG): _to(state, Told.CUSTOMER_ONCE) for state in _WAITING},
    ("human", Event.HOLDER_SILENT): _to("waiting", Told.CARD, Told.HOLDER),
}


def step(state: State, event: Event) -> Step:
    """Where an event leads from a state. What the table leaves out changes nothing, and nobody is told."""
    return TABLE.get((state, event), Step(state))


def markdown() -> str:
    """The table as docs/hand-off.md shows it: a row an event, a column a state."""
    head = f"| event | {' | '.join(STATES)} |\n|---|{'---|' * len(STATES)}\n"
    return head + "".join(
        f"| {event.value} | {' | '.join(_cell(state, event) for state in STATES)} |\n" for event in Event
    )


def _cell(state: State, event: Event) -> str:
    if (state, event) not in TABLE:
        return "–"
    taken = step(state, event)
    told = "; ".join(who.value for who in Told if who in taken.tell)
    return f"**{taken.to}** ({told})" if taken.to != state else f"{taken.to} ({told})"


if __name__ == "__main__":
    print(markdown(), end="")
