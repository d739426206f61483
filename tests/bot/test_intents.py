"""Intents renamed, merged and archived under a desk that works, by `/support intents`."""

import pytest
from slack_sdk import WebClient

from bot import intents, made_intents, wording
from bot.corrections import Refused
from bot.listeners.commands import handle_support, intent_words
from bot.listeners.relabelling import made
from bot.services import Services
from model.types import Intent, UnderstudyError
from storage.corrections import Corrections
from storage.intent_events import IntentEvents
from storage.intents import Intents
from tests.bot.conftest import Office
from tests.bot.listeners.test_register import NOWHERE, app_of


@pytest.fixture
def services(office: Office) -> Services:
    _, made = app_of(office)
    return made


def say(services: Services, words: str) -> str:
    return intent_words(services, words, "UAGENT")


def test_a_rename_holds_from_the_next_message_on(office: Office, services: Services) -> None:
    before = office.ask("where is my refund")
    office.corrections.relabel(office.ask("my parcel story").turn_id, "refund", "UAGENT", "card")
    assert say(services, "rename refund money_back").startswith("refund is called money_back now")
    assert office.turn(office.ask("where is my refund now")).intent == "money_back"
    told = office.turn(office.ask("My parcel story!"))
    assert (told.intent, told.prediction_source, told.route) == ("money_back", "memory", "ANSWER")
    assert "Five working days." in office.surface.texts()[-1]
    assert office.turn(before).intent == "refund", "what was written stays"
    assert office.kit.catalogue.title("refund") == "Where is my refund?"
    confirmed = office.corrections.confirm(before.turn_id, "UAGENT")
    assert (confirmed.correction.before, confirmed.correction.after) == ("money_back", "money_back")
    assert not confirmed.changes_answer
    assert office.corrections.label("refund") == "money_back", "agents may go on saying the former name"
    assert say(services, "rename money_back refund").startswith("money_back is called refund now")
    assert office.turn(office.ask("and my refund please")).intent == "refund"


def test_corrections_given_before_a_rename_survive_a_reload(office: Office, services: Services) -> None:
    office.corrections.relabel(office.ask("my parcel story").turn_id, "refund", "UAGENT", "card")
    say(services, "rename refund money_back")
    with office.kit.db.reading() as session:
        standing = Corrections(session).effective("T1")
    assert office.understanding.reload(standing) == 1
    assert office.turn(office.ask("my parcel story")).intent == "money_back"


def test_merged_intents_are_answered_as_one(office: Office, services: Services) -> None:
    heard = office.ask("how do i return this")
    assert "part of refund now" in say(services, "merge return_how refund")
    turn = office.turn(office.ask("how do i return that"))
    assert (turn.intent, turn.ranking[0]) == ("refund", ("refund", pytest.approx(0.92)))
    assert "Five working days." in office.surface.texts()[-1]
    office.corrections.relabel(heard.turn_id, "return_how", "UAGENT", "card")
    assert office.kit.catalogue.has("return_how") is False
    assert [each.name for each in office.kit.catalogue.all()] == [
        "order_status",
        "person",
        "refund",
        "thanks",
        "unanswered",
    ]


def test_an_archived_intent_is_offered_a_person_until_it_is_restored(office: Office, services: Services) -> None:
    office.corrections.relabel(office.ask("my parcel story").turn_id, "refund", "UAGENT", "card")
    say(services, "archive refund")
    for words in ("where is my refund", "my parcel story"):
        turn = office.turn(office.ask(words, channel=f"D{len(words)}"))
        assert (turn.out_of_scope, turn.route) == (True, "OFFER")
        assert "refund" not in [name for name, _ in turn.ranking]
    with pytest.raises(Refused, match="There is no intent `refund`"):
        office.corrections.label("refund")
    say(services, "restore refund")
    assert office.turn(office.ask("where is my refund", channel="D77")).intent == "refund"
    assert office.turn(office.ask("my parcel story", channel="D78")).intent == "refund"


def test_a_list_with_counts_former_names_and_who_changed_what(office: Office, services: Services) -> None:
    office.corrections.relabel(office.ask("my parcel story").turn_id, "refund", "UAGENT", "card")
    say(services, "add gift_card “Gift cards & vouchers”")
    say(services, "rename refund money_back")
    say(services, "merge return_how money_back")
    say(services, "archive unanswered")
    lines = say(services, "").splitlines()
    assert lines == say(services, "List").splitlines()
    assert lines[0].startswith("gift_card “Gift cards &amp; vouchers” · 0 rows · added by UAGENT Smith, 2")
    assert lines[1].startswith(
        "money_back “Where is my refund?” · 1 row · also refund, return_how "
        "· return_how merged into it by UAGENT Smith, 2"
    )
    assert lines[2] == "order_status “Where is my order?” · 0 rows"
    assert lines[-1].startswith("unanswered “Nothing known” · archived · archived by UAGENT")
    assert len(lines) == 6
    with office.kit.db.reading() as session:
        events = IntentEvents(session, "T1").all()
    assert [(each.kind, each.name, each.into) for each in events[1:3]] == [
        ("rename", "refund", "money_back"), ("merge", "return_how", "money_back"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("renam a b", "Expected `intents list | add | rename | merge | archive | restore`, found 'renam a b'"),
        ("rename refund", "Expected `intents rename OLD NEW`, found 'rename refund'"),
        ("archive refnd", "found 'refnd': did you mean refund?"),
        ("rename refund order_status", "found 'order_status', which is an intent: merge, or choose another."),
        ("rename refund “a b”", "Expected a name of letters, digits"),
        ("add oos", "Expected a name, found 'oos', which says that no intent fits: choose another."),
        ("add 123", "Expected a name of letters, digits"),
        ("add talk “where is my refund”", "found 'where is my refund', which refund has: take that intent."),
        ("add where_is_my_refund", "found 'Where is my refund', which refund has: take that intent."),
        ("add refund", "which is an intent"),
        (f"add long “{'x' * 76}”", "Expected a title of at most 75 characters, found 76"),
        ("merge refund refund", "found 'refund' twice"),
        ("restore refund", "found 'refund' in use"),
        ("add x “y", "a mark that is not closed"),
    ],
)
def test_refusals_are_one_line(services: Services, words: str, told: str) -> None:
    said = say(services, words)
    assert told in said
    assert "\n" not in said


def test_a_name_that_was_given_up_is_not_given_to_another(office: Office, services: Services) -> None:
    say(services, "rename refund money_back")
    say(services, "merge return_how order_status")
    assert "which is money_back now: say money_back." in say(services, "archive refund")
    assert "which means money_back now: choose another." in say(services, "rename unanswered refund")
    assert "which means money_back now: choose another." in say(services, "add refund")
    assert "which means order_status now: choose another." in say(services, "rename order_status return_how")
    say(services, "archive unanswered")
    assert "found an archived one: restore it first." in say(services, "merge unanswered money_back")
    assert "archived already" in say(services, "archive unanswered")
    with office.kit.db.reading() as session:
        assert Intents(session, "T1").get("return_how") is not None, "its answer is kept"


def test_only_agents_change_intents(office: Office, services: Services) -> None:
    nobody = WebClient("xoxb-test", base_url=NOWHERE)
    command = {"text": "intents archive refund", "user_id": "UMIA"}
    assert handle_support(services, command, nobody)[0] == wording.ONLY_AGENTS
    done, _ = handle_support(services, command | {"text": "Intents Archive refund", "user_id": "UAGENT"}, nobody)
    assert done.startswith("refund is archived")
    services.workers.close()


def test_a_new_intent_may_be_named_at_once(office: Office, services: Services) -> None:
    heard = office.ask("do you have gift cards")
    say(services, "add gift_card")
    office.corrections.relabel(heard.turn_id, "gift card", "UAGENT", "card")
    assert office.turn(office.ask("Do you have gift cards?")).intent == "gift_card"


def test_a_team_of_its_own(office: Office, services: Services) -> None:
    with office.kit.db.writing() as session:
        Intents(session, "T9").upsert(Intent("refund", "Other"), "import")
    say(services, "rename refund money_back")
    assert [each.name for each in intents.listed(office.kit.db, "T9")] == ["refund"]
    with pytest.raises(UnderstudyError, match="did you mean refund"):
        intents.change(office.kit.db, "T9", "UX", "archive", ["money_back"])


def with_new(services: Services, turn_id: int, name: str) -> int:
    """Correct a turn to an intent that is made for it, as the form does; gives the correction."""
    made(services, name, "", "UAGENT")
    done = services.corrections.relabel(turn_id, name, "UAGENT", "card")
    made_intents.keep(services.kit, done.correction.id, name)
    return done.correction.id


def test_undone_a_correction_takes_the_intent_that_was_made_for_it_along(office: Office, services: Services) -> None:
    heard = office.ask("do you engrave mugs")
    correction = with_new(services, heard.turn_id, "engraving")
    said = office.corrections.undo(correction, "UAGENT")
    assert said.endswith(" `engraving`, which was made for it, is archived.")
    assert not office.kit.catalogue.has("engraving")
    assert "“Engraving” · archived · archived by UAGENT Smith" in say(services, "")
    assert office.corrections.undo(with_new(services, heard.turn_id, "engraving"), "UAGENT").endswith("is archived.")
    assert not office.kit.catalogue.has("engraving"), "made again and undone again"


@pytest.mark.parametrize("need", ["label", "rename", "answer"])
def test_it_stays_where_something_else_needs_it(office: Office, services: Services, need: str) -> None:
    correction = with_new(services, office.ask("do you engrave mugs").turn_id, "engraving")
    if need == "label":
        office.corrections.relabel(office.ask("a name on my cup").turn_id, "engraving", "UAGENT", "card")
    elif need == "rename":
        say(services, "rename engraving engraved")
    else:
        with office.kit.db.writing() as session:
            Intents(session, "T1").upsert(Intent("engraving", "Engraving", answer="We do."), "agent")
    assert "is archived" not in office.corrections.undo(correction, "UAGENT")
    office.kit.catalogue.forget()
    assert office.kit.catalogue.has("engraved" if need == "rename" else "engraving")


def test_one_that_was_there_before_the_correction_stays(office: Office, services: Services) -> None:
    say(services, "add engraving")
    done = office.corrections.relabel(office.ask("do you engrave mugs").turn_id, "engraving", "UAGENT", "card")
    assert "is archived" not in office.corrections.undo(done.correction.id, "UAGENT")
    assert office.kit.catalogue.has("engraving")
    say(services, "archive unanswered")
    assert "found 'unanswered', which is archived: restore it, or choose another." in say(services, "add unanswered")
