"""Whoever waits hears of their new place: in the message that told the old one, and in no other."""

from contextlib import suppress
from pathlib import Path

import pytest

from bot.languages import Languages, phrases
from bot.line import AT_ONCE, TRIES
from bot.values import Customer
from storage.keyvalues import KeyValues
from tests.bot.conftest import Office, database, made


def queue(office: Office, *users: str, words: str = "a human please") -> None:
    for user in users:
        office.ask(words, user=user, channel=f"D{user}")


def numbers(office: Office) -> list[str]:
    """The place that each message tells."""
    return [
        said.text.rpartition("number ")[2][:2].strip() for *_, said in office.surface.said if "in line" in said.text
    ]


def kept(office: Office) -> dict[str, object]:
    with office.kit.db.reading() as session:
        return KeyValues(session, "T1").under("line:")


def test_as_one_is_served_the_others_move_up_in_the_same_messages(office: Office) -> None:
    queue(office, "UMIA", "UTOM", "UEVE")
    before = office.surface.said[1]
    assert numbers(office) == ["1", "2", "3"]
    office.cases.take(1, "UAGENT")
    said = len(office.surface.said)
    office.wait(0)
    assert len(office.surface.said) == said, "nobody is called for a number"
    assert numbers(office) == ["1", "1", "2"]
    (ts, *place, now) = office.surface.said[1]
    assert (ts, *place) == before[:3]
    assert now.text == before[3].text.replace("number 2", "number 1")
    assert (now.turn_id, now.notice, now.facts) == (before[3].turn_id, before[3].notice, before[3].facts)


def test_each_change_is_told_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    changed: list[str] = []
    change = office.surface.change
    monkeypatch.setattr(
        office.surface, "change", lambda channel, ts, said: (changed.append(channel), change(channel, ts, said))
    )
    queue(office, "UMIA", "UTOM")
    office.cases.resolve(1)
    for _ in range(3):
        office.wait(0)
    assert changed == ["DUTOM"]
    office.cases.take(2, "UAGENT")
    office.wait(0)
    assert (changed, kept(office)) == (["DUTOM"], {}), "who is served waits for nothing"


def test_a_long_line_moves_up_a_few_at_a_time_the_foremost_first(office: Office) -> None:
    queue(office, *(f"U{number}" for number in range(9)))
    office.cases.take(1, "UAGENT")
    office.wait(0)
    assert numbers(office) == ["1", *(str(number) for number in range(1, AT_ONCE + 1)), "7", "8", "9"]
    office.wait(0)
    assert numbers(office)[-3:] == ["6", "7", "8"]


def test_who_was_called_by_a_button_or_writes_in_another_language_moves_up_too(tmp_path: Path) -> None:
    office = made(database(tmp_path), languages=Languages(lambda: frozenset({"en"})))
    queue(office, "UMIA")
    heard = office.ask("Wo ist denn mein Paket, ich warte seit Wochen", user="UTOM", channel="DUTOM")
    office.followups.person(office.case(heard).id, heard.turn_id, "UTOM")
    assert office.surface.texts()[-1].endswith(phrases("de").line.format(number=2))
    office.cases.take(1, "UAGENT")
    office.wait(0)
    assert phrases("de").line.format(number=1) in office.surface.texts()[-2]


def test_a_message_that_takes_no_edit_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(office, "UMIA", "UTOM")
    tried: list[str] = []

    def refuse(channel: str, ts: str, said: object) -> None:
        tried.append(ts)
        raise ConnectionError("message_not_found")

    monkeypatch.setattr(office.surface, "change", refuse)
    office.cases.take(1, "UAGENT")
    for _ in range(TRIES + 2):
        for case_id in office.waits.due():
            with suppress(ConnectionError):
                office.waits.work(case_id)
    assert len(tried) == TRIES


BOTH = "where is my parcel? And can I talk to a human please?"


def test_an_answer_beside_the_hand_off_stays_and_is_kept_in_the_log_alone(office: Office) -> None:
    queue(office, "UMIA")
    queue(office, "UTOM", words=BOTH)
    before = office.surface.texts()[-1]
    assert "it is on its way" in before
    assert "it is on its way" not in str(kept(office))
    office.cases.take(1, "UAGENT")
    office.wait(0)
    assert before.replace("number 2", "number 1") in office.surface.texts()


def test_what_is_erased_meanwhile_is_not_written_again(office: Office) -> None:
    queue(office, "UMIA")
    queue(office, "UTOM", words=BOTH)
    before = office.surface.texts()
    office.privacy.erase(Customer("T1", "UTOM"))
    office.cases.take(1, "UAGENT")
    office.wait(0)
    assert office.surface.texts()[: len(before)] == before
