"""A request that comes in pieces has one answer; a clear one is not held."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import wording
from bot.addressing import Incoming
from bot.attachments import AttachmentDesk
from bot.behind import BEHIND, Behind, Fit
from bot.bursts import LONGEST
from bot.languages import Languages
from model.images import UnreadablePicture
from model.types import Prediction
from storage import redaction, unlabelled
from storage.attachments import Arrived
from storage.conversations import Conversation
from storage.corrections import Corrections
from storage.database import Database
from storage.statistics import stats
from storage.tables import ERASED
from storage.turns import Turn, Turns
from tests.bot.conftest import CALLED, Office, database, made
from tests.bot.shop import MINE, a_shop

QUIET = 2.0
PARCEL, REFUND = "Hello Umia, it is on its way.", "Five working days."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    db = database(tmp_path)
    yield made(db, quiet=QUIET)
    db.close()


def edit(desk: Office, ts: str, words: str) -> None:
    desk.followups.edited(desk.intake.changed(Incoming("DMIA", ts, "UMIA", words)))


def delete(desk: Office, ts: str) -> None:
    desk.followups.deleted(desk.intake.deleted("DMIA", ts))


def words_of(desk: Office, turn_id: int) -> str:
    turn = desk.kit.turn(turn_id)
    assert turn is not None
    return desk.kit.words(turn)


def test_a_clear_message_is_answered_at_once_and_so_is_the_next(desk: Office) -> None:
    first = desk.ask("where is my parcel?")
    assert desk.surface.texts() == [PARCEL]
    desk.clock.now += timedelta(seconds=1)
    second = desk.ask("and my refund?")
    assert desk.surface.texts() == [PARCEL, REFUND]
    one, two = desk.turn(first), desk.turn(second)
    assert one.conversation_id != two.conversation_id
    assert [thread for _, _, thread, _ in desk.surface.said] == [one.ts, two.ts]
    assert (two.joined_to, two.reply_kind) == (None, "verbatim")


def test_two_clear_messages_that_nobody_has_read_yet_keep_their_answers(desk: Office) -> None:
    first, second, third = desk.hear("my parcel"), desk.hear("my refund"), desk.hear("how do I return it")
    assert first.case is not None
    desk.desk.work(first.case.id)
    assert desk.surface.texts() == [PARCEL, REFUND, "Use the label & the box."]
    assert len({desk.turn(each).conversation_id for each in (first, second, third)}) == 3


def test_what_says_little_waits_for_quiet(desk: Office) -> None:
    heard = desk.ask("breakfast")
    assert desk.surface.said == []
    desk.quiet(QUIET - 0.1)
    assert desk.surface.said == []
    desk.quiet(0.1)
    assert desk.surface.texts() == [wording.OFFER]
    assert desk.turn(heard).attempts == 1


def test_seven_messages_have_one_answer_in_the_first_ones_thread(desk: Office) -> None:
    said = ("hi", "i have a question", "about the mugs", "10042", "has it come", "??", "the parcel")
    heard = []
    for words in said:
        heard.append(desk.ask(words))
        desk.clock.now += timedelta(seconds=0.5)
    first = desk.turn(heard[0])
    assert [(thread, said.text) for _, _, thread, said in desk.surface.said] == [(first.ts, PARCEL)]
    assert words_of(desk, first.id) == "\n".join(said)
    assert {desk.turn(each).conversation_id for each in heard} == {first.conversation_id}
    assert {(desk.turn(each).joined_to, desk.turn(each).reply_kind) for each in heard[1:]} == {(first.id, "joined")}
    assert desk.desk.unfinished() == []


def test_it_is_held_four_times_as_long_at_most(desk: Office) -> None:
    desk.ask("breakfast")
    for second in range(round(LONGEST * QUIET) - 1):
        desk.clock.now += timedelta(seconds=1)
        desk.ask(f"more of it, {second}")
        assert desk.surface.said == []
    desk.quiet(1)
    assert desk.surface.texts() == [wording.OFFER]


def test_a_call_for_a_person_ends_it(desk: Office) -> None:
    desk.ask("breakfast")
    desk.ask("hm")
    heard = desk.ask("a human")
    assert desk.surface.texts() == [CALLED]
    assert desk.case(heard).state == "waiting"


def test_a_call_for_a_person_is_heard_among_fragments_that_are_not_understood_with_it(desk: Office) -> None:
    desk.ask("breakfast")
    desk.ask("hm a human")
    desk.ask("human")
    assert desk.surface.texts() == [CALLED]


def test_what_is_clear_by_itself_is_answered_though_the_whole_is_not(desk: Office) -> None:
    desk.ask("hm")
    heard = desk.ask("where is my parcel")
    assert desk.surface.texts() == [PARCEL]
    first = desk.turn(heard).joined_to
    assert first is not None
    assert words_of(desk, first) == "hm\nwhere is my parcel"


def test_a_fragment_behind_an_answer_joins_it_and_says_nothing_new(desk: Office) -> None:
    first = desk.ask("where is my parcel?")
    desk.clock.now += timedelta(seconds=BEHIND * QUIET)
    behind = desk.ask("the blue one")
    marks = desk.ask("??")
    desk.quiet(60)
    assert desk.surface.texts() == [PARCEL]
    assert desk.turn(behind).joined_to == desk.turn(marks).joined_to == desk.turn(first).id
    assert words_of(desk, desk.turn(first).id) == "where is my parcel?\nthe blue one\n??"


def test_it_changes_the_reply_in_place_where_together_they_say_something_else(desk: Office) -> None:
    desk.ask("breakfast")
    desk.quiet(QUIET)
    desk.clock.now += timedelta(seconds=1)
    heard = desk.ask("hm")
    assert desk.surface.texts() == [wording.CLARIFY], "one reply, another one in its place"
    assert desk.case(heard).state == "bot", "who was not understood once is not at a loss twice"


def test_no_answer_is_given_up_for_a_question(desk: Office) -> None:
    first = desk.ask("where is my parcel?")
    second = desk.ask("hm a refund?")
    assert desk.surface.texts() == [PARCEL]
    desk.quiet(QUIET)
    assert desk.surface.texts() == [PARCEL, wording.CLARIFY]
    assert desk.turn(first).conversation_id != desk.turn(second).conversation_id


@pytest.mark.parametrize(
    "words",
    [
        "can you recommend a good breakfast?",
        "where is breakfast 99999?",
        "you useless heap of old iron",
        "wo bleibt denn nur mein Frühstück, bitte schön",
        "早餐在哪里？",
    ],
)
@pytest.mark.parametrize("before", ["where is my parcel?", "breakfast"])
def test_a_whole_sentence_closely_behind_an_answer_is_never_passed_over(
    tmp_path: Path, before: str, words: str
) -> None:
    desk = made(database(tmp_path), quiet=QUIET, languages=Languages(lambda: frozenset({"en"})))
    first = desk.ask(before)
    desk.quiet(QUIET)
    replies = len(desk.surface.texts())
    desk.clock.now += timedelta(seconds=1)
    second = desk.ask(words)
    desk.quiet(QUIET)
    assert len(desk.surface.texts()) == replies + 1
    assert desk.turn(second).joined_to is None
    assert desk.turn(first).conversation_id != desk.turn(second).conversation_id
    desk.kit.db.close()


def test_who_goes_on_in_a_language_that_is_read_has_a_reply_of_their_own(tmp_path: Path) -> None:
    desk = made(database(tmp_path), quiet=QUIET, languages=Languages(lambda: frozenset({"en"})))
    desk.ask("wo bleibt denn nur mein Frühstück, bitte schön")
    desk.quiet(QUIET)
    desk.clock.now += timedelta(seconds=1)
    second = desk.ask("any breakfast left?")
    desk.quiet(QUIET)
    assert desk.turn(second).joined_to is None
    assert len(desk.surface.texts()) == 2
    desk.kit.db.close()


@pytest.mark.parametrize("words", ["please help", "Help me please!!", "can you help with this?", "urgent pls"])
def test_a_cry_for_help_closely_behind_an_answer_belongs_to_it(desk: Office, words: str) -> None:
    for each in ("hi", "about my order", "parcel"):
        first = desk.ask(each)
        desk.clock.now += timedelta(seconds=0.5)
    desk.quiet(QUIET)
    assert desk.surface.texts() == [PARCEL]
    behind = desk.ask(words)
    assert desk.surface.texts() == [PARCEL], "no offer of its own"
    assert desk.turn(behind).joined_to == desk.turn(first).joined_to


def test_a_call_for_a_person_closely_behind_an_answer_is_none(desk: Office) -> None:
    desk.ask("where is my parcel?")
    desk.ask("please help, human")
    assert CALLED in desk.surface.texts()


def test_what_comes_behind_an_answer_is_read_once(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    words, read, counts = "hm a refund?", [], []
    looks, fits = AttachmentDesk.read, Behind.fit

    def look(self: AttachmentDesk, turn: Turn) -> str:
        read.append(turn.id)
        return looks(self, turn)

    def fit(self: Behind, case: Conversation, first: Turn, turn: Turn) -> Fit:
        found = fits(self, case, first, turn)
        counts.append((found, desk.classifier.seen.count(words), read.count(turn.id)))
        return found

    monkeypatch.setattr(AttachmentDesk, "read", look)
    monkeypatch.setattr(Behind, "fit", fit)
    desk.ask("where is my parcel?")
    desk.ask(words)
    assert counts == [(Fit.APART, 2, 1)], "by itself once, and as a piece of both together"
    desk.quiet(QUIET)
    assert desk.surface.texts() == [PARCEL, wording.CLARIFY], "it stood alone after all"


def test_what_comes_later_stands_alone(desk: Office) -> None:
    desk.ask("where is my parcel?")
    desk.clock.now += timedelta(seconds=BEHIND * QUIET + 0.1)
    later = desk.ask("breakfast")
    desk.quiet(QUIET)
    assert desk.surface.texts() == [PARCEL, wording.OFFER]
    assert desk.turn(later).joined_to is None


def test_nothing_joins_a_reply_that_was_clicked(desk: Office) -> None:
    first = desk.ask("hm")
    desk.quiet(QUIET)
    desk.followups.choose(first.turn_id, "refund", "UMIA")
    second = desk.ask("breakfast")
    desk.quiet(QUIET)
    assert desk.turn(second).joined_to is None
    assert desk.surface.texts() == [REFUND, wording.OFFER]


def test_thanks_keep_their_path(desk: Office) -> None:
    first = desk.ask("where is my parcel?")
    thanked = desk.ask("thanks!")
    assert desk.surface.texts() == [PARCEL, f"You are welcome. {wording.WAS_ALL}"]
    assert desk.surface.said[-1][2] == desk.turn(thanked).ts
    assert desk.turn(thanked).conversation_id == desk.turn(first).conversation_id


def test_thanks_that_were_written_before_the_answer_came_keep_it_too(desk: Office) -> None:
    asked, thanked = desk.hear("where is my parcel?"), desk.hear("thanks!")
    desk.desk.work(desk.case(asked).id)
    assert desk.surface.texts() == [PARCEL, f"You are welcome. {wording.WAS_ALL}"]
    assert (desk.surface.said[-1][2], desk.turn(thanked).joined_to) == (desk.turn(thanked).ts, None)


def test_a_reply_in_the_thread_ends_the_holding(desk: Office) -> None:
    held = desk.ask("breakfast")
    desk.ask("and my refund?", thread=desk.turn(held).ts)
    assert desk.surface.texts() == [wording.OFFER, REFUND]


def test_others_and_other_places_do_not_join(desk: Office) -> None:
    desk.ask("breakfast")
    desk.ask("my parcel", user="UTOM", channel="DTOM")
    desk.ask("<@UBOT> my refund", channel="CHELP")
    assert desk.surface.texts() == ["Hello Utom, it is on its way.", REFUND]
    desk.ask("<@UBOT> breakfast", channel="CHELP")
    assert desk.surface.texts()[2:] == [wording.OFFER], "in channels nothing is held"


def test_a_person_who_takes_the_case_meanwhile_has_it(desk: Office) -> None:
    held = desk.ask("breakfast")
    desk.cases.take(desk.case(held).id, "UAGENT")
    before = len(desk.surface.said)
    behind = desk.ask("my parcel")
    desk.quiet(QUIET)
    assert PARCEL not in desk.surface.texts()[before:]
    assert desk.turn(behind).conversation_id == desk.case(held).id
    assert desk.desk.unfinished() == []


def test_what_was_held_outlives_the_process(desk: Office) -> None:
    held = desk.ask("breakfast")
    desk.hear("about my parcel")
    again = made(desk.kit.db, quiet=QUIET, surface=desk.surface)
    assert again.desk.unfinished() == [desk.case(held).id]
    again.desk.free()
    again.quiet(0)
    assert desk.surface.texts() == [PARCEL]


def test_a_process_that_dies_while_it_reads_them_together_loses_nothing(desk: Office) -> None:
    held = desk.ask("breakfast")
    desk.hear("hm")
    desk.crash(held)
    desk.quiet(0)
    assert desk.surface.said == []
    desk.quiet(QUIET)
    assert desk.surface.texts() == [wording.CLARIFY]
    assert words_of(desk, held.turn_id) == "breakfast\nhm"


def test_a_process_that_dies_while_it_changes_the_reply_changes_it_later(desk: Office) -> None:
    desk.ask("breakfast")
    desk.quiet(QUIET)
    behind = desk.hear("hm")
    change = desk.surface.change

    def dies(*_: object) -> None:
        raise SystemExit

    desk.surface.change = dies  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        desk.quiet(0)
    desk.surface.change = change  # type: ignore[method-assign]
    desk.desk.free()
    desk.quiet(0)
    assert desk.surface.texts() == [wording.CLARIFY]
    assert desk.turn(behind).status == "done"


def test_of_two_processes_one_works_it(desk: Office) -> None:
    held = desk.ask("breakfast")
    with desk.kit.db.writing() as session:
        assert Turns(session).claim(held.turn_id, 60) is not None
    desk.quiet(QUIET)
    assert desk.surface.said == []


def test_an_edit_while_it_is_held_counts(desk: Office) -> None:
    held = desk.ask("breakfast")
    joined = desk.ask("about it")
    edit(desk, desk.turn(joined).ts, "about my parcel")
    assert words_of(desk, held.turn_id) == "breakfast\nabout my parcel"
    desk.quiet(QUIET)
    assert desk.surface.texts() == [PARCEL]


def test_an_edit_of_what_has_joined_changes_the_reply(desk: Office) -> None:
    desk.ask("breakfast")
    joined = desk.ask("parcel")
    edit(desk, desk.turn(joined).ts, "refund")
    assert desk.surface.texts() == [REFUND]


def test_what_has_joined_and_is_deleted_leaves_the_others(desk: Office) -> None:
    held = desk.ask("breakfast")
    joined = desk.ask("parcel")
    with desk.kit.db.writing() as session:
        Corrections(session).add(
            team="T1", text="breakfast\nparcel", before="order_status", after="refund", by="UAGENT", source="card",
            turn_id=held.turn_id,
        )  # fmt: skip
    delete(desk, desk.turn(joined).ts)
    assert words_of(desk, held.turn_id) == "breakfast"
    assert desk.surface.texts() == [wording.OFFER]
    with desk.kit.db.reading() as session:
        assert [row.text for row in Corrections(session).all("T1")] == [ERASED], "labelled were its words too"


def test_the_first_one_deleted_leaves_the_others(desk: Office) -> None:
    held = desk.ask("breakfast")
    desk.ask("hm")
    delete(desk, desk.turn(held).ts)
    desk.quiet(QUIET)
    assert desk.surface.texts() == [wording.CLARIFY]
    assert words_of(desk, held.turn_id) == "hm"


def test_all_of_them_deleted_leaves_nothing(desk: Office) -> None:
    held = desk.ask("breakfast")
    joined = desk.ask("hm")
    delete(desk, desk.turn(held).ts)
    delete(desk, desk.turn(joined).ts)
    desk.quiet(QUIET)
    assert (desk.surface.said, desk.desk.unfinished()) == ([], [])


def test_the_first_one_deleted_before_the_second_was_read(desk: Office) -> None:
    held = desk.hear("breakfast")
    behind = desk.hear("my parcel")
    delete(desk, desk.turn(held).ts)
    desk.quiet(0)
    assert desk.surface.texts() == [PARCEL]
    assert desk.turn(behind).joined_to is None


def test_nothing_joins_a_reply_whose_message_was_deleted(desk: Office) -> None:
    first = desk.ask("where is my parcel?")
    behind = desk.hear("breakfast")
    delete(desk, desk.turn(first).ts)
    desk.quiet(QUIET)
    assert desk.surface.texts()[1:] == [wording.OFFER]
    assert desk.turn(behind).joined_to is None


def test_a_deletion_calls_nobody(desk: Office) -> None:
    """It is read again without those words: the same question is no second one at which the bot is at a loss."""
    held = desk.ask("breakfast")
    desk.quiet(QUIET)
    behind = desk.ask("hm")
    assert desk.surface.texts() == [wording.CLARIFY]
    delete(desk, desk.turn(behind).ts)
    assert desk.surface.texts() == [wording.OFFER]
    assert desk.case(held).state == "bot"


def test_what_says_the_same_leaves_the_reply_as_it_is(desk: Office) -> None:
    """Changed in place it would lose what stands beside the answer once, such as who the bot is."""
    desk.ask("where is my parcel?")
    before = list(desk.surface.said)
    assert before[0][3].notice
    desk.ask("??")
    assert desk.surface.said == before


def test_they_count_once_and_are_learned_from_together(desk: Office) -> None:
    desk.ask("breakfast")
    desk.ask("parcel")
    with desk.kit.db.reading() as session:
        found = stats(session, datetime.now(UTC) - timedelta(hours=1), "T1")
        assert (found.turns, found.cases, found.answered) == (1, 1, 1)
        assert unlabelled.texts(session, "T1", 10) == ["breakfast\nparcel"]
        assert "breakfast\nparcel" in redaction.texts_of_user(session, "T1", "UMIA")


def test_a_label_given_to_one_is_of_all(desk: Office) -> None:
    held = desk.ask("breakfast")
    joined = desk.ask("parcel")
    turn = desk.corrections.at("DMIA", desk.turn(joined).ts)
    assert turn.id == held.turn_id
    made = desk.corrections.relabel(turn.id, "refund", "UAGENT", "card")
    assert made.correction.text == "breakfast\nparcel"


def test_erasing_reaches_all(desk: Office) -> None:
    desk.ask("breakfast")
    desk.ask("parcel")
    with desk.kit.db.writing() as session:
        assert redaction.erase_user(session, "T1", "UMIA").turns == 2
    with desk.kit.db.reading() as session:
        assert {turn.text for turn in Turns(session).each("T1")} == {ERASED}


def test_agents_see_all_words_on_the_card(desk: Office) -> None:
    desk.ask("breakfast")
    held = desk.ask("a human")
    card = desk.surface.cards[desk.case(held).card_ts]
    assert card.text == "breakfast\na human"


def test_a_draft_is_of_all_words(tmp_path: Path) -> None:
    db: Database = database(tmp_path)
    desk = made(db, "draft", quiet=QUIET)
    desk.ask("breakfast")
    assert desk.surface.said == []
    desk.ask("parcel")
    assert desk.surface.texts() == [wording.DRAFTED]
    assert [card.text for card in desk.surface.cards.values()] == ["breakfast\nparcel"]
    db.close()


def test_turned_off_nothing_is_held(office: Office) -> None:
    office.ask("breakfast")
    office.ask("my parcel")
    assert office.surface.texts() == [wording.OFFER, PARCEL]


def test_a_reply_that_was_changed_is_changed_back_where_the_words_ask_for_it(desk: Office) -> None:
    """The log keeps the first reply: what stands is another one by now."""
    asked = desk.ask("hm")
    desk.quiet(QUIET)
    edit(desk, desk.turn(asked).ts, "my parcel")
    assert desk.surface.texts() == [PARCEL]
    edit(desk, desk.turn(asked).ts, "hm")
    assert desk.surface.texts() == [wording.CLARIFY]
    assert desk.case(asked).state == "bot", "who words one message anew is not at a loss twice"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Office]:
    office = a_shop(tmp_path, quiet=QUIET)
    yield office
    office.kit.db.close()


def test_no_answer_is_given_up_for_an_order_that_is_nobodys(shop: Office) -> None:
    shop.ask("where is my parcel?")
    shop.ask("the one of Tom, 10057")
    shop.quiet(QUIET)
    assert shop.surface.texts() == [MINE, wording.NO_SUCH_ORDER]


def test_another_order_that_is_named_closely_behind_is_told_beside_the_first(shop: Office) -> None:
    shop.ask("where is my parcel 10063?", user="UTOM", channel="DTOM")
    shop.ask("and 10057", user="UTOM", channel="DTOM")
    shop.quiet(QUIET)
    [told] = shop.surface.texts()
    assert "order 10063 (4 zebra plates) is being packed" in told
    assert "order 10057 (1 brass lamp) is late" in told


def test_what_is_clear_only_together_waits_for_what_else_comes(desk: Office) -> None:
    alone = desk.classifier.predict

    def together(texts: Sequence[str]) -> list[Prediction]:
        """Of two topics the last counts, and none where it stands in a line alone."""
        found = alone([text.rsplit("and", 1)[-1] for text in texts])
        return [
            replace(one, text=text, out_of_scope=one.out_of_scope or text.count("\n") < 1)
            for one, text in zip(found, texts, strict=True)
        ]

    desk.classifier.predict = together  # type: ignore[method-assign]
    desk.ask("about it")
    desk.ask("my parcel")
    assert desk.surface.texts() == [], "clear by now, and yet not all"
    desk.clock.now += timedelta(seconds=1)
    desk.ask("and the refund for it")
    assert desk.surface.texts() == []
    desk.quiet(QUIET)
    assert desk.surface.texts() == [REFUND]


def test_marks_behind_an_answer_to_pieces_add_nothing(desk: Office) -> None:
    """Only one of the pieces was clear, and read with all of them nothing is."""
    whole = desk.classifier.predict

    def dim(texts: Sequence[str]) -> list[Prediction]:
        return [replace(one, out_of_scope=one.out_of_scope or "\n" in one.text) for one in whole(texts)]

    desk.classifier.predict = dim  # type: ignore[method-assign]
    desk.ask("breakfast")
    desk.ask("where is my parcel")
    for marks in ("??", "!!", "?!?"):
        desk.ask(marks)
    desk.quiet(QUIET)
    assert desk.surface.texts() == [PARCEL]
    desk.ask("breakfast again")
    desk.quiet(QUIET)
    assert desk.surface.texts() == [PARCEL, wording.OFFER], "words are not passed over"


def test_what_cannot_be_read_closely_behind_an_answer_is_refused_all_the_same(desk: Office) -> None:
    desk.ask("where is my parcel?")
    desk.files.kept["u/logo"] = b"<svg/>"
    desk.reader.error = UnreadablePicture("kind", "expected a picture, found an SVG")
    desk.ask("", Arrived("file", "F1", "logo.png", "u/logo", size=100))
    desk.quiet(QUIET)
    assert desk.surface.texts()[0] == PARCEL
    assert desk.surface.texts()[1].startswith(wording.UNREAD["kind"])


def test_an_order_that_is_named_closely_behind_an_answer_takes_its_place(shop: Office) -> None:
    shop.ask("where is my parcel?")
    shop.ask("i mean 10031")
    shop.quiet(QUIET)
    assert shop.surface.texts() == ["Hi Umia, order 10031 (1 wool blanket) was delivered on Tuesday 6 October."]


def test_to_what_was_asked_an_answer_that_comes_at_once_is_one(shop: Office) -> None:
    shop.ask("where is my parcel?", user="UTOM", channel="DTOM")
    assert shop.surface.texts() == [wording.WHICH_ORDER]
    shop.ask("the lamp one", user="UTOM", channel="DTOM")
    assert [words[:23] for words in shop.surface.texts()] == ["Hi Utom, order 10057 (1"]


def test_after_a_wrong_number_the_last_one_has_its_answer(shop: Office) -> None:
    shop.ask("where is my parcel 10057?")
    shop.ask("has the last one arrived?")
    shop.quiet(QUIET)
    assert shop.surface.texts() == [wording.NO_SUCH_ORDER, MINE]


def test_after_a_wrong_number_the_right_one_has_its_answer_in_place(shop: Office) -> None:
    shop.ask("where is my parcel 10057?")
    shop.ask("sorry, 10042")
    shop.quiet(QUIET)
    assert shop.surface.texts() == [MINE]
