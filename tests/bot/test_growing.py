"""Replies that grow while they are written: what stands in the end, whoever interferes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.growing import KEY
from model.types import OnSentence, Reply, ReplyRequest, unheard
from storage.keyvalues import KeyValues
from tests.bot.conftest import Office, database, made
from tests.bot.fakes import FakeResponder

SENTENCES = ("It is on its way.", "It comes on Monday.")


class Slow(FakeResponder):
    """Writes the two sentences one after the other; `between` happens after each."""

    def __init__(self) -> None:
        self.between: Callable[[], object] = lambda: None
        self.text = " ".join(SENTENCES)

    def respond(self, request: ReplyRequest, on_sentence: OnSentence = unheard) -> Reply | None:
        for sentence in SENTENCES:
            on_sentence(sentence)
            self.between()
        return Reply(self.text, "generated", (), "r1")


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def office(tmp_path: Path, slow: Slow) -> Iterator[Office]:
    db = database(tmp_path)
    yield growing(made(db), slow)
    db.close()


def growing(office: Office, slow: Slow) -> Office:
    office.desk._grows_after = 0.0
    office.desk._replies._responder = lambda: slow
    return office


def left(office: Office) -> list[str]:
    with office.kit.db.reading() as session:
        return KeyValues(session, "T1").keys(KEY)


def test_the_reply_grows_and_is_one_message(office: Office) -> None:
    asked = office.ask("parcel")
    [(ts, shown)] = office.surface.growing.items()
    assert shown == [SENTENCES[0], f" {SENTENCES[1]}"]
    [(posted, _, _, said)] = office.surface.said
    assert (posted, said.text, said.feedback) == (ts, " ".join(SENTENCES), True)
    assert (office.turn(asked).reply_ts, office.turn(asked).reply_text) == (ts, said.text)
    assert left(office) == []


def test_a_quick_reply_comes_whole(office: Office) -> None:
    office.desk._grows_after = 60.0
    office.ask("parcel")
    office.desk._grows_after = -1.0
    office.ask("parcel")
    assert office.surface.growing == {}
    assert office.surface.texts() == [" ".join(SENTENCES)] * 2


def test_what_was_shown_is_replaced_where_another_text_stands_in_the_end(office: Office, slow: Slow) -> None:
    slow.text = "The approved text."
    office.ask("parcel")
    assert len(office.surface.growing) == 1
    assert office.surface.texts() == ["The approved text."]
    assert office.surface.said[0][3].feedback


def test_it_is_taken_back_where_a_person_takes_the_case_meanwhile(office: Office, slow: Slow) -> None:
    asked = office.hear("parcel")
    slow.between = lambda: office.cases.take(office.case(asked).id, "UAGENT")
    office.desk.work(office.case(asked).id)
    assert office.surface.removed == list(office.surface.growing)
    assert SENTENCES[0] not in "".join(office.surface.texts())
    assert left(office) == []


def test_it_comes_whole_where_it_cannot_grow(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> str:
        raise ConnectionError("ratelimited")

    monkeypatch.setattr(office.surface, "begin", refused)
    office.ask("parcel")
    assert office.surface.texts() == [" ".join(SENTENCES)]


def test_a_process_that_dies_leaves_no_half_reply(office: Office, slow: Slow) -> None:
    def dies() -> None:
        raise SystemExit

    asked = office.hear("parcel")
    slow.between = dies
    office.surface.remove = lambda channel, ts: dies()  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        office.desk.work(office.case(asked).id)
    assert len(left(office)) == 1
    again = growing(made(office.kit.db, surface=replace(office.surface)), Slow())
    again.desk.free()
    again.desk.work(office.case(asked).id)
    assert again.surface.removed == list(office.surface.growing)[:1]
    assert again.surface.texts() == [" ".join(SENTENCES)]
    assert left(office) == []
