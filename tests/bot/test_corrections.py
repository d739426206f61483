import pytest

from bot.corrections import Refused
from tests.bot.conftest import Office


def test_a_correction_holds_at_once_and_its_undo_too(office: Office) -> None:
    heard = office.ask("my parcel story")
    done = office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card", seen=0)
    assert done.changes_answer
    assert office.turn(office.ask("My parcel story")).intent == "refund"
    office.corrections.undo(done.correction.id, "UAGENT2")
    assert office.turn(office.ask("my parcel story!")).intent == "order_status"


def test_the_second_of_two_agents_hears_who_was_first(office: Office) -> None:
    heard = office.ask("parcel")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card", seen=0)
    with pytest.raises(Refused, match="UAGENT Smith corrected this to “Where is my refund\\?”"):
        office.corrections.relabel(heard.turn_id, "return_how", "UAGENT2", "card", seen=0)


def test_undoing_a_later_correction_brings_the_earlier_one_back(office: Office) -> None:
    heard = office.ask("parcel")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    second = office.corrections.relabel(heard.turn_id, "return_how", "UAGENT", "card")
    office.corrections.undo(second.correction.id, "UAGENT")
    assert office.turn(office.ask("parcel")).intent == "refund"
    with pytest.raises(Refused, match="does not stand any more"):
        office.corrections.undo(second.correction.id, "UAGENT")


def test_out_of_scope_is_a_label(office: Office) -> None:
    heard = office.ask("parcel of land")
    office.corrections.relabel(heard.turn_id, "oos", "UAGENT", "card")
    again = office.turn(office.ask("parcel of land"))
    assert (again.out_of_scope, again.intent, again.prediction_source) == (True, "order_status", "memory")
    assert again.route == "OFFER"


def test_a_double_click_is_one_row(office: Office) -> None:
    heard = office.ask("parcel")
    first = office.corrections.confirm(heard.turn_id, "UAGENT")
    assert office.corrections.confirm(heard.turn_id, "UAGENT").correction == first.correction
    assert not first.changes_answer


def test_nonsense_is_refused_in_one_line(office: Office) -> None:
    with pytest.raises(Refused, match="Did you mean `refund`"):
        office.corrections.label("refnd")
    with pytest.raises(Refused, match="There is no turn 99"):
        office.corrections.find("99")
    with pytest.raises(Refused, match="Expected a link"):
        office.corrections.find("https://example.com/x")
    with pytest.raises(Refused, match="neither a customer's message"):
        office.corrections.find("https://x.example/archives/C9/p1700000000000000")


def test_a_turn_is_found_by_number_message_and_reply(office: Office) -> None:
    turn = office.turn(office.ask("parcel"))
    assert office.corrections.find(f"#{turn.id}").id == turn.id
    assert office.corrections.at("DMIA", turn.ts).id == turn.id
    assert office.corrections.at("DMIA", turn.reply_ts).id == turn.id


def test_two_agents_take_one_case(office: Office) -> None:
    heard = office.ask("a human")
    case_id = office.case(heard).id
    assert office.cases.take(case_id, "UAGENT") == ""
    assert office.cases.take(case_id, "UAGENT2") == "<@UAGENT> has it already."
    assert office.cases.take(case_id, "UAGENT") == "You have it already."
