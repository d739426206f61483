"""Whoever has solved a request labels it afterwards: the card of a resolved case still takes a label."""

from bot.dismissing import Dismissing
from bot.listeners import cards, ids
from tests.bot.conftest import Office
from tests.bot.test_erased_cards import MIA, card, pressable

LABELS = [ids.RIGHT, ids.CORRECT, ids.EXPLAIN, "oos", "new"]


def test_a_resolved_card_is_labelled_and_nothing_else(office: Office) -> None:
    heard = office.ask("a human, please")
    case_id = office.case(heard).id
    office.cases.take(case_id, "UAGENT")
    office.cases.resolve(case_id)
    assert pressable(cards.card(card(office))) == LABELS
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    drawn = cards.card(card(office))
    assert pressable(drawn) == [ids.UNDO, *LABELS]
    assert "resolved" in str(drawn)


def test_the_score_of_a_case_stands_on_its_card_and_follows(office: Office) -> None:
    heard = office.ask("a human, please")
    case_id = office.case(heard).id
    office.followups.done(case_id, "UMIA")
    asked, *_ = office.surface.said[-1]
    assert "of 5" not in str(cards.card(card(office))), "nobody has said how it was"
    for score in (2, 4):
        assert office.followups.score(case_id, score, "UMIA", "DMIA", asked) == ""
        assert f"They gave it *{score} of 5*." in str(cards.card(card(office)))


def test_what_is_erased_is_not(office: Office) -> None:
    heard = office.ask("a human, please")
    office.cases.resolve(office.case(heard).id)
    office.privacy.erase(MIA)
    assert pressable(cards.card(card(office))) == []


def test_what_is_no_request_is_not(office: Office) -> None:
    heard = office.ask("a human, please")
    Dismissing(office.kit, office.cases, office.corrections).dismiss(heard.turn_id, "UAGENT")
    assert pressable(cards.card(card(office))) == [ids.RESTORE]
