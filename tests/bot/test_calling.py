"""A card that changes notifies nobody: who has a case is called below it, and a case that is opened again in the
channel too. At most once until they stir, or for five minutes."""

from datetime import timedelta

from bot.notices import CALLED_AGAIN
from storage.notices import Notices
from tests.bot.conftest import Office

WROTE = "<@UAGENT>, <@UMIA> has written again: it stands on the card."
OPENED = "<@UMIA> has opened this request again: it waits for a person. Who takes it?"


def notes(office: Office, words: str) -> list[tuple[str, str, bool]]:
    """(channel, thread, whether it is in the channel as well) of each such note."""
    return [(channel, thread, bool(mark)) for _, channel, thread, said, mark in office.surface.notes if said == words]


def test_the_holder_is_called_once_until_they_stir_or_a_while_has_passed(office: Office) -> None:
    case = office.case(office.ask("a human, please"))
    office.ask("hello?", thread=case.thread_ts)
    assert office.surface.notes == [], "nobody has it"
    office.cases.take(case.id, "UAGENT")
    card = next(iter(office.surface.cards))
    for words in ("it is the blue one", "the big one", "my parcel, that is"):
        office.clock.now += timedelta(seconds=20)
        office.ask(words, thread=case.thread_ts)
    assert notes(office, WROTE) == [("CAGENTS", card, False)], "one, below the card and not in the channel"
    assert not any("blue" in said for _, _, _, said, _ in office.surface.notes), "no words that an erasure would miss"
    office.clock.now += timedelta(seconds=20)
    office.cases.words.write(case.id, "UAGENT", "I look at it.")
    office.clock.now += timedelta(seconds=20)
    office.ask("thanks a lot")
    assert len(notes(office, WROTE)) == 2, "the agent has written"
    office.ask("and the red one")
    assert len(notes(office, WROTE)) == 2
    office.clock.now += CALLED_AGAIN
    office.ask("are you there?")
    assert len(notes(office, WROTE)) == 3


def test_a_case_that_is_opened_again_is_told_of_in_the_channel(office: Office) -> None:
    heard = office.ask("a human, please")
    case = office.case(heard)
    card = next(iter(office.surface.cards))
    office.cases.resolve(case.id)
    again = office.hear("it is still broken", thread=case.thread_ts)
    office.cases.reopened(case.id, again.reopened)
    assert notes(office, OPENED) == [("CAGENTS", card, True)]
    office.cases.resolve(case.id)
    office.followups.person(case.id, heard.turn_id, "UMIA")
    office.followups.person(case.id, heard.turn_id, "UMIA")
    assert len(notes(office, OPENED)) == 2


def test_what_could_not_be_told_is_told_by_the_housekeeping(office: Office) -> None:
    heard = office.ask("a human, please")
    case = office.case(heard)
    office.cases.resolve(case.id)
    again = office.hear("it is still broken", thread=case.thread_ts)
    assert again.reopened == "person"  # written down, and the process died
    office.wait(3)
    assert len(notes(office, OPENED)) == 1
    with office.kit.db.reading() as session:
        assert all(each.sent_at for each in Notices(session).of(office.case(heard)).values())


def test_a_new_card_is_seen_and_a_test_disturbs_nobody(office: Office) -> None:
    heard = office.ask("parcel")
    case = office.case(heard)
    office.followups.done(case.id, "UMIA")
    again = office.hear("parcel!", thread=case.thread_ts)
    office.cases.reopened(case.id, again.reopened)
    assert notes(office, OPENED) == []
    tested = office.case(office.ask("a human, please", user="UAGENT2", channel="DAGENT2"))
    office.cases.resolve(tested.id)
    again = office.hear("still broken", user="UAGENT2", channel="DAGENT2", thread=tested.thread_ts)
    office.cases.reopened(tested.id, again.reopened)
    office.cases.take(tested.id, "UAGENT2")
    office.ask("so?", user="UAGENT2", channel="DAGENT2", thread=tested.thread_ts)
    assert office.surface.notes == []
