"""The table of bot/lifecycle.py against the desk: every event in every state, where it leads and who is told."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import cast

import pytest

from bot.addressing import Incoming
from bot.lifecycle import STATES, TABLE, Event, Told, step
from bot.listeners.messages import carry
from bot.services import Services
from storage.conversations import Conversation, State
from tests.bot.conftest import Office, database, made

DAY = timedelta(hours=24)
numbers = count()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    db = database(tmp_path_factory.mktemp("lifecycle"))
    yield made(db)
    db.close()


def a_case(office: Office, state: State, direct: bool) -> Conversation:
    channel = f"{'D' if direct else 'C'}{next(numbers)}"
    case = office.case(office.ask("<@UBOT> parcel", channel=channel))
    if state == "waiting":
        office.followups.person(case.id, 0, "UMIA")
    elif state == "human":
        office.cases.take(case.id, "UAGENT")
    elif state == "closed":
        office.cases.resolve(case.id)
    found = office.kit.case(case.id)
    assert found is not None
    assert found.state == state
    return found


def writes(office: Office, case: Conversation, user: str = "UMIA", new: bool = False, words: str = "parcel") -> None:
    ts = f"{next(office.numbers)}.000100"
    message = Incoming(case.channel, ts, user, words, "" if new else case.thread_ts)
    carry(cast(Services, office), message, office.intake.accept(message, f"Ev{ts}"))


def refused(words: str) -> str:
    """Nothing for words that say that it was done."""
    return "" if " now" in words else words


def later(office: Office, case: Conversation, passed: timedelta) -> None:
    office.clock.now += passed
    office.waits.work(case.id)


def write_late(office: Office, case: Conversation) -> None:
    office.clock.now += DAY
    writes(office, case)


ACTS: dict[Event, Callable[[Office, Conversation], str | None]] = {
    Event.MESSAGE: writes,
    Event.MESSAGE_LATE: write_late,
    Event.FAREWELL: lambda office, case: writes(office, case, words="great, thanks a lot!"),
    Event.JOINED: lambda office, case: writes(office, case, new=True),
    Event.CALLED: lambda office, case: office.followups.person(case.id, 0, "UMIA"),
    Event.TAKEN: lambda office, case: office.cases.take(case.id, "UAGENT2"),
    Event.PASSED_ON: lambda office, case: refused(office.handing.hand(case.id, "UAGENT2")),
    Event.GIVEN: lambda office, case: refused(office.handing.hand(case.id, "UAGENT", "UAGENT2")),
    Event.WRITTEN_IN_THREAD: lambda office, case: writes(office, case, user="UAGENT"),
    Event.WRITTEN_BY_CARD: lambda office, case: office.cases.words.write(case.id, "UAGENT", "I help"),
    Event.RELEASED: lambda office, case: office.cases.release(case.id),
    Event.RESOLVED: lambda office, case: office.cases.resolve(case.id),
    Event.UNTAKEN: lambda office, case: later(office, case, timedelta(minutes=10)),
    Event.HOLDER_SILENT: lambda office, case: later(office, case, timedelta(hours=4)),
}
ALONE: dict[Event, tuple[State, ...]] = {
    Event.MESSAGE_LATE: ("closed",),
    Event.FAREWELL: ("closed",),
    Event.JOINED: ("waiting", "human"),
    Event.HOLDER_SILENT: ("bot", "human", "closed"),
    Event.UNTAKEN: ("waiting", "human", "closed"),
}
"""In other states these are no event of the case: a plain message, another case, another's reminder. Of a
case with the bot only a draft is reminded of (test_waits)."""


@pytest.mark.parametrize(("state", "event"), [(state, event) for event in ACTS for state in ALONE.get(event, STATES)])
def test_the_desk_does_what_the_table_says(office: Office, state: State, event: Event) -> None:
    case = a_case(office, state, direct=event is Event.JOINED)
    if not case.card_ts:
        office.cases.show(case.id, "Shown")
    surface = office.surface
    said, drawn, whispers, notes = len(surface.said), surface.drawn, len(surface.whispers), len(surface.notes)
    heard = ACTS[event](office, case) or ""
    after = office.kit.case(case.id)
    assert after is not None
    expected = step(state, event)
    assert after.state == expected.to
    words = [note[3] for note in surface.notes[notes:]]
    asked = bool(heard) or len(surface.whispers) > whispers
    assert (len(surface.said) > said) == bool(expected.tell & {Told.CUSTOMER, Told.CUSTOMER_ONCE})
    assert asked == bool(expected.tell & {Told.AGENT, Told.CUSTOMER_ALONE})
    # A card may be drawn again where nothing changed; who must see it must.
    assert Told.CARD not in expected.tell or surface.drawn > drawn or words
    assert any("has written again" in each for each in words) == (Told.HAVING in expected.tell)
    assert any("has opened this request again" in each for each in words) == (Told.CHANNEL in expected.tell)
    assert any("<@UAGENT> has been silent" in each for each in words) == (Told.HOLDER in expected.tell)


def test_each_event_of_the_table_is_tried_or_has_a_test_of_its_own() -> None:
    elsewhere = {Event.HANDED_OFF, Event.DONE, Event.UNTAKEN_LONG, Event.WAITED_LONG, Event.DRAFTED}
    elsewhere |= {Event.DISMISSED, Event.RESTORED, Event.RESTORED_WAITING}
    assert set(ACTS) | elsewhere == set(Event) == {event for _, event in TABLE}


def test_a_case_that_is_handed_off_tells_the_customer_and_the_card(tmp_path: Path) -> None:
    office = made(database(tmp_path))
    case = office.case(office.ask("a human please"))
    assert (case.state, len(office.surface.said), office.surface.drawn) == ("waiting", 1, 1)
    for act in (office.cases.take, lambda case_id, _: office.cases.resolve(case_id)):
        act(case.id, "UAGENT")
        assert not office.cases.hand_off(case.id)


def test_every_step_leads_to_a_state_and_moves_tell_somebody() -> None:
    for (state, event), taken in TABLE.items():
        assert taken.to in STATES
        assert taken.tell, (state, event)
        to_the_bot = taken.to == "bot"
        assert taken.to == state or to_the_bot or Told.CARD in taken.tell, "agents see where a case has gone"
