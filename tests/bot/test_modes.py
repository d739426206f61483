import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.addressing import Incoming
from bot.configuring import Configuring
from bot.corrections import Refused
from bot.intake import Accepted
from bot.listeners import ids
from bot.modes import CARE, Handling, Mode, Rule, Rules, careful, handling
from bot.people import AGENTS_CHANNEL
from bot.routing import Thresholds
from bot.showing import DRAFT, SILENT
from model.types import UnderstudyError
from storage.clicks import Clicks
from storage.desk_rules import DeskRules
from storage.keyvalues import KeyValues
from tests.bot.conftest import Office

modes = st.one_of(st.none(), st.sampled_from(Mode))
rules = st.builds(Rule, modes, st.one_of(st.none(), st.floats(0, 1)))


def config(office: Office, words: str, by: str = "UOWNER", channel: str = "CHELP") -> str:
    return Configuring(office.kit, office.corrections).words(words.split(), by, channel)


@pytest.fixture(autouse=True)
def owner(request: pytest.FixtureRequest) -> None:
    for name in {"office", "drafting"} & set(request.fixturenames):
        request.getfixturevalue(name).kit.people.set_up("CAGENTS", ["UOWNER"])


def test_examples() -> None:
    said = Rules(
        Mode.DRAFT,
        {"CQUIET": Rule(Mode.SILENT), "CQUICK": Rule(Mode.AUTOMATIC)},
        {"refund": Rule(Mode.AUTOMATIC, 0.8), "person": Rule(Mode.DRAFT)},
    )
    assert handling(said, "DMIA") == Handling(Mode.DRAFT)
    assert handling(said, "DMIA", ["refund"]) == Handling(Mode.AUTOMATIC, 0.8)
    assert handling(said, "CQUIET", ["refund"]) == Handling(Mode.SILENT, 0.8)
    assert handling(said, "CQUICK", ["person"]) == Handling(Mode.DRAFT)
    assert handling(said, "CQUICK", ["return_how"]) == Handling(Mode.AUTOMATIC)
    assert handling(said, "DMIA", ["refund", "return_how"]) == Handling(Mode.DRAFT, 0.8)


@given(st.sampled_from(Mode), rules, st.lists(rules, max_size=3))
def test_the_desk_counts_only_where_nobody_said_more_and_the_more_careful_wins(
    desk: Mode, channel: Rule, intents: list[Rule]
) -> None:
    names = [f"i{number}" for number in range(len(intents))]
    found = handling(Rules(desk, {"C1": channel}, dict(zip(names, intents, strict=True))), "C1", names)
    spoken = [channel.mode, *(rule.mode for rule in intents)]
    if not any(spoken):
        assert found.mode is desk
    for mode in filter(None, spoken):
        assert CARE.index(found.mode) >= CARE.index(mode)
    assert found.mode in {desk, *spoken}
    assert found.threshold == (intents[0].threshold if intents else None)
    assert careful([]) is None


def test_an_intents_own_threshold_counts() -> None:
    assert Thresholds(0.5, 0.1).of(Handling(Mode.AUTOMATIC, 0.9)) == Thresholds(0.9, 0.1)
    assert Thresholds(0.5, 0.1).of(Handling(Mode.AUTOMATIC)) == Thresholds(0.5, 0.1)


def test_an_intent_is_drafted_in_an_automatic_desk_and_the_other_way_round(office: Office, drafting: Office) -> None:
    config(office, "intent refund draft")
    assert office.turn(office.ask("refund?")).reply_kind == DRAFT
    assert office.turn(office.ask("parcel?", channel="DTOM", user="UTOM")).reply_kind == "verbatim"


def test_an_intent_is_answered_in_a_drafting_desk(drafting: Office) -> None:
    config(drafting, "intent refund automatic")
    assert drafting.turn(drafting.ask("refund?")).reply_kind == "verbatim"
    assert drafting.turn(drafting.ask("parcel?")).reply_kind == DRAFT


def test_a_threshold_makes_the_bot_ask(office: Office) -> None:
    config(office, "intent refund 0.95")
    assert office.turn(office.ask("refund?")).route == "CLARIFY"
    config(office, "intent refund default")
    assert office.turn(office.ask("refund?", channel="DTOM", user="UTOM")).route == "ANSWER"


def test_a_silent_channel_is_understood_and_logged_and_nothing_else(office: Office) -> None:
    config(office, "channel silent")
    for words in ("<@UBOT> parcel?", "<@UBOT> hm refund", "<@UBOT> nonsense", "<@UBOT> more nonsense", "<@UBOT> !"):
        turn = office.turn(office.ask(words, channel="CHELP"))
        assert (turn.status, turn.reply_kind, turn.reply_ts) == ("done", SILENT, "")
    assert office.surface.said == []
    assert office.surface.cards == {}
    first = office.turn(office.ask("<@UBOT> parcel?", channel="CHELP"))
    assert (first.intent, first.route) == ("order_status", "ANSWER")


def test_in_a_silent_channel_who_asks_for_a_person_gets_one(office: Office) -> None:
    config(office, "channel silent")
    heard = office.ask("<@UBOT> a human please", channel="CHELP")
    assert office.surface.texts() == [f"{wording.HANDOFF} You are number 1 in line."]
    assert office.case(heard).state == "waiting"
    assert [card.state for card in office.surface.cards.values()] == ["waiting"]


def test_a_failure_in_a_silent_channel_is_not_told_to_customers(office: Office) -> None:
    config(office, "channel silent")
    turn = office.turn(office.ask("<@UBOT> boom", channel="CHELP"))
    assert turn.status == "failed"
    assert office.surface.said == []


def test_a_choice_of_an_intent_that_agents_answer_calls_one(office: Office) -> None:
    config(office, "intent refund draft")
    heard = office.ask("hm parcel")
    assert office.turn(heard).route == "CLARIFY"
    assert office.followups.choose(heard.turn_id, "refund", "UMIA") == ""
    assert office.surface.texts() == [f"{wording.HANDOFF} You are number 1 in line."]
    assert office.case(heard).state == "waiting"


def topic(office: Office, intent: str, title: str) -> Accepted:
    message = Incoming("DMIA", f"{next(office.numbers)}.000100", "UMIA", title)
    accepted = office.intake.topic(message, f"ask-{message.ts}", intent)
    assert accepted.case is not None
    office.desk.work(accepted.case.id)
    return accepted


def test_a_topic_of_the_home_is_answered_as_what_was_pressed_whatever_its_title_is_taken_for(office: Office) -> None:
    heard = topic(office, "order_status", "Where is my refund?")
    assert office.surface.texts() == ["Hello Umia, it is on its way."]
    turn = office.turn(heard)
    assert (turn.intent, turn.route) == ("refund", "ANSWER"), "what the model said is kept as it is"
    with office.kit.db.reading() as session:
        assert Clicks(session).meant(turn.id) == "order_status"
    follow = office.ask("hm parcel", thread=turn.ts)
    assert follow.case is not None
    assert follow.case.id == turn.conversation_id


def test_a_topic_of_the_home_that_agents_answer_waits_for_one(office: Office) -> None:
    config(office, "intent refund draft")
    heard = topic(office, "refund", "Where is my refund?")
    assert office.turn(heard).reply_kind == "draft"
    config(office, "mode silent")
    heard = topic(office, "order_status", "Where is my order?")
    assert office.case(heard).state == "waiting"
    assert wording.HANDOFF in office.surface.texts()[-1]


def test_words_that_are_right(office: Office) -> None:
    assert config(office, "mode draft") == "The desk: *draft*."
    assert config(office, "channel silent") == "<#CHELP>: *silent*."
    assert config(office, "channel <#C0OTHER|other> draft") == "<#C0OTHER>: *draft*."
    assert config(office, "answer all") == "<#CHELP>: *silent*; every message there is answered."
    assert office.kit.people.answers_all("CHELP")
    assert config(office, "intent refund draft 80%") == "“Where is my refund?”: *draft*, answered from 0.8."
    assert config(office, "intent refund automatic") == "“Where is my refund?”: *automatic*, answered from 0.8."
    assert config(office, "intent refund default") == "“Where is my refund?”: *as the desk*."
    assert config(office, "channel default") == "<#CHELP>: *as the desk*; every message there is answered."
    assert config(office, "answer mentions") == "<#CHELP>: *as the desk*."
    assert not office.kit.people.answers_all("CHELP")
    shown = config(office, "show", by="UAGENT")
    assert "The desk: *draft*." in shown
    assert "<@UOWNER>: <#CHELP>" in shown


def test_the_same_twice_is_one_row_of_the_history(office: Office) -> None:
    for _ in range(2):
        config(office, "intent refund draft")
    with office.kit.db.reading() as session:
        assert [(row.by, row.mode) for row in DeskRules(session, "T1").history()] == [("UOWNER", "draft")]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            "mode drat",
            "Expected `config mode automatic | draft | silent`, found `drat`. Did you mean `config mode draft`?",
        ),
        ("mode default", "Expected `config mode automatic | draft | silent`, found `default`."),
        ("mde draft", "Expected `config mode automatic | draft | silent`, found `mde draft`."),
        ("xyz", "Expected `config mode | channel | intent | answer | show`, found `xyz`."),
        ("channel slient", "found `slient`. Did you mean `silent`?"),
        ("intent refund draft 8", "Expected a confidence from 0 to 1, such as 0.8, found `8`."),
        ("intent refund", "Expected `config intent NAME"),
        ("intent refund draft silent", "Expected `config intent NAME"),
        ("intent oos draft", "out of scope"),
        ("answer everything", "Expected `config answer [#channel] all | mentions`"),
    ],
)
def test_words_that_are_wrong_get_one_line(office: Office, words: str, line: str) -> None:
    with pytest.raises(UnderstudyError) as told:
        config(office, words)
    assert line in str(told.value)
    assert "\n" not in str(told.value)


def test_an_unknown_intent_names_the_nearest(office: Office) -> None:
    with pytest.raises(Refused, match="Did you mean `refund`"):
        config(office, "intent refnd draft")


def test_agents_see_and_owners_change(office: Office) -> None:
    with pytest.raises(UnderstudyError, match="Only the bot's owners can change this: <@UOWNER>"):
        config(office, "mode draft", by="UAGENT")
    assert office.kit.people.mode() == "automatic"
    with pytest.raises(UnderstudyError, match="agents' channel"):
        config(office, "channel silent", channel="CAGENTS")


def test_the_rule_of_a_renamed_intent_goes_with_it(office: Office) -> None:
    from bot import intents

    config(office, "intent refund draft 0.7")
    intents.change(office.kit.db, "T1", "UAGENT", "rename", ["refund", "money_back"])
    office.kit.catalogue.forget()
    assert office.kit.rules().intents == {"money_back": Rule(Mode.DRAFT, 0.7)}


def test_the_form_is_the_rules(office: Office) -> None:
    from bot.listeners import config_blocks

    view = config_blocks.form("CHELP", Mode.DRAFT, Rule(Mode.SILENT), True, office.kit.catalogue.all(), "shown")
    blocks = {block.get("block_id"): block for block in view["blocks"]}
    assert blocks[ids.MODE_BLOCK]["element"]["initial_option"]["value"] == "draft"
    assert blocks[ids.CHANNEL_MODE_BLOCK]["element"]["initial_option"]["value"] == "silent"
    assert blocks[ids.ANSWER_ALL_BLOCK]["element"]["initial_options"]


def test_one_message_is_handled_by_one_set_of_rules(office: Office) -> None:
    people = office.kit.people
    with people.steady():
        before = people.rules(), people.channel()
        with office.kit.db.writing() as session:
            DeskRules(session, "T1").say("channel", "CHELP", "UOWNER", answer_all=True)
            KeyValues(session, "T1").set(AGENTS_CHANNEL, "CNEW")
        assert (people.rules(), people.channel()) == before
        elsewhere: list[object] = []
        other = threading.Thread(target=lambda: elsewhere.extend((people.answers_all("CHELP"), people.channel())))
        other.start()
        other.join()
        assert elsewhere == [True, "CNEW"], "another thread reads what stands"
    assert (people.answers_all("CHELP"), people.channel()) == (True, "CNEW")
