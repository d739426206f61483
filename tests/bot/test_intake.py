import pytest

from bot.addressing import Incoming, Whose
from storage.conversations import Conversations
from storage.turns import Turns
from tests.bot.conftest import Office


def test_one_message_is_one_turn_however_often_it_comes(office: Office) -> None:
    message = Incoming("C1", "5.000100", "UMIA", "<@UBOT> parcel")
    deliveries = [office.intake.accept(message, f"Ev{number}") for number in range(11)]
    assert len({each.turn_id for each in deliveries}) == 1
    assert [each.fresh for each in deliveries] == [True] + [False] * 10


def test_an_agents_direct_message_is_a_test(office: Office) -> None:
    heard = office.hear("parcel", user="UAGENT", channel="DAGENT")
    assert heard.whose is Whose.TEST
    assert office.case(heard).is_test


def test_an_agent_in_a_case_takes_it_over_once(office: Office) -> None:
    root = office.ask("<@UBOT> parcel", channel="C1")
    thread = office.case(root).thread_ts
    assert office.hear("I help", user="UAGENT", channel="C1", thread=thread).taken
    assert not office.hear("still here", user="UAGENT2", channel="C1", thread=thread).taken
    assert office.case(root).holder == "UAGENT"


def test_an_agents_message_that_comes_again_takes_nothing_back(office: Office) -> None:
    case = office.case(office.ask("<@UBOT> parcel", channel="C1"))
    message = Incoming("C1", "9.000100", "UAGENT", "I help", case.thread_ts)
    assert office.intake.accept(message, "Ev1").taken
    office.cases.release(case.id)
    assert not office.intake.accept(message, "Ev2").taken
    assert office.kit.case(case.id).state == "bot"  # type: ignore[union-attr]


def test_a_new_direct_message_joins_the_case_that_waits(office: Office) -> None:
    root = office.ask("a human please")
    joined = office.ask("parcel?")
    assert joined.joined
    assert office.case(joined).id == office.case(root).id


def test_a_resolved_case_reopens_with_a_person(office: Office) -> None:
    root = office.ask("parcel")
    office.cases.resolve(office.case(root).id)
    again = office.hear("parcel!", thread=office.case(root).thread_ts)
    assert again.reopened == "person"
    assert office.case(root).state == "waiting"


def test_until_it_is_set_up_nobody_is_heard(office: Office) -> None:
    office.kit.people.set_up("", [])
    assert office.hear("parcel").whose is Whose.NOBODY


def test_a_write_that_fails_leaves_nothing_behind_and_raises(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(Turns, "record", full)
        with pytest.raises(OSError, match="disk full"):
            office.hear("parcel")
    with office.kit.db.reading() as session:
        assert Conversations(session).by_thread("T1", "DMIA", "1.000100") is None


def test_an_edit_with_the_same_words_is_none(office: Office) -> None:
    heard = office.ask("parcel")
    turn = office.turn(heard)
    assert office.intake.changed(Incoming("DMIA", turn.ts, "UMIA", "parcel")) == 0
    assert office.intake.changed(Incoming("DMIA", turn.ts, "UMIA", "refund")) == turn.id
    assert office.intake.changed(Incoming("DMIA", turn.ts, "UMIA", "refund")) == 0


def test_a_deleted_message_that_waits_is_never_answered(office: Office) -> None:
    heard = office.hear("parcel")
    turn = office.turn(heard)
    assert office.intake.deleted("DMIA", turn.ts) == turn.id
    office.desk.work(office.case(heard).id)
    assert office.surface.said == []
    assert office.turn(heard).text == "[erased]"
