"""Talk in a card's thread stays among agents, unless its author sends it."""

import threading
from typing import cast

import pytest

from bot import showing
from bot.listeners.messages import taken_in
from bot.services import Services
from storage.conversations import Conversation
from tests.bot.conftest import Office
from tests.bot.fakes import FakeSurface


def waiting(office: Office) -> Conversation:
    return office.case(office.ask("a human please"))


def write(office: Office, case: Conversation, words: str, user: str = "UAGENT", times: int = 1) -> str:
    """A message in the card's thread, through the listener; gives its ts."""
    ts = f"{next(office.numbers)}.000200"
    place = {"channel": case.card_channel, "thread_ts": case.card_ts, "ts": ts}
    event = {"type": "message", "user": user, "text": words, "team": "T1", **place}
    office.surface.written[case.card_channel, case.card_ts, ts] = words
    for number in range(times):
        job = taken_in(
            cast(Services, office), {"type": "event_callback", "event": event, "event_id": f"Ev{ts}.{number}"}
        )
        if job is not None:
            job()
    return ts


def test_what_agents_say_there_stays_there_and_its_author_is_asked_once(office: Office) -> None:
    case = waiting(office)
    ts = write(office, case, "is she a VIP?", times=3)
    assert office.surface.offers == [("UAGENT", case.id, ts)]
    assert len(office.surface.said) == 1
    assert office.kit.case(case.id) == case
    write(office, case, "hello", user="UTOM")
    write(office, case, ":eyes:")
    assert len(office.surface.offers) == 1


def test_nobodys_talk_in_the_channel_is_a_case_or_an_offer(office: Office) -> None:
    case = waiting(office)
    office.hear("lunch?", user="UAGENT", channel="CAGENTS")
    office.hear("yes", user="UAGENT", channel="CAGENTS", thread="77.000100")
    assert office.surface.offers == []
    office.cases.resolve(case.id)
    write(office, case, "that was quick")
    assert office.surface.offers == []


def test_sent_once_under_the_agents_name_and_the_case_is_theirs(office: Office) -> None:
    case = waiting(office)
    ts = write(office, case, "It is at the depot &amp; comes <https://x.example|today>")
    assert office.cases.words.bring(case.id, "UAGENT", ts) == "Sent to the customer. The case is yours."
    assert office.cases.words.bring(case.id, "UAGENT", ts) == "That was sent already."
    assert office.surface.texts()[1:] == ["**UAGENT Smith:** It is at the depot & comes today"]
    assert {at for _, at in office.surface.ticked} == {ts}
    after = office.kit.case(case.id)
    assert after is not None
    assert (after.state, after.holder) == ("human", "UAGENT")


def test_an_edit_counts_and_what_is_gone_is_not_sent(office: Office) -> None:
    case = waiting(office)
    ts = write(office, case, "it is lots")
    office.surface.written[case.card_channel, case.card_ts, ts] = "it is lost"
    office.cases.words.bring(case.id, "UAGENT", ts)
    assert office.surface.texts()[-1] == "**UAGENT Smith:** it is lost"
    gone = write(office, case, "oh no")
    office.surface.written.clear()
    assert office.cases.words.bring(case.id, "UAGENT", gone) == "That message is gone, or has no words."


def test_where_another_has_the_case_the_words_stay_and_may_be_sent_later(office: Office) -> None:
    case = waiting(office)
    office.cases.take(case.id, "UAGENT2")
    ts = write(office, case, "hello")
    said = len(office.surface.said)
    assert office.cases.words.bring(case.id, "UAGENT", ts) == "<@UAGENT2> has this case."
    assert len(office.surface.said) == said
    office.cases.release(case.id)
    assert office.cases.words.bring(case.id, "UAGENT", ts).startswith("Sent")


def test_what_could_not_be_posted_may_be_sent_again(office: Office) -> None:
    case = waiting(office)
    ts = write(office, case, "hello")
    office.surface.broken = True
    with pytest.raises(ConnectionError):
        office.cases.words.bring(case.id, "UAGENT", ts)
    office.surface.broken = False
    assert office.cases.words.bring(case.id, "UAGENT", ts).startswith("Sent")


def test_a_card_that_cannot_be_drawn_has_nothing_sent_twice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = waiting(office)
    ts = write(office, case, "hello")

    def refuse(*_: object) -> str:
        raise ConnectionError("no network")

    monkeypatch.setattr(FakeSurface, "show_card", refuse)
    assert office.cases.words.bring(case.id, "UAGENT", ts).startswith("Sent")
    assert office.cases.words.bring(case.id, "UAGENT", ts) == "That was sent already."


def test_a_double_click_sends_once(office: Office) -> None:
    case = waiting(office)
    ts = write(office, case, "hello")
    barrier = threading.Barrier(4)

    def click() -> None:
        barrier.wait(10)
        office.cases.words.bring(case.id, "UAGENT", ts)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert office.surface.texts()[1:] == ["**UAGENT Smith:** hello"]


def test_talk_is_a_sign_of_life_of_the_holder(office: Office) -> None:
    case = waiting(office)
    office.cases.take(case.id, "UAGENT")
    office.wait(200)
    write(office, case, "asking the warehouse")
    office.wait(200)
    assert office.kit.case(case.id).state == "human"  # type: ignore[union-attr]
    office.wait(41)
    assert office.kit.case(case.id).state == "waiting"  # type: ignore[union-attr]


@pytest.mark.parametrize("words", ["hello?", "thanks", "please help"])
def test_courtesies_while_a_person_has_it_do_not_become_what_the_card_is_about(office: Office, words: str) -> None:
    first = office.ask("my mug, you know, the human one")
    case = office.case(first)
    assert case.state == "waiting"
    office.ask(words)
    [card] = office.surface.cards.values()
    assert (card.turn_id, card.text, card.said_since) == (first.turn_id, "my mug, you know, the human one", (words,))
    more = office.ask("it is about my refund")
    [card] = office.surface.cards.values()
    assert (card.turn_id, card.said_since) == (more.turn_id, ())
    assert card.said_before[-1] == words


def test_the_card_shows_all_that_was_said_before_and_nothing_that_was_taken_back(office: Office) -> None:
    """In direct messages nobody but the customer sees the thread: agents have the card alone."""
    first = office.ask("a human please")
    second = office.ask("my favourite mug, you know")
    office.ask("and my refund?")
    case = office.case(first)
    shown = showing.card(office.kit, case)
    assert shown.text == "and my refund?"
    assert shown.said_before == ("a human please", "my favourite mug, you know")
    office.followups.deleted(office.intake.deleted("DMIA", office.turn(second).ts))
    assert showing.card(office.kit, case).said_before == ("a human please",)
    for _ in range(9):
        office.ask("still there")
    assert len(showing.card(office.kit, case).said_before) == showing.SAID_BEFORE
