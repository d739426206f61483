"""Cases that nobody takes: reminded of once, by whoever is there, in open time."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import wording
from bot.addressing import Incoming
from bot.hours import parse
from bot.languages import Languages, phrases
from bot.notices import CaseNotices
from bot.values import Customer
from bot.waits import Patience
from storage.conversations import Conversations
from storage.notices import Notices
from tests.bot.conftest import Office, database, made

OFFICE_HOURS = parse("mon-fri 09:00-17:00", ZoneInfo("Europe/Berlin"))


@pytest.fixture
def keeping_hours(tmp_path: Path) -> Iterator[Office]:
    db = database(tmp_path)
    yield made(db, hours=OFFICE_HOURS)
    db.close()


def noted(office: Office) -> list[str]:
    """Which notices agents have had, in order."""
    return [mark.rpartition("-")[2] for *_, mark in office.surface.notes]


def test_agents_then_the_customer_then_the_owners_hear_once(office: Office) -> None:
    case = office.case(office.ask("a human please"))
    office.wait(9)
    assert office.surface.notes == []
    office.wait(1)
    office.wait(1)
    [(_, channel, thread, words, _)] = office.surface.notes
    assert (channel, thread) == ("CAGENTS", next(iter(office.surface.cards)))
    assert words == "<@UMIA> has waited 10 min for a person. Who takes this request?"
    office.wait(4)
    assert office.surface.texts()[-1] == wording.LATE
    office.wait(15)
    office.wait(60 * 24)
    assert noted(office) == ["agents", "owners"]
    assert office.surface.notes[-1][3] == "<@UAGENT> Nobody has taken this request of <@UMIA> for 30 min."
    assert office.surface.texts().count(wording.LATE) == 1
    assert office.cases.take(case.id, "UAGENT") == ""


def test_a_case_that_waits_again_is_reminded_of_again(office: Office) -> None:
    case = office.case(office.ask("a human please"))
    office.wait(10)
    office.cases.release(case.id)
    office.wait(10)
    office.followups.person(case.id, 0, "UMIA")
    office.wait(10)
    assert noted(office) == ["agents", "agents"]


def test_zero_is_never(tmp_path: Path) -> None:
    never = timedelta()
    office = made(database(tmp_path), patience=Patience(never, never, never, never))
    case = office.case(office.ask("a human please"))
    office.wait(60 * 24 * 30)
    office.cases.take(case.id, "UAGENT")
    office.wait(60 * 24 * 30)
    assert office.surface.notes == []
    assert office.case(office.hear("hello?", thread=case.thread_ts)).state == "human"


def test_the_line(office: Office) -> None:
    for number, user in enumerate(("UMIA", "UTOM", "UEVE"), 1):
        office.ask("a human please", user=user, channel=f"D{user}")
        assert office.surface.texts()[-1].endswith(wording.IN_LINE.format(number=number))
    office.cases.take(1, "UAGENT")
    office.ask("parcel", user="UANN", channel="DANN")
    office.followups.person(4, 0, "UANN")
    assert office.surface.texts()[-1].endswith("You are number 3 in line.")


def test_out_of_hours_the_customer_hears_when_somebody_is_there(keeping_hours: Office) -> None:
    office = keeping_hours
    office.clock.now = datetime(2026, 11, 27, 17, tzinfo=UTC)
    office.ask("a human please")
    said = "Nobody is here right now: somebody answers from Monday at 09:00 (Europe/Berlin) on."
    assert office.surface.texts()[-1].endswith(f"You are number 1 in line. {said}")
    office.wait(60 * 24)
    assert len(office.surface.said) == 1
    assert office.surface.notes == []
    office.clock.now = datetime(2026, 11, 30, 8, 9, tzinfo=UTC)
    office.wait(0)
    assert noted(office) == []
    office.wait(1)
    assert noted(office) == ["agents"]


def test_when_the_desk_closes_over_a_waiting_case_the_customer_hears_so_once(keeping_hours: Office) -> None:
    office = keeping_hours
    office.clock.now = datetime(2026, 11, 23, 15, 55, tzinfo=UTC)
    office.ask("a human please")
    for _ in range(4):
        office.wait(4 * 60)
    away = "Nobody is here right now: somebody answers from tomorrow at 09:00 (Europe/Berlin) on."
    assert office.surface.texts()[1:] == [away]
    assert noted(office) == []


def test_in_the_customers_language(tmp_path: Path) -> None:
    office = made(database(tmp_path), languages=Languages(lambda: frozenset({"en"})), hours=OFFICE_HOURS)
    office.clock.now = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    asked = office.ask("Wo ist denn mein Paket, ich warte seit Wochen")
    office.followups.person(office.case(asked).id, asked.turn_id, "UMIA")
    office.wait(20)
    office.wait(30)
    german = phrases("de")
    away = german.away.format(when="2026-11-24 09:00 (Europe/Berlin)")
    assert office.surface.texts()[-2:] == [german.late, away]


def test_a_holder_who_says_nothing_gives_the_case_up(office: Office) -> None:
    case = office.case(office.ask("<@UBOT> parcel", channel="C1"))
    office.cases.take(case.id, "UAGENT")
    office.wait(3 * 60)
    office.hear("I am on it", user="UAGENT", channel="C1", thread=case.thread_ts)
    office.wait(3 * 60)
    assert office.kit.case(case.id).state == "human"  # type: ignore[union-attr]
    office.wait(60)
    office.wait(1)
    assert noted(office) == ["returned"]
    assert office.surface.notes[0][3].startswith("<@UAGENT> has been silent for long")
    [card] = office.surface.cards.values()
    assert (card.state, card.holder, card.reason) == ("waiting", "", "Its holder was silent")
    office.wait(10)
    assert noted(office) == ["returned", "agents"]
    office.ask("anybody?", channel="C1", thread=case.thread_ts)
    assert office.surface.texts()[-1] == wording.WITH_A_PERSON


def test_an_agent_who_tries_the_bot_disturbs_nobody(office: Office) -> None:
    office.ask("a human please", user="UAGENT", channel="DAGENT")
    office.wait(60)
    assert office.surface.notes == []


def test_what_a_crash_left_unsaid_is_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The customer pressed the button, the case moved, and the process died."""
    asked = office.ask("parcel")
    case = office.case(asked)
    with monkeypatch.context() as patched:
        patched.setattr(CaseNotices, "say", die)
        patched.setattr(type(office.cases), "show", die)
        with pytest.raises(SystemExit):
            office.followups.person(case.id, asked.turn_id, "UMIA")
    assert office.surface.cards == {}
    office.wait(1)
    assert office.surface.texts()[1:] == []
    office.wait(1)
    office.wait(1)
    assert office.surface.texts()[1:] == [f"{wording.HANDOFF} {wording.IN_LINE.format(number=1)}"]
    [card] = office.surface.cards.values()
    assert card.state == "waiting"


def test_a_network_that_fails_keeps_no_case_from_its_card(office: Office) -> None:
    asked = office.ask("parcel")
    office.surface.broken = True
    with pytest.raises(ConnectionError):
        office.followups.person(office.case(asked).id, asked.turn_id, "UMIA")
    assert [card.state for card in office.surface.cards.values()] == ["waiting"]
    office.surface.broken = False
    office.wait(0)
    assert len(office.surface.said) == 2


def test_who_has_it_is_said_later_where_it_could_not_be_said_at_once(office: Office) -> None:
    case = office.case(office.ask("a human please"))
    office.surface.broken = True
    for act in (
        lambda: office.cases.take(case.id, "UAGENT"),
        lambda: office.cases.words.write(case.id, "UAGENT", "Hello"),
    ):
        with pytest.raises(ConnectionError):
            act()
    office.surface.broken = False
    office.wait(0)
    office.wait(5)
    assert office.surface.texts()[1:] == ["UAGENT Smith has your request now and will answer here."]


def test_after_hours_of_standing_still_what_is_owed_comes_before_the_case_is_given_up(office: Office) -> None:
    case = office.case(office.ask("a human please"))
    office.surface.broken = True
    with pytest.raises(ConnectionError):
        office.cases.take(case.id, "UAGENT")
    office.surface.broken = False
    office.wait(60 * 5)
    assert office.surface.texts()[1:] == ["UAGENT Smith has your request now and will answer here."]
    assert noted(office) == ["returned"]


def test_a_message_that_a_resolving_agent_forestalled_hears_so_however_the_network_is(office: Office) -> None:
    heard = office.hear("parcel")
    case = office.case(heard)
    office.surface.broken = True
    with pytest.raises(ConnectionError):
        office.cases.resolve(case.id)
    office.surface.broken = False
    office.desk.work(case.id)
    assert office.surface.texts() == []
    office.wait(0)
    office.wait(5)
    assert office.surface.texts() == [wording.RESOLVED]


def test_a_card_that_shows_an_older_state_is_drawn_again(office: Office) -> None:
    """The case was resolved, a message opened it again, and the process died before anybody heard."""
    case = office.case(office.ask("a human please"))
    office.cases.resolve(case.id)
    assert office.hear("and one more thing", thread=case.thread_ts).reopened == "person"
    [card] = office.surface.cards.values()
    assert card.state == "closed"
    office.wait(2)
    [card] = office.surface.cards.values()
    assert card.state == "waiting"
    assert office.surface.texts()[-1] == f"{wording.REOPENED} {wording.IN_LINE.format(number=1)}"


def test_an_edit_that_asks_for_a_person_is_answered_however_the_network_is(office: Office) -> None:
    heard = office.ask("parcel")
    turn, case = office.turn(heard), office.case(heard)
    office.intake.changed(Incoming(case.channel, turn.ts, "UMIA", "a human please"))
    office.surface.change = die_of_network  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        office.followups.edited(turn.id)
    office.wait(2)
    assert office.surface.texts()[1:] == [f"{wording.HANDOFF} {wording.IN_LINE.format(number=1)}"]
    assert [card.state for card in office.surface.cards.values()] == ["waiting"]


def die_of_network(*_: object) -> None:
    raise ConnectionError("no network")


def test_said_but_not_marked_is_not_said_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.ask("a human please")
    with monkeypatch.context() as patched:
        patched.setattr(Notices, "sent", die)
        with pytest.raises(SystemExit):
            office.wait(10)
    office.wait(3)
    assert noted(office) == ["agents"]
    with office.kit.db.reading() as session:
        [case] = Conversations(session).in_state({"waiting"})
        assert Notices(session).of(case)["agents"].sent_at is not None


def test_a_case_taken_in_this_very_moment_is_not_reminded_of(office: Office) -> None:
    case = office.case(office.ask("a human please"))
    office.cases.take(case.id, "UAGENT")
    assert not office.cases.notices.once(replace(case), "agents")
    assert office.surface.notes == []


def test_two_replicas_remind_once(office: Office) -> None:
    for number in range(5):
        office.ask("a human please", user=f"U{number}", channel=f"D{number}")
    office.clock.now += timedelta(minutes=40)
    barrier = threading.Barrier(4)

    def sweep() -> None:
        barrier.wait(10)
        for case_id in office.waits.due():
            office.waits.work(case_id)

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    marks = [mark for *_, mark in office.surface.notes] + [it.mark for *_, it in office.surface.said if it.mark]
    assert len(marks) == len(set(marks)) == 15


def die(*_: object, **__: object) -> None:
    raise SystemExit


def test_a_draft_that_nobody_sends_is_a_wait(tmp_path: Path) -> None:
    office = made(database(tmp_path), mode="draft")
    asked = office.ask("parcel")
    assert office.case(asked).state == "bot"
    office.wait(10)
    [(_, channel, thread, words, _)] = office.surface.notes
    assert (channel, thread) == ("CAGENTS", next(iter(office.surface.cards)))
    assert words == "<@UMIA> has waited 10 min for an answer to be sent. Who reads the draft?"
    office.wait(60)
    assert noted(office) == ["agents", "owners"]
    assert office.surface.texts().count(wording.LATE) == 1
    assert office.cases.drafts.send(asked.turn_id, "UAGENT") == ""
    assert office.waits.due() == []
    # The next draft is another wait.
    office.ask("refund", thread=office.case(asked).thread_ts)
    office.wait(10)
    assert noted(office) == ["agents", "owners", "agents"]


def test_a_second_draft_does_not_begin_the_wait_anew_and_the_latest_one_sent_ends_it(tmp_path: Path) -> None:
    office = made(database(tmp_path), mode="draft")
    first = office.ask("parcel")
    office.wait(6)
    second = office.ask("refund", thread=office.case(first).thread_ts)
    office.cases.drafts.send(first.turn_id, "UAGENT")
    office.wait(4)
    assert noted(office) == ["agents"]
    office.cases.drafts.send(second.turn_id, "UAGENT")
    office.wait(60)
    assert noted(office) == ["agents"]


@pytest.mark.parametrize("deed", ["take", "resolve", "delete", "erase", "answer"])
def test_what_ends_the_wait_for_a_draft(tmp_path: Path, deed: str) -> None:
    office = made(database(tmp_path), mode="draft")
    asked = office.ask("parcel")
    case = office.case(asked)
    if deed == "take":
        office.cases.take(case.id, "UAGENT")
        office.cases.release(case.id)
    elif deed == "resolve":
        office.cases.resolve(case.id)
    elif deed == "delete":
        assert office.intake.deleted(case.channel, case.thread_ts) == asked.turn_id
        office.followups.deleted(asked.turn_id)
    elif deed == "erase":
        office.privacy.erase(Customer("T1", "UMIA"))
    else:
        office.corrections.relabel(asked.turn_id, "refund", "UAGENT", "card")
        assert office.followups.answer_rightly(asked.turn_id, "UAGENT") == "Sent."
    office.wait(11)
    office.wait(60)
    assert noted(office) == []


def test_a_draft_out_of_hours_says_when_somebody_is_there(tmp_path: Path) -> None:
    office = made(database(tmp_path), mode="draft", hours=OFFICE_HOURS)
    office.clock.now = datetime(2026, 11, 27, 17, tzinfo=UTC)
    office.ask("parcel")
    office.wait(1)
    away = "Nobody is here right now: somebody answers from Monday at 09:00 (Europe/Berlin) on."
    assert office.surface.texts()[1:] == [away]
