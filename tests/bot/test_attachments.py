"""What comes with a message, from its arrival to the answer and the card."""

import pytest

from bot import wording
from bot.attachments import AttachmentDesk, spoken
from bot.listeners import cards
from model.images import UnreadablePicture
from model.picture_reader import ReaderBusy, ReaderMissing
from storage.attachments import Arrived, Attachment, Attachments
from storage.tables import ERASED
from tests.bot.conftest import Office

SHOT = Arrived("file", "F1", "shot.png", "u/shot", "https://x.example/F1", 100)
STATUS = "9:41\nYour parcel\nOrder 10042"


def kept(office: Office, turn_id: int) -> list[Attachment]:
    with office.kit.db.reading() as session:
        return Attachments(session).of_turn(turn_id)


def test_a_picture_alone_is_answered(office: Office) -> None:
    office.files.kept["u/shot"] = STATUS.encode()
    accepted = office.ask("", SHOT)
    assert "on its way" in office.surface.texts()[-1]
    turn = office.turn(accepted)
    assert (turn.text, turn.intent, turn.route) == ("", "order_status", "ANSWER")
    assert "Your parcel. Order 10042" in office.classifier.seen
    [one] = kept(office, turn.id)
    assert (one.status, one.text, one.confidence) == ("read", STATUS, pytest.approx(0.8))


def test_clear_words_are_not_talked_over_by_a_picture(office: Office) -> None:
    office.files.kept["u/shot"] = STATUS.encode()
    accepted = office.ask("how do I return this?", SHOT)
    assert office.turn(accepted).intent == "return_how"
    assert office.kit.words(office.turn(accepted)) == "how do I return this?\nYour parcel. Order 10042"


def test_unclear_words_are_read_with_their_picture(office: Office) -> None:
    office.files.kept["u/shot"] = STATUS.encode()
    assert office.turn(office.ask("what is this??", SHOT)).intent == "order_status"


def test_the_number_in_a_picture_is_the_orders(office: Office) -> None:
    seen: list[str] = []
    office.files.kept["u/shot"] = STATUS.encode()
    answer = office.desk._replies._responder().respond
    office.desk._replies._responder().respond = lambda request, on_sentence: (  # type: ignore[method-assign]
        seen.append(request.slots.get("order_number", "")) or answer(request)  # type: ignore[func-returns-value]
    )
    office.ask("where is it?", SHOT)
    assert seen == ["10042"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (UnreadablePicture("animated", ""), "animated"),
        (UnreadablePicture("kind", ""), "kind"),
        (ReaderBusy(""), "busy"),
        (ReaderMissing("one line"), "missing"),
        (RuntimeError("no idea"), "broken"),
    ],
)
def test_without_words_the_customer_is_asked_for_some(office: Office, error: Exception, reason: str) -> None:
    office.files.kept["u/shot"] = b"x"
    office.reader.error = error
    accepted = office.ask("", SHOT)
    said = office.surface.said[-1][-1]
    assert said.text == wording.UNREAD[reason]
    assert said.person
    assert kept(office, accepted.turn_id)[0].reason == reason
    assert not office.turn(accepted).predicted


def test_with_words_the_answer_says_that_the_picture_was_not_read(office: Office) -> None:
    accepted = office.ask("where is my parcel?", SHOT)
    said = office.surface.said[-1][-1]
    assert "on its way" in said.text
    assert wording.NOT_READ in said.notice
    assert kept(office, accepted.turn_id)[0].reason == "fetch"


@pytest.mark.parametrize(
    ("size", "data", "reason"), [(6000, b"x", "large"), (1, b"", "wordless"), (1, b"?!", "broken")]
)
def test_what_is_too_large_is_not_fetched_and_what_says_nothing_is_said_so(
    office: Office, size: int, data: bytes, reason: str
) -> None:
    office.files.kept["u/shot"] = data
    accepted = office.ask("", Arrived("file", "F1", "shot.png", "u/shot", size=size))
    assert office.surface.texts()[-1] == wording.UNREAD[reason]
    assert kept(office, accepted.turn_id)[0].reason == reason
    assert (office.reader.seen == []) == (reason == "large")


def test_of_many_files_the_first_are_read(office: Office) -> None:
    office.files.kept["u/shot"] = STATUS.encode()
    accepted = office.ask("", *[SHOT] * 6)
    assert [one.reason for one in kept(office, accepted.turn_id)] == [""] * 4 + ["many"] * 2


def test_a_file_named_by_its_id_alone_is_asked_for(office: Office) -> None:
    office.files.kept["u/shot"] = STATUS.encode()
    office.files.known["F1"] = [SHOT]
    assert office.turn(office.ask("", Arrived("file", "F1"))).intent == "order_status"


def test_a_voice_clip_counts_as_the_customers_own_words(office: Office) -> None:
    accepted = office.ask("", Arrived("voice", "F2", "voice.m4a", text="where is my parcel"))
    assert office.turn(accepted).intent == "order_status"
    assert office.kit.heard(office.turn(accepted)).own == "where is my parcel"


def test_a_transcript_that_comes_later_or_is_longer_is_fetched(office: Office) -> None:
    office.files.known["F2"] = [Arrived("voice", "F2"), Arrived("voice", "F2", url="u/vtt", text="hello, I wanted to")]
    office.files.kept["u/vtt"] = b"WEBVTT\n\n1\n00:00.000 --> 00:02.000\n<v Mia>hello, I wanted to\nask for a refund\n"
    assert office.turn(office.ask("", Arrived("voice", "F2"))).intent == "refund"


def test_a_voice_clip_without_a_transcript_is_asked_for_in_words(office: Office) -> None:
    office.ask("", Arrived("voice", "F2"))
    assert office.surface.texts()[-1] == wording.UNREAD["silent"]


def test_spoken_leaves_out_times_names_and_notes() -> None:
    assert (
        spoken("WEBVTT\r\n\r\nNOTE made by x\r\n\r\n00:01 --> 00:02 align:start\r\n<v Tom>Hi <i>there</i>\r\n")
        == "Hi there"
    )


def test_a_turn_worked_again_after_a_crash_reads_nothing_twice(office: Office) -> None:
    office.files.kept["u/shot"] = STATUS.encode()
    accepted = office.hear("", SHOT)
    turn = office.turn(accepted)
    assert office.desk._bursts._attached.read(turn) == ""
    office.crash(accepted)
    office.desk.work(turn.conversation_id)
    assert len(office.reader.seen) == 1
    assert len(office.surface.texts()) == 1


def test_agents_see_what_was_read_and_deletion_takes_it(office: Office) -> None:
    office.files.kept["u/shot"] = b"A human please\nOrder 10042"
    accepted = office.ask("", SHOT)
    [card] = office.surface.cards.values()
    [one] = card.enclosed
    assert (card.text, one.text, one.link, one.confidence) == ("", "A human please\nOrder 10042", SHOT.link, 0.8)

    office.intake.deleted("DMIA", office.turn(accepted).ts)
    office.followups.deleted(accepted.turn_id)
    [card] = office.surface.cards.values()
    assert card.enclosed == ()
    [gone] = kept(office, accepted.turn_id)
    assert {gone.text, gone.matters, gone.name, gone.url, gone.link} == {ERASED}
    assert "10042" not in office.kit.words(office.turn(accepted))


def test_while_a_person_has_the_case_the_bot_asks_for_no_words(office: Office) -> None:
    accepted = office.ask("a human please")
    assert accepted.case is not None
    before = len(office.surface.texts())
    office.ask("", SHOT, thread=accepted.case.thread_ts)
    assert not set(office.surface.texts()[before:]) & {*wording.UNREAD.values(), wording.NO_WORDS}
    assert office.surface.cards


def test_switched_off_it_is_said_as_ever(office: Office) -> None:
    office.desk._bursts._attached = AttachmentDesk(office.kit)
    office.ask("", SHOT)
    assert office.surface.texts()[-1] == wording.NO_WORDS


def test_what_was_read_stays_on_the_card_where_the_customer_writes_on(office: Office) -> None:
    office.files.kept["u/shot"] = b"Error 502\nDo not try again"
    first = office.ask("a human please", SHOT)
    case = office.case(first)
    [card] = office.surface.cards.values()
    assert [(each.other, each.picture) for each in card.enclosed] == [(False, "F1")]
    office.ask("where is my refund?", thread=case.thread_ts)
    [card] = office.surface.cards.values()
    drawn = str(cards.card(card))
    assert card.text == "where is my refund?"
    assert "*Read from <https://x.example/F1|shot.png>*, 80% sure, with another message\\n>Error 502" in drawn
    assert "'image'" not in drawn
    office.intake.deleted("DMIA", office.turn(first).ts)
    office.followups.deleted(first.turn_id)
    [card] = office.surface.cards.values()
    assert card.enclosed == ()


def test_a_picture_behind_the_request_stands_on_the_card_too(office: Office) -> None:
    office.files.kept["u/shot"] = b"Error 502\nDo not try again"
    case = office.case(office.ask("a human please"))
    office.ask("hello?", SHOT, thread=case.thread_ts)
    [card] = office.surface.cards.values()
    assert card.text == "a human please"
    assert "Error 502" in str(cards.card(card))
