"""A new message that joins a case which is with a person keeps a thread of its own: its answer stands there, and the
marks that tell how the case stands are on each of them."""

from tests.bot.conftest import Office


def threads(office: Office, words: str) -> list[str]:
    """Where these words stand."""
    return [thread for _, _, thread, said in office.surface.said if words in said.text]


def test_the_right_answer_stands_under_the_message_that_it_answers(office: Office) -> None:
    root = office.ask("a human, please")
    joined = office.ask("my parcel came in pieces")
    assert joined.joined
    assert office.case(joined).id == office.case(root).id
    office.corrections.relabel(joined.turn_id, "refund", "UAGENT", "card")
    assert office.followups.answer_rightly(joined.turn_id, "UAGENT") == "Sent."
    assert threads(office, "Five working days.") == [office.turn(joined).ts]


def test_what_is_written_below_such_a_message_is_of_the_case_too(office: Office) -> None:
    root = office.ask("a human, please")
    joined = office.ask("my parcel came in pieces")
    below = office.hear("two pieces, to be exact", thread=office.turn(joined).ts)
    assert (below.joined, office.case(below).id) == (False, office.case(root).id)
    assert office.turn(below).thread_ts == office.turn(joined).ts


def test_given_back_it_is_answered_there(office: Office) -> None:
    root = office.ask("a human, please")
    office.cases.take(office.case(root).id, "UAGENT")
    joined = office.hear("where is my parcel")
    office.cases.release(office.case(root).id)
    office.desk.work(office.case(root).id)
    assert threads(office, "it is on its way") == [office.turn(joined).ts]


def test_each_such_message_is_marked_as_done_with_its_case_and_no_more_once_it_is_open(office: Office) -> None:
    root = office.ask("a human, please")
    joined = office.ask("my parcel came in pieces")
    case, both = office.case(root), {(office.case(root).channel, it) for it in (office.turn(joined).ts, "1.000100")}
    office.cases.resolve(case.id)
    assert office.surface.ticked == both
    again = office.hear("it is still broken", thread=office.turn(joined).ts)
    office.cases.reopened(case.id, again.reopened)
    assert office.surface.ticked == set()
    office.cases.resolve(case.id)
    assert office.surface.ticked == both
    assert office.followups.person(case.id, joined.turn_id, "UMIA") == ""
    assert office.case(root).state == "waiting"
    assert office.surface.ticked == set(), "who talks to a person again is not done"
