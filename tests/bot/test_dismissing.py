from datetime import UTC, datetime, timedelta

from bot.dismissing import Dismissing
from bot.material import gather
from storage.turns import Turns
from tests.bot.conftest import Office

LONG_AGO = datetime.now(UTC) - timedelta(days=1)


def desk(office: Office) -> Dismissing:
    return Dismissing(office.kit, office.cases, office.corrections)


def count(office: Office) -> int:
    with office.kit.db.reading() as session:
        return Turns(session).stats(LONG_AGO, "T1").turns


def test_it_closes_without_a_word_and_leaves_statistics_and_training(office: Office) -> None:
    heard = office.ask("a human please, said the sign")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    said = office.surface.texts()
    assert count(office) == 1
    assert [row.label for row in gather(office.kit.db, "T1").examples] == ["refund"]
    assert desk(office).dismiss(heard.turn_id, "UAGENT") == ""
    assert office.surface.texts() == said
    assert office.case(heard).state == "closed"
    assert count(office) == 0
    assert gather(office.kit.db, "T1").examples == []
    [card] = office.surface.cards.values()
    assert (card.state, card.dismissed_by) == ("closed", "UAGENT")
    again = office.turn(office.ask("a human please, said the sign", user="UTOM", channel="DTOM"))
    assert again.prediction_source == "model", "the memory has let go of it"


def test_a_click_takes_it_back(office: Office) -> None:
    heard = office.ask("a human please, said the sign")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    office.cases.take(office.case(heard).id, "UAGENT")
    desk(office).dismiss(heard.turn_id, "UAGENT")
    assert desk(office).restore(heard.turn_id, "UAGENT2") == ""
    assert office.case(heard).state == "waiting", "nobody holds it, and it is not lost"
    assert count(office) == 1
    assert [row.label for row in gather(office.kit.db, "T1").examples] == ["refund"]
    assert [card.dismissed_by for card in office.surface.cards.values()] == [""]
    assert office.turn(office.ask("a human please, said the sign", user="UTOM", channel="DTOM")).intent == "refund"
    assert desk(office).restore(heard.turn_id, "UAGENT") == "That was taken back already."


def test_who_waited_for_a_draft_waits_for_it_again(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel?")
    desk(drafting).dismiss(heard.turn_id, "UAGENT")
    drafting.wait(20)
    assert drafting.surface.notes == []
    desk(drafting).restore(heard.turn_id, "UAGENT")
    drafting.wait(11)
    assert [words for *_, words, _ in drafting.surface.notes] == [
        "<@UMIA> has waited 11 min for an answer to be sent. Who reads the draft?"
    ]
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT") == ""
    assert drafting.case(heard).waiting_since is None


def test_a_draft_that_was_sent_is_not_waited_for(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel?")
    drafting.cases.drafts.send(heard.turn_id, "UAGENT")
    desk(drafting).dismiss(heard.turn_id, "UAGENT")
    desk(drafting).restore(heard.turn_id, "UAGENT")
    assert drafting.case(heard).waiting_since is None


def test_the_second_agent_hears_who_was_first_and_who_has_it(office: Office) -> None:
    first, second = office.ask("a human please"), office.ask("a human, please do", user="UTOM", channel="DTOM")
    desk(office).dismiss(first.turn_id, "UAGENT")
    assert desk(office).dismiss(first.turn_id, "UAGENT2") == "<@UAGENT> has said so already."
    office.cases.take(office.case(second).id, "UAGENT")
    assert desk(office).dismiss(second.turn_id, "UAGENT2") == "<@UAGENT> has this case."
    assert office.case(second).state == "human"
