"""Two agents press the same button: one does it, the other is told who, and the customer hears it once."""

import threading
from collections.abc import Callable

import pytest

from bot.corrections import Refused
from storage.bursts import part
from tests.bot.conftest import Office

AGENTS = ("UAGENT", "UAGENT2")


def both(job: Callable[[str], object]) -> list[object]:
    """What each is told, pressed at the same moment."""
    start, told = threading.Barrier(2), {}

    def press(agent: str) -> None:
        start.wait()
        try:
            told[agent] = job(agent)
        except Refused as refusal:
            told[agent] = str(refusal)

    threads = [threading.Thread(target=press, args=(agent,)) for agent in AGENTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return [told[agent] for agent in AGENTS]


def test_take(office: Office) -> None:
    heard = office.ask("a human please")
    told = both(lambda agent: office.cases.take(office.case(heard).id, agent))
    assert sorted(map(bool, told)) == [False, True]
    assert f"<@{office.case(heard).holder}> has it already." in told
    assert sum("has your request now" in text for text in office.surface.texts()) == 1


def test_write(office: Office) -> None:
    heard = office.ask("a human please")
    told = both(lambda agent: office.cases.words.write(office.case(heard).id, agent, f"Words of {agent}"))
    assert sorted(told) == ["", f"<@{office.case(heard).holder}> has this case."]
    assert sum("Words of" in text for text in office.surface.texts()) == 1


def test_send_draft(drafting: Office) -> None:
    heard = drafting.ask("parcel?")
    told = both(lambda agent: drafting.cases.drafts.send(heard.turn_id, agent))
    assert sorted(told) == ["", "This draft has been sent already."]
    assert sum("on its way" in text for text in drafting.surface.texts()) == 1


def test_edit_a_draft(drafting: Office) -> None:
    heard = drafting.ask("parcel?")
    told = both(lambda agent: drafting.followups.edit_answer(heard.turn_id, f"Words of {agent}", agent, 0))
    assert sum(not each for each in told) == 1
    assert sum("Words of" in text for text in drafting.surface.texts()) == 1


@pytest.mark.parametrize("how", ["send", "edit"])
def test_a_draft_of_a_case_that_a_colleague_has_is_not_sent(drafting: Office, how: str) -> None:
    heard = drafting.ask("parcel?")
    drafting.cases.take(drafting.case(heard).id, "UAGENT")
    said = drafting.surface.texts()
    if how == "send":
        told = drafting.cases.drafts.send(heard.turn_id, "UAGENT2")
    else:
        told = drafting.followups.edit_answer(heard.turn_id, "Other words", "UAGENT2", 0)
    assert told == "<@UAGENT> has this case."
    assert drafting.surface.texts() == said
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT") == ""


def test_reply_with_the_right_answer(office: Office) -> None:
    heard = office.ask("parcel?")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    told = both(lambda agent: office.followups.answer_rightly(heard.turn_id, agent))
    assert sorted(told) == ["Sent.", "The right answer has been sent already."]
    assert office.surface.texts().count("Five working days.") == 1


def test_the_right_answer_is_sent_for_another_label_too_and_offered_only_where_it_can_be(office: Office) -> None:
    heard = office.ask("parcel?")
    done = office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    assert done.changes_answer
    assert office.followups.answer_rightly(heard.turn_id, "UAGENT") == "Sent."
    office.corrections.undo(done.correction.id, "UAGENT")
    assert office.followups.answer_rightly(heard.turn_id, "UAGENT") == "There is no answer to send."
    again = office.corrections.relabel(heard.turn_id, "return_how", "UAGENT", "card")
    assert again.changes_answer
    assert office.followups.answer_rightly(heard.turn_id, "UAGENT") == "Sent."
    assert office.surface.texts()[-1] == "Use the label & the box."
    assert not office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card").changes_answer, "it was sent"
    assert not office.corrections.relabel(heard.turn_id, "oos", "UAGENT", "card").changes_answer, "nothing answers it"
    better = office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card", better_answer="Six days.")
    assert better.changes_answer
    office.cases.take(office.case(heard).id, "UAGENT")
    assert office.corrections.relabel(heard.turn_id, "unanswered", "UAGENT", "card").changes_answer
    assert not office.corrections.relabel(heard.turn_id, "thanks", "UAGENT2", "card").changes_answer, (
        "a colleague has it"
    )
    office.cases.resolve(office.case(heard).id)
    assert not office.corrections.relabel(heard.turn_id, "return_how", "UAGENT", "card").changes_answer


def test_the_right_answer_in_a_case_that_a_colleague_has(office: Office) -> None:
    heard = office.ask("parcel?")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    office.cases.take(office.case(heard).id, "UAGENT")
    assert office.followups.answer_rightly(heard.turn_id, "UAGENT2") == "<@UAGENT> has this case."
    assert "Five working days." not in office.surface.texts()


def test_a_label_from_a_card_never_overrules_an_unseen_one(office: Office) -> None:
    heard = office.ask("parcel?")
    told = both(
        lambda agent: (
            office.corrections.relabel(
                heard.turn_id, "oos" if agent == "UAGENT" else "refund", agent, "card", seen=0
            ).words
        )
    )
    assert sum("corrected this to" in str(each) for each in told) == 1
    with pytest.raises(Refused, match="corrected this to"):
        office.corrections.confirm(heard.turn_id, "UAGENT3", seen=0)


@pytest.mark.parametrize("what", ["resolve", "release"])
def test_resolve_and_release_are_said_once(office: Office, what: str) -> None:
    heard = office.ask("a human please")
    case, before = office.case(heard).id, len(office.surface.said)
    job = office.cases.resolve if what == "resolve" else office.cases.release
    told = both(lambda agent: job(case))
    assert sorted(map(bool, told)) == [False, True]
    assert len(office.surface.said) == before + 1


def test_undo(office: Office) -> None:
    heard = office.ask("parcel?")
    done = office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    told = both(lambda agent: office.corrections.undo(done.correction.id, agent))
    assert sum("Undone" in str(each) for each in told) == 1


def test_what_agents_send_stands_in_the_thread_of_the_message_that_it_answers(drafting: Office) -> None:
    first, second = drafting.ask("parcel?"), drafting.ask("refund")
    with drafting.kit.db.writing() as session:
        # As what follows a request closely is kept where it turns out to be one of its own.
        part(session, second.turn_id, drafting.case(first).id, drafting.turn(second).ts)
    drafting.cases.drafts.send(second.turn_id, "UAGENT")
    assert drafting.surface.said[-1][2] == drafting.turn(second).ts
    drafting.corrections.relabel(second.turn_id, "order_status", "UAGENT", "card")
    drafting.followups.answer_rightly(second.turn_id, "UAGENT")
    assert drafting.surface.said[-1][2] == drafting.turn(second).ts
