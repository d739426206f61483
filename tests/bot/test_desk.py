from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wording
from bot.addressing import Incoming
from bot.apologies import MAX_ATTEMPTS
from bot.showing import DRAFT
from storage.conversations import Conversation, Conversations
from storage.turns import Turns
from tests.bot.conftest import CALLED, Office, database, made


def test_a_turn_is_understood_routed_answered_and_completed(office: Office) -> None:
    turn = office.turn(office.ask("where is my parcel, order 10042?"))
    assert (turn.status, turn.route, turn.intent, turn.intent_version) == ("done", "ANSWER", "order_status", "v1")
    assert turn.reply_text == "Hello Umia, it is on its way."
    assert turn.reply_kind == "verbatim"
    assert turn.timings["total"] >= turn.timings["understand"]
    [(ts, channel, thread, said)] = office.surface.said
    assert (ts, channel, thread) == (turn.reply_ts, "DMIA", "1.000100")
    assert said.feedback
    assert said.facts["route"] == "ANSWER"


def test_a_crash_between_claim_and_reply_loses_nothing(office: Office) -> None:
    heard = office.hear("parcel")
    office.crash(heard)
    office.desk.work(office.case(heard).id)
    assert len(office.surface.said) == 1
    assert office.turn(heard).status == "done"


def test_after_a_start_the_turns_of_the_dead_process_are_free(office: Office) -> None:
    heard = office.hear("parcel")
    with office.kit.db.writing() as session:
        Turns(session).claim(heard.turn_id, 600)
    office.desk.work(office.case(heard).id)
    assert office.surface.said == []
    office.desk.free()
    assert office.desk.unfinished() == [office.case(heard).id]
    office.desk.work(office.case(heard).id)
    assert len(office.surface.said) == 1


def test_a_crash_after_posting_does_not_post_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = office.hear("parcel")
    with monkeypatch.context() as patched:

        def die(*_: object) -> bool:
            raise SystemExit

        patched.setattr(Turns, "posted", die)
        with pytest.raises(SystemExit):
            office.desk.work(office.case(heard).id)
    with office.kit.db.writing() as session:
        Turns(session).release(heard.turn_id)
    office.desk.work(office.case(heard).id)
    assert len(office.surface.said) == 1
    assert office.turn(heard).reply_ts == office.surface.said[0][0]


def test_a_hand_off_that_was_decided_before_a_crash_is_still_said(office: Office) -> None:
    heard = office.hear("a human please")
    with office.kit.db.writing() as session:
        Turns(session).routed(heard.turn_id, "HANDOFF")
        Conversations(session).move(office.case(heard).id, expected={"bot"}, to="waiting")
    office.crash(heard)
    office.desk.work(office.case(heard).id)
    assert office.surface.texts() == [CALLED]
    assert [card.state for card in office.surface.cards.values()] == ["waiting"]


def test_without_a_network_the_turn_stays_to_be_worked(office: Office) -> None:
    office.surface.broken = True
    heard = office.hear("parcel")
    office.desk.work(office.case(heard).id)
    assert office.turn(heard).status == "working"
    office.surface.broken = False
    with office.kit.db.writing() as session:
        Turns(session).release(heard.turn_id)
    office.desk.work(office.case(heard).id)
    assert office.surface.texts() == ["Hello Umia, it is on its way."]
    assert office.turn(heard).status == "done"


def test_a_customer_who_can_never_be_told_is_shown_to_agents(office: Office) -> None:
    office.surface.broken = True
    heard = office.hear("parcel")
    for _ in range(MAX_ATTEMPTS):
        office.desk.work(office.case(heard).id)
        with office.kit.db.writing() as session:
            Turns(session).release(heard.turn_id)
    assert office.turn(heard).status == "failed"
    assert office.case(heard).state == "waiting"
    assert len(office.surface.cards) == 1


def test_an_exception_apologises_calls_a_person_and_shows_no_traceback(office: Office) -> None:
    heard = office.ask("boom")
    assert office.surface.texts() == [wording.APOLOGY]
    assert office.case(heard).state == "waiting"
    turn = office.turn(heard)
    assert (turn.status, turn.error) == ("failed", "RuntimeError: the model fell over")
    [card] = office.surface.cards.values()
    assert str(turn.id) in card.reason


def test_twice_unsure_in_a_row_calls_a_person_and_an_answer_between_resets(office: Office) -> None:
    root = office.ask("hm")
    thread = office.case(root).thread_ts
    office.ask("parcel", thread=thread)
    office.ask("breakfast", thread=thread)
    assert office.case(root).state == "bot"
    assert office.case(root).strikes == 1
    office.ask("hm", thread=thread)
    assert office.case(root).state == "waiting"
    assert office.surface.texts()[-1] == CALLED


def test_a_person_who_is_asked_for_is_called(office: Office) -> None:
    assert office.case(office.ask("a human, please")).state == "waiting"


def test_nothing_known_becomes_an_offer(office: Office) -> None:
    heard = office.ask("mystery")
    assert office.turn(heard).route == "OFFER"
    assert office.surface.texts() == [wording.OFFER]


def test_the_state_is_read_again_just_before_posting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = office.hear("parcel")
    case_id = office.case(heard).id
    predict = office.classifier.predict

    def meanwhile(texts: list[str]) -> object:
        with office.kit.db.writing() as session:
            Conversations(session).move(case_id, expected={"bot"}, to="human", holder="UAGENT")
        return predict(texts)

    monkeypatch.setattr(office.classifier, "predict", meanwhile)
    office.desk.work(case_id)
    assert office.surface.said == []
    assert office.turn(heard).status == "done"


def test_hints_for_what_no_model_should_see(office: Office) -> None:
    for text, words in ((":tada:", wording.NO_WORDS), ("", wording.NO_WORDS), ("x" * 40_000, "40,000 characters")):
        turn = office.turn(office.ask(text))
        assert words in turn.reply_text
        assert not turn.predicted
    assert office.classifier.seen == []


def test_the_bot_introduces_itself_once_a_customer(office: Office) -> None:
    office.ask("parcel")
    office.ask("refund")
    office.ask("parcel", user="UTOM", channel="DTOM")
    notices = [said.notice for _, _, _, said in office.surface.said]
    assert notices == [wording.INTRODUCTION, "", wording.INTRODUCTION]


def test_an_introduction_that_could_not_be_posted_comes_with_the_next_message(office: Office) -> None:
    office.surface.broken = True
    office.ask("parcel")
    office.surface.broken = False
    office.ask("refund")
    assert [said.notice for _, _, _, said in office.surface.said] == [wording.INTRODUCTION]


def test_the_first_notice_stays_where_another_reply_takes_the_place_of_the_first(office: Office) -> None:
    first, second = office.ask("hm refund"), office.ask("hm refund", channel="DOTHER")
    office.followups.choose(first.turn_id, "refund", "UMIA")
    office.followups.choose(second.turn_id, "refund", "UMIA")
    notices = [said.notice for _, _, _, said in office.surface.said]
    assert [wording.INTRODUCTION in each for each in notices] == [True, False]
    office.intake.changed(Incoming("DMIA", office.turn(first).ts, "UMIA", "parcel"))
    office.followups.edited(first.turn_id)
    assert wording.INTRODUCTION in office.surface.said[0][3].notice


def test_a_draft_is_sent_by_an_agent_once(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel")
    assert drafting.surface.texts() == [wording.DRAFTED]
    [card] = drafting.surface.cards.values()
    assert card.draft
    assert card.reply == "Hello Umia, it is on its way."
    assert drafting.turn(heard).reply_kind == DRAFT
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT") == ""
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT2") == "This draft has been sent already."
    assert drafting.surface.texts() == [wording.DRAFTED, "Hello Umia, it is on its way."]
    assert not next(iter(drafting.surface.cards.values())).draft


def test_an_edited_draft_is_sent_and_kept_as_a_better_answer(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel")
    assert drafting.followups.edit_answer(heard.turn_id, "It comes today.", "UAGENT", 0) == ""
    assert drafting.surface.texts()[-1] == "It comes today."
    [card] = drafting.surface.cards.values()
    assert card.fix is not None
    assert card.fix.better_answer == "It comes today."


def test_where_there_is_no_draft_a_person_is_called(drafting: Office) -> None:
    assert drafting.case(drafting.ask("breakfast")).state == "waiting"
    assert drafting.surface.texts() == [CALLED]


def test_the_orders_number_and_earlier_words_reach_the_responder() -> None:
    from bot.which_order import number_in as order

    assert order("where is order number 10042?", ()) == "10042"
    assert order("and that one?", ("it was #10057", "thanks")) == "10057"
    assert order("since 2024", ()) == ""


MESSAGES = ("parcel", "hm", "breakfast", "human", "boom")
steps = st.lists(st.sampled_from([*MESSAGES, "person", "take", "take2", "release", "resolve", "write"]), max_size=12)
examples = count()


@pytest.fixture(scope="module")
def long_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    db = database(tmp_path_factory.mktemp("steps"))
    yield made(db)
    db.close()


@given(steps)
@settings(max_examples=40, deadline=None)
def test_whatever_happens_the_bot_is_silent_while_a_person_has_the_case(long_day: Office, chosen: list[str]) -> None:
    office = long_day
    channel = f"D{next(examples)}"
    root = office.ask("parcel", channel=channel)
    case = office.case(root)
    for step in chosen:
        before = office.kit.case(case.id)
        assert before is not None
        said = len(office.surface.said)
        _do(office, step, case)
        new = [each for _, _, _, each in office.surface.said[said:]]
        if step in MESSAGES:
            if before.state in ("human", "waiting"):
                assert not any(each.feedback or each.choices for each in new), "the bot spoke"
                assert before.state == "waiting" or new == []
            else:
                assert new, "the customer was told something"
    with office.kit.db.reading() as session:
        assert Turns(session).unfinished() == []


def _do(office: Office, step: str, case: Conversation) -> None:
    case_id, where = case.id, {"channel": case.channel, "thread": case.thread_ts}
    acts = {
        "person": lambda: office.followups.person(case_id, 0, "UMIA"),
        "take": lambda: office.cases.take(case_id, "UAGENT"),
        "take2": lambda: office.cases.take(case_id, "UAGENT2"),
        "release": lambda: office.cases.release(case_id),
        "resolve": lambda: office.cases.resolve(case_id),
        "write": lambda: office.cases.words.write(case_id, "UAGENT", "I help"),
    }
    if step in acts:
        acts[step]()
        return
    heard = office.hear(step, **where)
    if heard.reopened:
        office.cases.reopened(case_id, heard.reopened)
    office.desk.work(case_id)


def test_a_sign_of_life_that_came_after_the_reply_is_taken_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.case(office.ask("parcel"))
    signs: list[bool] = []
    monkeypatch.setattr(office.surface, "thinking", lambda channel, thread, on: signs.append(on))
    office.desk.work(case.id)
    assert signs == [False]


def test_nobody_is_asked_whether_they_meant_a_word_of_thanks(office: Office) -> None:
    office.ask("hm so many thanks went into that vase")
    said = office.surface.said[-1][3]
    assert said.text == wording.CLARIFY
    assert "thanks" not in [each.name for each in said.choices]
    assert said.choices
