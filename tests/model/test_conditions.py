import pytest

from model.conditions import dropped, takes_back
from model.statements import said, statements


def lost(source: str, reply: str) -> list[str]:
    found = statements([[source]])
    return [need.text for one in found for need in dropped(one, said(reply))]


@pytest.mark.parametrize(
    ("source", "reply", "without"),
    [
        ("It is free for orders from £50.", "It is free.", "£50"),
        ("You can cancel within 60 minutes.", "You can cancel.", "60 minutes"),
        ("We refund you after your return reaches Leeds.", "We refund you.", "your return reaches Leeds"),
        ("In the EU your data works as at home, up to 15 GB a month.", "In the EU your data works.", "15 GB a month"),
        ("You can change your plan once a month.", "You can change your plan.", "once a month"),
        ("It is offered in the UK only.", "It is offered.", "the UK"),
        ("For blocking cards it is open day and night.", "It is open day and night.", "blocking cards"),
        ("A card is free for people who live here.", "A card is free.", "people who live here"),
        ("Returns are free with our label.", "Returns are free.", "label"),
    ],
)
def test_what_a_reply_leaves_out_is_named(source: str, reply: str, without: str) -> None:
    assert without in lost(source, reply)
    assert lost(source, source) == []


def test_a_range_of_hours_and_a_plain_duration_are_no_conditions() -> None:
    assert lost("The shop is open from 10:00 to 15:00.", "The shop is open.") == []
    assert lost("Delivery takes 2-4 working days.", "It takes days.") == []


def test_a_condition_may_be_said_in_another_form() -> None:
    assert lost("Cancel before arrival.", "Cancel before you arrive.") == []


def test_a_sentence_can_say_for_whom_alone_the_one_before_it_holds() -> None:
    assert takes_back("Only owners can do this.")
    assert not takes_back("Owners can do this.")
