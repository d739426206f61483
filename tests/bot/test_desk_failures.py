"""What could not be said, or was said without hearing so: the customer is told, once."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from bot import wording
from bot.apologies import MAX_ATTEMPTS
from bot.values import Said
from model.types import Prediction
from storage.conversations import Conversation
from tests.bot.conftest import CALLED, Office, database, made
from tests.bot.failing import FailingSurface

QUIET = 2.0


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[Office]:
    """A desk for requests in pieces, over a platform that fails as it is told."""
    surface = FailingSurface()
    office = made(database(tmp_path), surface=surface, quiet=QUIET)
    surface.look = office.kit.case
    yield office
    assert surface.wrong == []
    office.kit.db.close()


def test_a_reply_that_was_posted_without_hearing_so_is_not_followed_by_an_apology(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = office.surface.say

    def lose(channel: str, thread: str, said: Said) -> str:
        say(channel, thread, said)
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(office.surface, "say", lose)
        heard = office.ask("parcel")
    office.desk.free()
    office.desk.work(office.case(heard).id)
    assert len(office.surface.said) == 1
    assert (office.turn(heard).status, office.case(heard).state) == ("done", "bot")


def at_the_mercy(desk: Office, case: Conversation, fate: str) -> None:
    """Work a case while the platform fails so, then begin anew as after a start, with a platform that works."""
    assert isinstance(desk.surface, FailingSurface)
    desk.surface.fate = fate
    with suppress(SystemExit):
        desk.desk.work(case.id)
    desk.surface.fate = ""
    desk.desk.free()
    for case_id in desk.desk.unfinished():
        desk.desk.work(case_id)


@pytest.mark.parametrize("fate", ["+", "X"])
def test_whoever_read_an_apology_that_promises_a_person_gets_one(failing: Office, fate: str) -> None:
    heard = failing.hear("boom")
    at_the_mercy(failing, failing.case(heard), fate)
    assert failing.surface.texts() == [wording.APOLOGY]
    assert (failing.turn(heard).status, failing.case(heard).state) == ("failed", "waiting")
    assert failing.turn(heard).error == "RuntimeError: the model fell over"
    [card] = failing.surface.cards.values()
    assert str(heard.turn_id) in card.reason


@pytest.mark.parametrize("fate", ["+", "X"])
def test_so_does_who_read_it_under_a_piece_of_a_request(failing: Office, fate: str) -> None:
    """What was joined to an answer, which could then not be changed."""
    failing.ask("breakfast")
    failing.quiet(QUIET)
    piece = failing.hear("hm")
    at_the_mercy(failing, failing.case(piece), f"-{fate}")
    assert failing.surface.texts() == [wording.OFFER, wording.APOLOGY]
    assert (failing.turn(piece).status, failing.case(piece).state) == ("failed", "waiting")


@pytest.mark.parametrize("fate", ["--", "-x"])
def test_an_apology_that_was_never_posted_is_forgotten(failing: Office, fate: str) -> None:
    heard = failing.hear("parcel")
    at_the_mercy(failing, failing.case(heard), fate)
    assert failing.surface.texts() == ["Hello Umia, it is on its way."]
    assert (failing.turn(heard).status, failing.turn(heard).error) == ("done", "")
    assert failing.case(heard).state == "bot"


@pytest.mark.parametrize("fate", ["+", "-", "++", "+-", "--", "-+", "X++", "x"])
def test_what_parts_from_a_request_that_a_person_has_meanwhile_has_one_reply(
    failing: Office, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    first, second = failing.hear("my parcel"), failing.hear("my refund")
    read = failing.classifier.predict

    def press(texts: Sequence[str]) -> list[Prediction]:
        """Its customer calls a person while the second message is read."""
        if texts[0] == "my refund" and failing.turn(first).status == "done":
            monkeypatch.undo()
            failing.followups.person(failing.case(first).id, first.turn_id, "UMIA")
            surface.fate = fate
        return read(texts)

    surface = failing.surface
    assert isinstance(surface, FailingSurface)
    monkeypatch.setattr(failing.classifier, "predict", press)
    at_the_mercy(failing, failing.case(first), "")
    turns = [said.turn_id for *_, said in surface.said if said.turn_id and not said.mark]
    assert len(turns) == len(set(turns))
    assert wording.APOLOGY not in surface.texts()
    assert failing.turn(second).status in ("done", "failed"), "given up where nobody could be told twice"
    assert failing.case(first).state == "waiting"


def test_who_writes_to_a_waiting_case_while_the_model_fails_hears_that_a_person_has_it(office: Office) -> None:
    case = office.case(office.ask("a human please"))
    office.ask("boom", thread=case.thread_ts)
    assert office.surface.texts() == [CALLED, wording.WITH_A_PERSON]


def test_a_notice_that_could_not_be_posted_counts_as_not_said(office: Office) -> None:
    case = office.case(office.ask("a human please"))
    office.surface.broken = True
    office.ask("hello?", thread=case.thread_ts)
    office.surface.broken = False
    office.desk.free()
    office.desk.work(case.id)
    assert office.surface.texts() == [CALLED, wording.WITH_A_PERSON]


def test_a_customer_who_could_not_be_told_is_told_once_the_network_is_back(office: Office) -> None:
    office.surface.broken = True
    heard = office.hear("parcel")
    for _ in range(MAX_ATTEMPTS):
        office.desk.work(office.case(heard).id)
        office.desk.free()
    office.surface.broken = False
    office.wait(0)
    assert office.surface.texts() == [CALLED]


def test_a_hand_off_that_the_customer_forestalled_is_not_announced_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = office.ask("parcel")
    case = office.case(first)
    predict = office.classifier.predict

    def press(texts: object) -> object:
        office.followups.person(case.id, first.turn_id, "UMIA")
        return predict(texts)  # type: ignore[arg-type]

    monkeypatch.setattr(office.classifier, "predict", press)
    office.ask("a human please", thread=case.thread_ts)
    assert office.surface.texts()[1:] == [CALLED, wording.WITH_A_PERSON]


def test_given_back_while_it_is_being_understood_it_is_answered(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.case(office.ask("a human please"))
    heard = office.hear("parcel", thread=case.thread_ts)
    held = office.desk._held_by_bot

    def give_back(case_id: int, words: str = "") -> bool:
        monkeypatch.undo()
        before = held(case_id)
        office.cases.release(case_id)
        return before

    monkeypatch.setattr(office.desk, "_held_by_bot", give_back)
    office.desk.work(case.id)
    assert office.surface.texts()[1:] == [wording.RELEASED, "Hello Umia, it is on its way."]
    assert office.turn(heard).status == "done"


def test_a_draft_that_could_not_be_sent_may_be_sent_again(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel")
    drafting.surface.broken = True
    with pytest.raises(ConnectionError):
        drafting.cases.drafts.send(heard.turn_id, "UAGENT")
    drafting.surface.broken = False
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT2") == ""
    assert drafting.surface.texts()[1:] == ["Hello Umia, it is on its way."]


def test_a_choice_that_could_not_be_answered_may_be_made_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = office.ask("hm")

    def fail(*_: object) -> None:
        raise ConnectionError("no network")

    for choose in (
        lambda: office.followups.choose(heard.turn_id, "refund", "UMIA"),
        lambda: office.followups.none(heard.turn_id, "UMIA"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(office.surface, "change", fail)
            with pytest.raises(ConnectionError):
                choose()
    assert office.followups.choose(heard.turn_id, "refund", "UMIA") == ""
    assert office.surface.texts() == ["Five working days."]
