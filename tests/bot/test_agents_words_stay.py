"""A customer edits a message that an agent has answered: the agent's words stay, whatever the new ones ask."""

from bot import showing, wording
from bot.listeners import cards
from storage.corrections import Corrections
from storage.drafts import drafts
from storage.tables import utcnow
from tests.bot.conftest import CALLED, Office
from tests.bot.test_bursts import delete, edit

PARCEL, REFUND = "Hello Umia, it is on its way.", "Five working days."


def worded(office: Office, words: str = "It left today.") -> int:
    heard = office.ask("where is my parcel?")
    assert office.followups.edit_answer(heard.turn_id, words, "UAGENT", 0) == ""
    return heard.turn_id


def reword(office: Office, turn_id: int, words: str) -> None:
    turn = office.kit.turn(turn_id)
    assert turn is not None
    edit(office, turn.ts, words)


def test_other_words_for_the_same_leave_the_agents_answer_alone(office: Office) -> None:
    reword(office, worded(office), "where is my parcel now?")
    assert office.surface.texts() == ["It left today."]


def test_what_other_words_ask_is_answered_in_a_message_below_in_the_same_thread(office: Office) -> None:
    turn_id = worded(office)
    reword(office, turn_id, "where is my refund?")
    assert office.surface.texts() == ["It left today.", REFUND]
    (_, *place, _), (_, *below, _) = office.surface.said
    assert place == below
    reword(office, turn_id, "how do I return it?")
    assert office.surface.texts() == ["It left today.", "Use the label & the box."], "the bot changes its own words"
    reword(office, turn_id, "where is my parcel")
    assert office.surface.removed == [office.surface.said[1][0]], "the agent's words answer it again"


def test_an_order_that_is_named_asks_for_another_answer(office: Office) -> None:
    reword(office, worded(office), "where is my parcel 10057?")
    assert office.surface.texts() == ["It left today.", PARCEL]


def test_who_is_asked_back_below_chooses_there(office: Office) -> None:
    turn_id = worded(office)
    reword(office, turn_id, "hm refund")
    assert office.surface.texts() == ["It left today.", wording.CLARIFY]
    assert office.followups.choose(turn_id, "refund", "UMIA") == ""
    assert office.surface.texts() == ["It left today.", REFUND]


def test_below_the_agents_words_a_person_is_called(office: Office) -> None:
    turn_id = worded(office)
    reword(office, turn_id, "a human please")
    assert office.surface.texts() == ["It left today.", CALLED]


def test_an_agent_words_the_answer_below_anew_and_both_stay(office: Office) -> None:
    turn_id = worded(office)
    reword(office, turn_id, "where is my refund?")
    assert office.followups.edit_answer(turn_id, "It is booked.", "UAGENT", None) == ""
    assert office.surface.texts() == ["It left today.", "It is booked."]
    reword(office, turn_id, "how do I return it?")
    assert office.surface.texts() == ["It left today.", "It is booked.", "Use the label & the box."]


def test_an_answer_to_other_words_teaches_what_these_are_about(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    reword(office, heard.turn_id, "where is my refund?")
    for answer in ("It is booked.", "It was booked today."):
        assert office.followups.edit_answer(heard.turn_id, answer, "UAGENT", None) == ""
        with office.kit.db.reading() as session:
            kept = Corrections(session).latest(heard.turn_id)
        assert kept is not None
        assert (kept.text, kept.after, kept.better_answer) == ("where is my refund?", "refund", answer)
    reword(office, heard.turn_id, "how do I return it?")
    assert office.followups.edit_answer(heard.turn_id, "By post.", "UAGENT", None) == ""
    with office.kit.db.reading() as session:
        kept = Corrections(session).latest(heard.turn_id)
    assert kept is not None
    assert (kept.text, kept.after) == ("how do I return it?", "return_how")


def test_the_right_answer_that_an_agent_sent_stays_the_last_word(office: Office) -> None:
    heard = office.ask("where is my parcel?")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card")
    assert office.followups.answer_rightly(heard.turn_id, "UAGENT") == "Sent."
    reword(office, heard.turn_id, "where is my refund?")
    assert office.surface.texts() == [PARCEL, REFUND], "it answers these words too"
    reword(office, heard.turn_id, "how do I return it?")
    assert office.surface.texts() == [PARCEL, REFUND, "Use the label & the box."]


def test_whoever_takes_the_message_back_takes_the_answer_below_too(office: Office) -> None:
    turn_id = worded(office)
    reword(office, turn_id, "where is my refund?")
    turn = office.kit.turn(turn_id)
    assert turn is not None
    delete(office, turn.ts)
    assert sorted(office.surface.removed) == sorted(ts for ts, *_ in office.surface.said)


def test_where_a_person_has_the_case_the_card_shows_the_new_words_and_nothing_is_said(office: Office) -> None:
    turn_id = worded(office)
    turn = office.kit.turn(turn_id)
    assert turn is not None
    office.followups.person(turn.conversation_id, turn_id, "UMIA")
    office.cases.take(turn.conversation_id, "UAGENT")
    before = office.surface.texts()
    reword(office, turn_id, "where is my refund?")
    assert office.surface.texts() == before
    [card] = office.surface.cards.values()
    assert card.text == "where is my refund?"


def test_behind_a_sent_draft_other_words_are_drafted_anew(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel?")
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT", "It left today.") == ""
    reword(drafting, heard.turn_id, "where is my parcel now?")
    assert drafting.surface.texts() == [wording.DRAFTED, "It left today."]
    reword(drafting, heard.turn_id, "where is my refund?")
    assert drafting.surface.texts() == [wording.DRAFTED, "It left today.", wording.DRAFTED]
    [card] = drafting.surface.cards.values()
    assert (card.draft, card.reply) == (True, REFUND)
    assert "*Draft, not sent*" in str(cards.card(card))
    assert drafting.case(heard).waiting_since is not None
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT") == ""
    assert drafting.surface.texts()[-1] == REFUND
    with drafting.kit.db.reading() as session:
        assert drafts(session, "T1", utcnow().replace(year=2000))["order_status"].unchanged == 1


def test_a_draft_follows_its_customers_words_until_it_is_sent(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel?")
    reword(drafting, heard.turn_id, "where is my refund?")
    assert drafting.turn(heard).reply_text == REFUND, "an agent would have sent the answer to the first words"
    reword(drafting, heard.turn_id, "a mystery")
    assert not showing.case(drafting.kit, drafting.turn(heard)).reply
    assert drafting.cases.drafts.send(heard.turn_id, "UAGENT") == "There is no draft for this turn."


def test_a_draft_that_an_agent_has_worded_stays_for_other_words_of_the_same(drafting: Office) -> None:
    heard = drafting.ask("where is my parcel?")
    drafting.corrections.relabel(heard.turn_id, "order_status", "UAGENT", "card", better_answer="It left today.")
    reword(drafting, heard.turn_id, "where is my parcel now?")
    assert drafting.turn(heard).reply_text == "It left today."
