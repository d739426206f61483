"""Two requests, two answers: through the desk, its log and the agents' card."""

from bot import wording
from bot.combining import combined
from bot.figures import Yardsticks, figures
from bot.listeners import cards
from model.types import Intent, Reply
from storage.desk_rules import DeskRules
from storage.turns import Turns
from tests.bot.conftest import CALLED, Office

TWO = "where is my parcel, and where is my refund?"
BOTH = "**Where is my order?**\nHello Umia, it is on its way.\n\n**Where is my refund?**\nFive working days."


def test_two_requests_have_two_answers_in_one_reply(office: Office) -> None:
    heard = office.ask(TWO)
    turn = office.turn(heard)
    assert office.surface.texts() == [BOTH]
    assert (turn.route, turn.intent, turn.reply_text, turn.reply_kind) == ("ANSWER", "order_status", BOTH, "verbatim")
    assert [(name, TWO[start:end]) for name, _, start, end in turn.requests] == [
        ("order_status", "where is my parcel"),
        ("refund", "and where is my refund?"),
    ]
    assert office.surface.said[0][3].facts["also_asks"] == ["refund 0.90"]


def test_who_also_wants_a_person_is_answered_and_handed_over(office: Office) -> None:
    heard = office.ask("where is my parcel? And can I talk to a human please?")
    assert office.case(heard).state == "waiting"
    assert office.surface.texts() == [f"**Where is my order?**\nHello Umia, it is on its way.\n\n{CALLED}"]
    [card] = office.surface.cards.values()
    assert [guess.name for guess in card.further] == ["person"]
    assert "Also asks" in str(cards.card(card))
    assert figures(office.kit, Yardsticks()).handed == (("wanted a person", 1),), "the bot was at no loss"


def test_who_wants_a_person_is_not_asked_what_else_was_meant(office: Office) -> None:
    unsure(office, "order_status")
    heard = office.ask("where is my parcel? And can I talk to a human please?")
    assert office.case(heard).state == "waiting"
    assert office.surface.texts() == [CALLED], "what is uncertain is not answered"
    [card] = office.surface.cards.values()
    assert (card.guesses[0].name, [guess.name for guess in card.further]) == ("order_status", ["person"])
    assert office.turn(heard).route == "HANDOFF"


def test_beside_a_call_for_a_person_what_is_uncertain_is_left_to_them(office: Office) -> None:
    unsure(office, "refund")
    office.ask("where is my parcel? And where is my refund? And can I talk to a human please?")
    assert office.surface.texts() == [f"**Where is my order?**\nHello Umia, it is on its way.\n\n{CALLED}"]


def test_what_was_unclear_twice_is_handed_over_without_a_guess_at_an_answer(office: Office) -> None:
    unsure(office, "order_status")
    first = office.ask(TWO)
    assert office.turn(first).route == "CLARIFY"
    again = office.ask(TWO, thread=office.case(first).thread_ts)
    assert office.case(again).state == "waiting"
    assert office.surface.texts()[1:] == [CALLED]


def unsure(office: Office, intent: str) -> None:
    """From now on the bot is not sure enough of an intent to answer it."""
    with office.kit.db.writing() as session:
        DeskRules(session, "T1").say("intent", intent, "UAGENT", threshold=0.99)


def test_a_request_without_an_answer_is_named(office: Office) -> None:
    office.ask("where is my parcel? And what about the mystery, can you solve it?")
    [said] = office.surface.texts()
    assert said.endswith(f"**Nothing known**\n{wording.NO_ANSWER}")


def test_in_draft_mode_both_answers_are_the_draft(drafting: Office) -> None:
    heard = drafting.ask(TWO)
    assert (drafting.turn(heard).reply_text, drafting.turn(heard).reply_kind) == (BOTH, "draft")


def test_a_turn_worked_again_still_knows_its_requests(office: Office) -> None:
    heard = office.hear(TWO)
    found = office.understanding.predict(TWO)
    with office.kit.db.writing() as session:
        Turns(session).predicted(heard.turn_id, found)
    office.crash(heard)
    office.desk.work(office.case(heard).id)
    assert office.surface.texts() == [BOTH]


def test_a_correction_relabels_the_main_request_and_leaves_the_other(office: Office) -> None:
    heard = office.ask(TWO)
    office.corrections.relabel(heard.turn_id, "return_how", "UAGENT", "card")
    office.ask(TWO)
    assert office.surface.texts()[-1] == (
        "**How do I return something?**\nUse the label & the box.\n\n**Where is my refund?**\nFive working days."
    )


def test_and_the_blue_one_is_answered_by_what_went_before(office: Office) -> None:
    root = office.ask("where is my parcel")
    heard = office.ask("and the blue one?", thread=office.case(root).thread_ts)
    turn = office.turn(heard)
    assert (turn.intent, turn.in_context, turn.route) == ("order_status", True, "ANSWER")
    assert office.surface.said[-1][3].facts["in_context"] is True


def test_a_new_case_reads_the_last_one_as_context(office: Office) -> None:
    office.ask("where is my parcel")
    assert office.turn(office.ask("and the blue one?")).in_context
    assert office.turn(office.ask("and the blue one?", user="UTOM", channel="DTOM")).route == "OFFER"


def test_combined_answers_carry_all_their_sources() -> None:
    one = Reply("a", "composed", ("x", "y"), "r1", refused=("why",))
    two = Reply("b", "verbatim", ("y", "z"), "")
    both = combined([(Intent("i", "I"), one), (Intent("j", "J"), two)])
    assert both is not None
    assert (both.kind, both.sources, both.version, both.refused) == ("composed", ("x", "y", "z"), "r1", ("why",))
    assert combined([(Intent("i", "I"), None)]) is None
