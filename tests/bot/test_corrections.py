import pytest

from bot.corrections import Refused
from bot.listeners import cards
from bot.values import Customer
from storage.corrections import Corrections
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


def many(office: Office, *texts: str) -> list[int]:
    """Turns of several customers, in the order of their texts."""
    return [office.ask(each, user=f"U{n}", channel=f"D{n}").turn_id for n, each in enumerate(texts, 1)]


def test_near_identical_turns_get_the_label_along_with_one_and_lose_it_along_with_it(office: Office) -> None:
    main, same, number, thanked, other, judged = many(
        office,
        "my parcel 10042 came back",
        "My parcel 10042 came back!",
        "my parcel 20057 came back",
        "hello, my parcel 10042 came back, thanks",
        "my parcel is late",
        "my parcel 10042 came back.",
    )
    office.corrections.confirm(judged, "UAGENT2")
    assert office.corrections.alike(main) == [thanked, number, same]
    done = office.corrections.relabel(
        main, "refund", "UAGENT", "card", seen=0, also=[thanked, number, same, judged, 9999, main]
    )
    assert "3 near-identical turns have the label too" in done.words
    with office.kit.db.reading() as session:
        rows = Corrections(session).all("T1")
    assert [(row.turn_id, row.before, row.after, row.part_of) for row in rows[1:]] == [
        (main, "order_status", "refund", None),
        *((turn, "order_status", "refund", done.correction.id) for turn in (thanked, number, same)),
    ]
    assert other not in [row.turn_id for row in rows]
    assert office.corrections.alike(main) == []
    # One of them is changed by somebody: the undo of all leaves that one alone.
    office.corrections.relabel(number, "return_how", "UAGENT2", "card")
    assert "So are the 2 that" in office.corrections.undo(done.correction.id, "UAGENT")
    with office.kit.db.reading() as session:
        log = Corrections(session)
        standing = [log.latest(turn) for turn in (main, same, thanked, number)]
    assert [row.after if row else None for row in standing] == [None, None, None, "return_how"]


def test_colleagues_read_the_note_on_the_card_until_the_customer_is_erased(office: Office) -> None:
    heard = office.ask("a human please")
    office.corrections.relabel(heard.turn_id, "refund", "UAGENT", "card", note="they mean <money> back")
    [card] = office.surface.cards.values()
    assert "*Note*\\n>they mean &lt;money&gt; back" in str(cards.card(card))
    office.privacy.erase(Customer("T1", "UMIA"))
    [card] = office.surface.cards.values()
    assert card.fix is not None
    assert card.fix.note == ""


@pytest.mark.parametrize(
    ("label", "said"),
    [("refund", "*Where is my refund?*, as agents have"), ("oos", "*Out of scope*, as agents have")],
)
def test_what_agents_have_taught_is_no_guess_of_the_model(office: Office, label: str, said: str) -> None:
    office.corrections.relabel(office.ask("my parcel story").turn_id, label, "UAGENT", "card")
    again = office.ask("my parcel story", user="UTOM", channel="DTOM")
    office.followups.person(office.case(again).id, again.turn_id, "UTOM")
    [card] = office.surface.cards.values()
    drawn = str(cards.card(card))
    assert f"{said} labelled such words before" in drawn
    assert "100%" not in drawn


def test_what_denies_is_not_near(office: Office) -> None:
    main, _ = many(office, "my refund did come", "my refund did not come")
    assert office.corrections.alike(main) == []
