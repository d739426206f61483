"""What agents tell customers is kept once; what they say among themselves is not."""

import pytest

from bot.addressing import Incoming
from bot.values import Customer
from storage.agent_replies import AgentReplies
from tests.bot.conftest import Office
from tests.bot.test_card_thread import waiting, write
from tests.bot.test_customers import held
from tests.bot.test_privacy import home


def kept(office: Office) -> list[tuple[str, str, str]]:
    with office.kit.db.reading() as session:
        found = AgentReplies(session, "T1").of_cases(range(1, 100))
    return [(each.agent, each.source, each.text) for each in found]


def in_thread(office: Office, words: str, ts: str, *, user: str = "UAGENT", changed: bool = False) -> None:
    message = Incoming("CSHOP", ts, user, words, thread_ts="1.000100")
    if changed:
        office.intake.changed(message)
    else:
        office.intake.accept(message, f"Ev{ts}")


def a_case_in_a_channel(office: Office) -> None:
    office.ask("<@UBOT> do you engrave mugs?", channel="CSHOP")


def test_what_an_agent_writes_in_the_thread_is_kept_once_as_it_stands(office: Office) -> None:
    a_case_in_a_channel(office)
    for _ in range(2):
        in_thread(office, "<@UMIA> we do &amp; for 5.00", "8.000100")
    assert kept(office) == [("UAGENT", "thread", "we do & for 5.00")]
    in_thread(office, "we do, for 6.00", "8.000100", changed=True)
    assert kept(office) == [("UAGENT", "thread", "we do, for 6.00")]
    office.intake.deleted("CSHOP", "8.000100")
    in_thread(office, "a late edit", "8.000100", changed=True)
    assert kept(office) == []


def test_what_is_deleted_before_it_comes_and_what_is_for_a_colleague_is_not_kept(office: Office) -> None:
    a_case_in_a_channel(office)
    office.intake.deleted("CSHOP", "8.000100")
    in_thread(office, "we do", "8.000100")
    in_thread(office, "<@UAGENT2> do we?", "8.000200")
    in_thread(office, ":eyes:", "8.000300")
    in_thread(office, "me too", "8.000400", user="UTOM")
    assert kept(office) == []


def test_what_goes_by_the_card_is_kept_and_internal_talk_never(office: Office) -> None:
    case = waiting(office)
    write(office, case, "is she a zebra?")
    ts = write(office, case, "It costs 5.00")
    office.cases.words.bring(case.id, "UAGENT", ts)
    office.cases.words.bring(case.id, "UAGENT", ts)
    office.cases.words.write(case.id, "UAGENT", "And it takes a week", key="form:V1")
    assert office.cases.words.write(case.id, "UAGENT2", "no")
    assert kept(office) == [("UAGENT", "card", "It costs 5.00"), ("UAGENT", "form", "And it takes a week")]
    office.intake.deleted(case.card_channel, ts)
    assert kept(office) == [("UAGENT", "form", "And it takes a week")]
    assert "desk.db" not in held(office, home(office), "zebra")


def test_words_that_could_not_be_brought_are_not_kept(office: Office) -> None:
    case = waiting(office)
    office.surface.broken = True
    with pytest.raises(ConnectionError):
        office.cases.words.write(case.id, "UAGENT", "It costs 5.00", key="form:V1")
    assert kept(office) == []
    office.surface.broken = False
    assert not office.cases.words.write(case.id, "UAGENT", "It costs 5.00", key="form:V1"), "it may be tried again"
    assert kept(office) == [("UAGENT", "form", "It costs 5.00")]


def test_a_form_that_is_delivered_twice_is_sent_once(office: Office) -> None:
    case = waiting(office)
    for _ in range(2):
        assert not office.cases.words.write(case.id, "UAGENT", "It costs 5.00", key="form:V1")
    assert not office.cases.words.write(case.id, "UAGENT", "It costs 5.00", key="form:V2"), "another form is another"
    assert sum("5.00" in words for words in office.surface.texts()) == 2


def test_erasing_the_customer_reaches_them(office: Office) -> None:
    case = waiting(office)
    office.cases.words.write(case.id, "UAGENT", "Hello Mia, zebra", key="form:V1")
    erased = office.privacy.erase(Customer("T1", "UMIA"))
    assert (erased.rows.replies, kept(office)) == (1, [])
    assert "1 reply of an agent" in erased.count
    assert "desk.db" not in held(office, home(office), "zebra")
