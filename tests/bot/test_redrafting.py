"""A draft follows its label: what an agent calls wrong is never sent as it was."""

from storage.drafts import drafts
from storage.tables import utcnow
from tests.bot.conftest import Office

PARCEL, REFUND = "Hello Umia, it is on its way.", "Five working days."


def shown(office: Office, turn_id: int) -> tuple[str, bool]:
    """What the turn's card shows as said, and whether it can be sent."""
    [card] = [each for each in office.surface.cards.values() if each.turn_id == turn_id]
    return card.reply, card.draft


def test_a_correction_drafts_anew_and_its_undo_too(drafting: Office) -> None:
    heard = drafting.ask("my parcel came in three pieces")
    assert shown(drafting, heard.turn_id) == (PARCEL, True)
    done = drafting.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    assert shown(drafting, heard.turn_id) == (REFUND, True)
    assert "drafted anew" in done.words
    assert not done.changes_answer, "the customer has had no answer"
    drafting.corrections.undo(done.correction.id, "UAGENT")
    assert shown(drafting, heard.turn_id) == (PARCEL, True)
    drafting.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT") == ""
    assert drafting.surface.texts()[-1] == REFUND
    with drafting.kit.db.reading() as session:
        made = drafts(session, "T1", utcnow().replace(year=2000))
    assert (made["order_status"].unchanged, made["order_status"].edited) == (0, 1)


def test_near_identical_turns_are_drafted_anew_along_with_it(drafting: Office) -> None:
    first = drafting.ask("my parcel came in pieces")
    second = drafting.ask("My parcel came in pieces!", user="UTOM", channel="DTOM")
    done = drafting.corrections.relabel(first.turn_id, "refund", "UAGENT", "card", also=[second.turn_id])
    assert shown(drafting, second.turn_id) == (REFUND, True)
    drafting.corrections.undo(done.correction.id, "UAGENT")
    assert shown(drafting, second.turn_id) == ("Hello Utom, it is on its way.", True)


def test_where_nothing_answers_it_there_is_no_draft_to_send(drafting: Office) -> None:
    heard = drafting.ask("my parcel of land")
    before = drafting.surface.texts()
    for label in ("unanswered", "oos", "person"):
        drafting.corrections.relabel(heard.turn_id, label, "UAGENT", "card")
        assert shown(drafting, heard.turn_id) == ("", False), label
        assert drafting.cases.drafts.send(heard.turn_id, "UAGENT") == "There is no draft for this turn."
    assert drafting.surface.texts() == before
    assert drafting.case(heard).waiting_since is not None, "its customer still waits"
    drafting.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    assert shown(drafting, heard.turn_id) == (REFUND, True)


def test_a_better_answer_is_the_draft(drafting: Office) -> None:
    heard = drafting.ask("my parcel")
    drafting.corrections.relabel(heard.turn_id, "unanswered", "UAGENT", "card", better_answer="Tomorrow.")
    assert shown(drafting, heard.turn_id) == ("Tomorrow.", True)


def test_a_label_that_is_right_leaves_the_draft(drafting: Office) -> None:
    heard = drafting.ask("my parcel")
    drafting.corrections.confirm(heard.turn_id, "UAGENT")
    assert shown(drafting, heard.turn_id) == (PARCEL, True)
    drafting.followups.edit_answer(heard.turn_id, "It left today.", "UAGENT", None)
    assert drafting.surface.texts()[-1] == "It left today."
    with drafting.kit.db.reading() as session:
        assert drafts(session, "T1", utcnow().replace(year=2000))["order_status"].edited == 1


def test_what_was_sent_stays_as_it_was_sent(drafting: Office) -> None:
    heard = drafting.ask("my parcel")
    drafting.cases.drafts.send(heard.turn_id, "UAGENT")
    done = drafting.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    assert done.changes_answer
    assert drafting.turn(heard).reply_text == PARCEL
    assert drafting.followups.answer_rightly(heard.turn_id, "UAGENT") == "Sent."
    assert drafting.surface.texts()[-1] == REFUND


def test_a_draft_is_withdrawn_before_another_is_written(drafting: Office) -> None:
    heard = drafting.ask("my parcel")
    drafting.corrections.redraft = lambda turn_id: None  # a model is still at it, or the process is gone
    drafting.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    assert shown(drafting, heard.turn_id) == ("", False)
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT") == "There is no draft for this turn."
