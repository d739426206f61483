"""Special cases that nobody asked about, on sentences written for this test."""

from model.answering import Point
from model.known import Known
from model.passages import sentences
from model.special_cases import later_price, other_case, points_back, unasked_exception
from model.words import content
from tests.model.fakes import FakeEncoder

CARE = [
    "Our mugs and plates are made of stoneware. They are safe in the dishwasher.",
    "Mugs and plates with a gold rim are the exception: they are not dishwasher safe.",
]
TOLD = [one for text in CARE for one in sentences(text)]
COSTS = sentences(
    "Standard delivery costs £3.90 and is free from £50; Express costs £7.90. The Channel Islands cost £9."
)


def test_an_exception_is_told_to_who_asks_about_it() -> None:
    assert unasked_exception(TOLD[2], set(content("are the mugs dishwasher safe")), TOLD)
    assert not unasked_exception(TOLD[2], set(content("are the gold plates dishwasher safe")), TOLD)
    assert not unasked_exception(TOLD[0], set(content("are the mugs dishwasher safe")), TOLD)


def test_what_points_back_needs_what_it_points_to() -> None:
    assert points_back("Outside the hours above a colleague answers later.")
    assert not points_back("Delivery is free above £50.")
    assert not points_back("A bulb below 40 W is fine.")


def test_a_case_of_which_the_question_has_no_word() -> None:
    asked = set(content("I want another delivery date"))
    for opening in ("", "I am sorry, Mia, but ", "No, ", "Mia, "):
        assert other_case(f"{opening}if nobody collects the parcel within 7 days, it comes back.", asked)
    assert other_case("If something arrived damaged, tell us.", set(content("can I return something after 40 days")))
    assert not other_case("If the date does not suit, choose another one.", asked)
    assert not other_case("If you have no tracking e-mail, your order is being packed.", asked), "may be the customer"
    assert not other_case("We come again if nobody is at home.", asked)


def test_a_later_price_with_a_name_that_nobody_asked_for() -> None:
    assert later_price(["Express costs £7.90."], "how much is shipping", COSTS)
    assert not later_price(["Express costs £7.90."], "how much is Express?", COSTS)
    assert not later_price(["Express costs £7.90."], "why do I pay £7.90", COSTS)
    assert not later_price(["Delivery costs £3.90, Express £7.90."], "how much is shipping", COSTS)
    assert not later_price(["Delivery is free from £50."], "from which sum is it free", COSTS)
    assert not later_price(["We deliver to Ireland."], "how much is shipping", COSTS)
    assert not later_price(["Express costs £7.90."], "how much is shipping", ["We deliver."])


def test_a_reply_has_to_reach_the_usual_case() -> None:
    care = Point("are the mugs dishwasher safe?", Known(CARE, FakeEncoder()), FakeEncoder())
    assert not care.reached([TOLD[2]], TOLD[2])
    assert care.reached([*TOLD[:2]], TOLD[0])
    costs = Point("how much is shipping", Known([" ".join(COSTS)], FakeEncoder()), FakeEncoder())
    assert not costs.reached(["Express costs £7.90."], "Express costs £7.90.")
