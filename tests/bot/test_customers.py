"""What customers see of the bot, what they say of it, and what is taken back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from bot import customers, wording
from bot.addressing import Incoming
from bot.material import gather
from bot.people import People
from bot.report import status
from bot.values import Customer
from model.types import Example
from storage.events import Events
from storage.opt_outs import OptOuts
from storage.scores import Scores
from storage.tables import ERASED
from storage.turns import Turns
from storage.utterances import Utterances
from tests.bot.conftest import Office, database, made

MIA = Customer("T1", "UMIA")


def mean(office: Office) -> tuple[int, float | None]:
    with office.kit.db.reading() as session:
        found = Scores(session, "T1").mean(datetime.now(UTC) - timedelta(days=1))
    return found.count, found.mean


# What people ask most


def test_a_young_log_offers_the_catalogue(office: Office) -> None:
    assert [each.name for each in customers.topics(office.kit, 8)] == ["order_status", "return_how", "refund"]


def test_of_what_nobody_asked_first_what_the_teams_own_utterances_are_about(office: Office) -> None:
    with office.kit.db.writing() as session:
        known = Utterances(session, "T1")
        known.add([Example(f"where is it {number}", "order_status") for number in range(3)], "starter")
        known.add(
            [Example("my money", "refund"), Example("money back", "refund"), Example("send back", "return_how")], "x"
        )
    assert [each.name for each in customers.topics(office.kit, 8)] == ["refund", "return_how", "order_status"]
    office.ask("parcel")
    assert [each.name for each in customers.topics(office.kit, 8)] == ["order_status", "refund", "return_how"]


def test_what_customers_really_ask_comes_first_and_agents_tests_do_not_count(office: Office) -> None:
    for number in range(3):
        office.ask(f"refund {number}")
        office.ask(f"return {number}", user="UAGENT", channel="DAGENT")
    office.ask("return")
    office.ask("what is for breakfast")
    assert [each.name for each in customers.topics(office.kit, 2)] == ["refund", "return_how"]
    with office.kit.db.writing() as session:
        long_ago = datetime.now(UTC) - timedelta(days=31)
        session.execute(sql("update turns set created_at = :at where intent = 'refund'"), {"at": long_ago})
    assert [each.name for each in customers.topics(office.kit, 3)] == ["return_how", "order_status", "refund"]


# Requests, and what is kept


def test_requests_are_ones_own_with_who_has_them(office: Office) -> None:
    office.ask("<@UBOT> parcel one", channel="C1")
    office.ask("parcel, tom's", user="UTOM", channel="DTOM")
    waiting = office.ask("a human please")
    assert [(each.state, each.words) for each in customers.requests(office.kit, MIA)] == [
        ("waiting", "a human please"),
        ("bot", "parcel one"),
    ]
    office.cases.take(office.case(waiting).id, "UAGENT")
    [first, _] = customers.requests(office.kit, MIA)
    assert (first.state, first.holder) == ("human", "UAGENT Smith")
    assert customers.requests(office.kit, Customer("T2", "UMIA")) == []


def test_what_is_kept_counts_words_only(office: Office) -> None:
    assert customers.kept(office.kit, MIA).messages == 0
    first = office.ask("parcel one")
    office.ask("parcel two")
    office.intake.deleted("DMIA", office.turn(first).ts)
    kept = customers.kept(office.kit, MIA)
    assert (kept.messages, kept.learns) == (1, True)
    assert kept.since is not None
    with office.kit.db.writing() as session:
        OptOuts(session, "T1").add("T1", "UMIA")
    assert customers.kept(office.kit, MIA).learns is False


@pytest.mark.parametrize("words", ["my data", "My data.", "<@UBOT> my data?", "“my requests”"])
def test_asking_for_ones_data_makes_no_turn(office: Office, words: str) -> None:
    heard = office.hear(words, channel="C1" if "UBOT" in words else "DMIA")
    assert heard.mine == MIA
    assert (heard.turn_id, heard.case) == (0, None)


def test_asking_for_ones_data_is_answered_once_however_often_it_is_delivered(office: Office) -> None:
    message = Incoming("C1", "1.0", "UKAI", "<@UBOT> my data", user_team="T2")
    assert office.intake.accept(message, "Ev1").mine == Customer("T2", "UKAI")
    assert office.intake.accept(message, "Ev2").mine is None


def test_other_words_about_data_are_a_question(office: Office) -> None:
    assert office.hear("my data and my parcel").turn_id


# All set


def test_all_set_closes_and_asks_for_a_score_once(office: Office) -> None:
    asked = office.ask("parcel")
    case = office.case(asked)
    assert office.followups.done(case.id, "UTOM") == wording.NOT_YOURS
    assert office.case(asked).state == "bot"
    assert office.followups.done(case.id, "UMIA") == ""
    assert office.case(asked).state == "closed"
    assert office.surface.ticked == {(case.channel, case.thread_ts)}
    assert office.followups.done(case.id, "UMIA") == wording.CLOSED_ALREADY
    assert office.surface.texts().count(wording.ALL_SET) == 1
    assert office.surface.cards == {}, "nobody needs a card for that"


def test_a_score_is_one_a_case_can_be_changed_and_is_the_customers_own(office: Office) -> None:
    asked = office.ask("parcel")
    case = office.case(asked)
    office.followups.done(case.id, "UMIA")
    ts = office.surface.said[-1][0]
    assert office.followups.score(case.id, 2, "UTOM", case.channel, ts) == wording.NOT_YOURS
    for score in (2, 2, 4):
        assert office.followups.score(case.id, score, "UMIA", case.channel, ts) == ""
    assert mean(office) == (1, 4.0)
    assert office.surface.said[-1][3].text == wording.SCORED.format(score=4)
    assert office.surface.said[-1][3].rate == 4


def test_a_new_message_opens_such_a_case_with_a_person_and_takes_the_tick_away(office: Office) -> None:
    asked = office.ask("parcel")
    office.followups.done(office.case(asked).id, "UMIA")
    again = office.hear("parcel again", thread=office.case(asked).thread_ts)
    assert again.reopened == "person"
    office.cases.reopened(office.case(asked).id, again.reopened)
    assert office.case(asked).state == "waiting"
    assert office.surface.ticked == set()


def test_all_set_tells_the_agent_who_has_the_case(office: Office) -> None:
    asked = office.ask("a human please")
    office.cases.take(office.case(asked).id, "UAGENT")
    office.followups.done(office.case(asked).id, "UMIA")
    [card] = office.surface.cards.values()
    assert (card.state, card.reason) == ("closed", "The customer is all set")


# Taken back


def test_an_edit_that_comes_after_the_deletion_brings_nothing_back(office: Office) -> None:
    asked = office.ask("parcel secret")
    turn = office.turn(asked)
    office.intake.deleted("DMIA", turn.ts)
    late = Incoming("DMIA", turn.ts, "UMIA", "parcel, the secret again")
    assert office.intake.changed(late) == 0
    assert office.kit.words(office.turn(asked)) == ERASED


def test_a_message_that_was_deleted_before_it_came_is_never_taken_in(office: Office) -> None:
    assert office.intake.deleted("DMIA", "1.000100") == 0
    assert office.ask("parcel secret").turn_id == 0
    assert office.surface.said == []


def test_a_message_deleted_while_it_is_answered_keeps_no_reply(office: Office) -> None:
    heard = office.hear("parcel secret")
    say = office.surface.say

    def meanwhile(*args: object) -> str:
        office.surface.say = say  # type: ignore[method-assign]
        office.intake.deleted("DMIA", office.turn(heard).ts)
        return say(*args)  # type: ignore[arg-type]

    office.surface.say = meanwhile  # type: ignore[method-assign]
    office.desk.work(office.case(heard).id)
    assert office.surface.removed == [office.surface.said[0][0]]
    assert (office.turn(heard).text, office.turn(heard).reply_text) == (ERASED, "")


def test_the_draft_for_a_message_that_was_taken_back_is_not_sent(drafting: Office) -> None:
    asked = drafting.ask("parcel secret")
    drafting.intake.deleted("DMIA", drafting.turn(asked).ts)
    drafting.followups.deleted(asked.turn_id)
    before = len(drafting.surface.said)
    assert drafting.cases.drafts.send(asked.turn_id, "UAGENT") == "There is no draft for this turn."
    assert len(drafting.surface.said) == before


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["message", "edit", "delete", "work", "correct", "dislike"]), max_size=7))
def test_after_a_deletion_the_words_are_nowhere_whatever_came_in_which_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    """Events may come in any order, and more than once."""
    folder = tmp_path_factory.mktemp("desk")
    office = made(database(folder))
    try:
        gone = _play(office, steps)
        with office.kit.db.reading() as session:
            turn = Turns(session).by_ts("T1", "DMIA", "7.000100")
        if gone:
            assert turn is None or turn.text == ERASED
            assert held(office, folder, "zebra") == []
    finally:
        office.kit.db.close()


def _play(office: Office, steps: list[str]) -> bool:
    message = Incoming("DMIA", "7.000100", "UMIA", "zebra parcel")
    for step in steps:
        with office.kit.db.reading() as session:
            turn = Turns(session).by_ts("T1", "DMIA", message.ts)
        if step == "message":
            office.intake.accept(message, "Ev7")
        elif step == "edit":
            office.intake.changed(Incoming("DMIA", message.ts, "UMIA", "zebra refund"))
        elif step == "delete":
            deleted = office.intake.deleted("DMIA", message.ts)
            if deleted:
                office.followups.deleted(deleted)
        elif turn is not None and step == "work":
            office.desk.work(turn.conversation_id)
        elif turn is not None and turn.text != ERASED and step == "correct":
            office.corrections.relabel(turn.id, "refund", "UAGENT", "card", better_answer="zebra, sure", note="zebra")
        elif turn is not None and turn.text != ERASED and step == "dislike":
            office.followups.judge(turn.id, "UMIA", "bad", "other", "zebra zebra")
    return "delete" in steps


def held(office: Office, folder: Path, word: str) -> list[str]:
    """Where the word still is: files of the data folder, the memory, the next dataset, the cards."""
    office.kit.db.scrub()
    found = [path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]
    material = gather(office.kit.db, "T1")
    places = {
        "memory": [entry.text for entry in office.understanding.memory.entries()],
        "dataset": [*(row.text for row in material.examples), *material.unlabelled],
        "cards": [repr(card) for card in office.surface.cards.values()],
    }
    return found + [name for name, texts in places.items() if any(word in text for text in texts)]


def test_old_events_are_forgotten(office: Office) -> None:
    office.ask("parcel")
    with office.kit.db.writing() as session:
        assert Events(session).prune(datetime.now(UTC) - timedelta(days=7)) == 0
        assert Events(session).prune(datetime.now(UTC)) > 0


def test_the_status_tells_the_mean_of_the_scores(office: Office) -> None:
    assert "of 5" not in status(office.kit, "v1")
    for score in (4, 5):
        asked = office.ask(f"parcel {score}")
        office.followups.score(office.case(asked).id, score, "UMIA", "DMIA", "1.0")
    assert "Customers gave 4.5 of 5 (2 scores)." in status(office.kit, "v1")


def test_an_admin_of_another_company_does_not_set_the_bot_up(office: Office) -> None:
    for team, may in (("T1", True), ("T9", False)):  # the fake's people are of T1
        people = People(office.kit.db, team, office.surface, bot="UBOT")
        people.set_up("CAGENTS", [])
        assert people.may_set_up("UADMIN") is may
