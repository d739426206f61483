"""The agents' desk, played through sockets: modes, relabelling, what is no request."""

from collections.abc import Iterator

import pytest

from bot import wording
from bot.corrections import Refused
from bot.digest import Digest
from bot.listeners import ids
from bot.listeners.filled import FILL_IN
from bot.listeners.relabel_blocks import NEW
from storage.desk_rules import DeskRules
from storage.dismissals import Dismissals
from tests.e2e.conftest import House, options, shown, until
from tests.e2e.test_agents import call_person, turn_done
from tests.e2e.test_day import turn_of


@pytest.fixture(autouse=True)
def no_rules(house: House) -> Iterator[None]:
    """What a test said of modes is taken back."""
    yield
    with house.bot.services.kit.db.writing() as session:
        rules = DeskRules(session, "T0LOCAL")
        for row in rules.standing():
            rules.say(row.scope, row.subject, "U0AGENT", mode="automatic" if row.scope == "desk" else "")


def element_of(view: dict, block_id: str) -> dict:  # type: ignore[type-arg]
    return next(dict(block["element"]) for block in view["blocks"] if block["block_id"] == block_id)


def test_a_drafted_intent_and_a_silent_channel_by_words(house: House) -> None:
    heard = house.heard(house.alex)
    house.alex.command("/support config intent refund draft 0.5", "C0AGENTS")
    house.alex.wait(lambda: any("answered from 0.5" in text for text in heard()), 10, "a line")
    house.alex.command("/support config channel <#C0HELP|help> silent", "C0AGENTS")
    house.alex.wait(lambda: any("<#C0HELP>: *silent*" in text for text in heard()), 10, "a line")
    house.alex.command("/support config channel silent", "C0AGENTS")
    house.alex.wait(lambda: any("agents' channel" in text for text in heard()), 10, "a refusal")
    house.alex.command("/support config mode drafd")
    house.alex.wait(lambda: any("Did you mean `config mode draft`?" in text for text in heard()), 10, "the nearest")
    assert wording.DRAFTED in house.answer(house.mia, "refund for the desk test")["text"]
    card = house.card(lambda one: "refund for the desk test" in shown(one) and ids.SEND in shown(one))
    house.alex.click(card, ids.SEND)
    house.mia.wait_message(lambda one: one["channel"] == house.mia.dm and "Five working days" in one["text"])
    assert "on its way" in house.answer(house.mia, "parcel for the desk test")["text"]
    quiet = house.tom.say("C0HELP", "@Understudy parcel in silence")
    until(lambda: turn_done(house, quiet))
    assert len(house.tom.messages("C0HELP", quiet)) == 1
    loud = house.tom.say("C0HELP", "@Understudy a human please")
    house.tom.wait_message(lambda one: one.get("thread_ts") == loud and wording.HANDOFF in one["text"])


def test_a_draft_follows_its_label_and_words_must_be_seen(house: House) -> None:
    house.bot.services.configuring.words(["intent", "refund", "draft"], "U0AGENT", "C0AGENTS")
    heard = house.heard(house.alex)
    asked = house.ask(house.mia, "refund for the mug in three pieces")
    drafted = house.card(lambda one: "mug in three pieces" in shown(one) and ids.SEND in shown(one))
    turn = turn_of(house, house.mia.dm, asked).id
    house.alex.command(f"/relabel {turn} order_status")
    card = house.card(lambda one: one["ts"] == drafted["ts"] and "not sent*\\n>Hello" in shown(one))
    assert "Five working days" not in shown(card)
    house.alex.click(card, ids.EDIT)
    form = house.alex.wait_view(callback_id=ids.EDIT_VIEW)
    house.alex.submit(form, {ids.ANSWER_BLOCK: "   "})
    assert house.alex.errors[ids.ANSWER_BLOCK] == FILL_IN
    house.alex.close_view(form)
    house.alex.click(card, ids.SEND)
    said = house.mia.wait_message(lambda one: one.get("thread_ts") == asked and "on its way" in one["text"])
    assert "Five working days" not in said["text"]
    house.alex.click(house.card(lambda one: one["ts"] == card["ts"] and ids.SEND not in shown(one)), ids.WRITE)
    form = house.alex.wait_view(callback_id=ids.WRITE_VIEW)
    house.alex.submit(form, {ids.ANSWER_BLOCK: "It left an hour ago."})
    house.alex.wait(lambda: "Sent." in heard(), 10, "that it was sent")
    house.card(lambda one: one["ts"] == card["ts"] and "*<@U0AGENT> told them:*\\n>It left an hour ago." in shown(one))
    house.mia.say(house.mia.dm, "thanks, and the other one?", asked)
    house.alex.wait_message(
        lambda one: one.get("thread_ts") == card["ts"] and "<@U0AGENT>, <@U0MIA> has written again" in one["text"]
    )


def test_the_form_for_owners_and_what_others_see(house: House) -> None:
    house.alex.command("/support config", "C0HELP")
    view = house.alex.wait_view(callback_id=ids.CONFIG_VIEW)
    values = {
        ids.MODE_BLOCK: "draft",
        ids.CHANNEL_MODE_BLOCK: "automatic",
        ids.ANSWER_ALL_BLOCK: ["all"],
        ids.INTENT_BLOCK: None,
        ids.INTENT_MODE_BLOCK: "default",
        ids.THRESHOLD_BLOCK: "0.7",
    }
    answer = house.alex.submit(view, values)
    assert answer["errors"] == {ids.INTENT_BLOCK: "Choose the intent that this is for."}
    answer = house.alex.submit(view, values | {ids.INTENT_BLOCK: "refund", ids.THRESHOLD_BLOCK: "high"})
    assert "Expected a confidence from 0 to 1" in answer["errors"][ids.THRESHOLD_BLOCK]
    assert house.bot.services.kit.rules().desk == "automatic", "nothing was changed by half"
    answer = house.alex.submit(view, values | {ids.INTENT_BLOCK: "refund", ids.INTENT_MODE_BLOCK: "silent"})
    assert answer["action"] == "update"
    rules = house.bot.services.kit.rules()
    assert (rules.desk, rules.channels["C0HELP"].mode, rules.answer_all) == ("draft", "automatic", {"C0HELP"})
    assert (rules.intents["refund"].mode, rules.intents["refund"].threshold) == ("silent", 0.7)
    house.alex.close_view(house.alex.wait_view())
    # A form that was opened before and changes nothing says nothing anew.
    house.alex.command("/support config", "C0HELP")
    view = house.alex.wait_view(callback_id=ids.CONFIG_VIEW)
    house.bot.services.configuring.words(["mode", "automatic"], "U0AGENT", "C0HELP")
    assert house.alex.submit(view, {})["action"] == "update"
    house.alex.wait(lambda: any("Nothing was changed" in shown(v) for v in house.alex.views), 10, "that it says so")
    assert house.bot.services.kit.rules().desk == "automatic"
    house.bot.services.configuring.words(["mode", "draft"], "U0AGENT", "C0HELP")
    house.alex.close_view(house.alex.wait_view())
    # Every message of the channel is a customer's now, answered there although the desk drafts.
    ts = house.tom.say("C0HELP", "parcel without a mention")
    house.tom.wait_message(lambda one: one.get("thread_ts") == ts and "on its way" in one["text"])


def test_a_new_intent_for_all_near_identical_turns_and_one_undo(house: House) -> None:
    for text in ("my parcel 40001 is wet", "My parcel 40002 is wet!", "hello, my parcel 40003 is wet, thanks"):
        house.answer(house.mia, text)
    house.settle()
    reply = house.answer(house.mia, "my parcel 40004 is wet")
    turn = turn_of(house, house.mia.dm, reply["thread_ts"])
    house.alex.command(f"/relabel {turn.id}", "C0AGENTS")
    view = house.alex.wait_view(callback_id=ids.RELABEL_VIEW)
    view = house.alex.wait(
        lambda: next((v for v in house.alex.views if "3 near-identical turns" in str(v)), None), 10, "the count"
    )
    house.alex.act(
        "click", view_id=view["id"], action_id=ids.SEARCH, value=NEW, values={ids.INTENT_BLOCK: {ids.SEARCH: NEW}}
    )
    view = house.alex.wait(
        lambda: next((v for v in house.alex.views if ids.NAME_BLOCK in str(v)), None), 10, "two more fields"
    )
    values = {
        ids.INTENT_BLOCK: NEW,
        ids.NAME_BLOCK: "refund",
        ids.TITLE_BLOCK: "My parcel is wet",
        ids.ALSO_BLOCK: ["also"],
        ids.NOTE_BLOCK: "rain",
    }
    assert "which is an intent" in house.alex.submit(view, values)["errors"][ids.NAME_BLOCK]
    heard = house.heard(house.alex)
    assert house.alex.submit(view, values | {ids.NAME_BLOCK: "Wet parcel"})["action"] == "close"
    house.alex.wait(lambda: any("3 near-identical turns have the label too" in one for one in heard()), 10, "a line")
    again = house.bot.services.understanding.predict("my parcel 40009 is wet")
    assert (again.intent, again.source) == ("wet_parcel", "memory")
    said = house.alex.wait_message(lambda one: one.get("ephemeral") and "near-identical" in one["text"])
    house.alex.click(said, ids.UNDO)
    house.alex.wait(lambda: any("So are the 3" in one for one in heard()), 10, "an undo of all")
    house.alex.wait(lambda: any("`wet_parcel`, which was made for it, is archived." in one for one in heard()), 10)
    assert house.bot.services.understanding.predict("my parcel 40009 is wet").source == "model"


def test_a_new_intent_from_the_cards_menu_and_one_that_is_quicker_than_its_fields(house: House) -> None:
    ts, card = call_person(house, "parcel of the menu")
    turn = turn_of(house, house.tom.dm, ts)
    house.alex.click(card, ids.MORE, f"new|{turn.id}")
    view = house.alex.wait_view(callback_id=ids.RELABEL_VIEW)
    assert element_of(view, ids.INTENT_BLOCK)["initial_option"]["value"] == NEW
    assert ids.NAME_BLOCK in str(view)
    house.alex.close_view(view)
    house.alex.click(card, ids.CORRECT)
    view = house.alex.wait_view(callback_id=ids.RELABEL_VIEW)
    assert ids.NAME_BLOCK not in str(view)
    assert house.alex.submit(view, {ids.INTENT_BLOCK: NEW, ids.ANSWER_BLOCK: "So."})["action"] == "update"
    view = house.alex.wait(lambda: next((v for v in house.alex.views if ids.NAME_BLOCK in str(v)), None), 10, "fields")
    assert element_of(view, ids.ANSWER_BLOCK)["initial_value"] == "So."
    house.alex.close_view(view)


def test_not_a_request_and_back(house: House) -> None:
    ts, card = call_person(house, "parcel of the lobby sign")
    turn = turn_of(house, house.tom.dm, ts)
    before = len(house.tom.messages(house.tom.dm, ts))
    dismiss = next(each for each in options(card, ids.MORE) if each.startswith("dismiss"))
    house.alex.click(card, ids.MORE, dismiss)
    card = house.card(lambda one: one["ts"] == card["ts"] and ids.RESTORE in shown(one) and "resolved" in shown(one))
    house.settle()
    assert len(house.tom.messages(house.tom.dm, ts)) == before, "nothing is said"
    house.alex.click(card, ids.RESTORE)
    house.card(lambda one: one["ts"] == card["ts"] and "waits for a person" in shown(one))
    with house.bot.services.kit.db.reading() as session:
        assert Dismissals(session, "T0LOCAL").standing(turn.id) is None


def test_a_label_from_an_old_card_is_refused_with_who_was_first(house: House) -> None:
    ts, card = call_person(house, "parcel of two agents")
    turn = turn_of(house, house.tom.dm, ts)
    old = next(each for each in options(card, ids.MORE) if each.startswith("oos"))
    house.bot.services.corrections.relabel(turn.id, "refund", "U0TOM", "command")
    heard = house.heard(house.alex)

    with pytest.raises(Refused, match="corrected this to"):
        house.bot.services.corrections.relabel(turn.id, "oos", "U0AGENT", "card", seen=int(old.split("|")[2]))
    house.card(lambda one: one["ts"] == card["ts"] and "by <@U0TOM>" in shown(one))
    assert heard() == []


def test_statistics_as_text_and_as_a_picture_where_agents_are_among_themselves(house: House) -> None:
    house.answer(house.mia, "parcel for the statistics")
    heard = house.heard(house.alex)
    house.alex.command("/support stats 7d intent=order_status", "C0AGENTS")
    posted = house.alex.wait_message(lambda one: one["channel"] == "C0AGENTS" and one.get("files"))
    [file] = posted["files"]
    assert (file["mimetype"], file["title"]) == ("image/png", "The last 7 days")
    assert house.server.world.state.contents[file["id"]].startswith(b"\x89PNG")
    house.alex.wait(lambda: any("Answered alone:" in text for text in heard()), 10, "the figures")
    heard = house.heard(house.alex)
    before = len(house.tom.messages("C0HELP"))
    house.alex.command("/support stats", "C0HELP")
    house.alex.wait(lambda: any("Answered alone:" in text for text in heard()), 10, "the figures")
    assert len(house.tom.messages("C0HELP")) == before, "customers are there: no picture"
    house.alex.command("/support stats soon")
    house.alex.wait(lambda: any("such as 7d" in text for text in heard()), 10, "one line")


def test_the_bot_is_let_answer_an_intent_whose_drafts_are_good(house: House) -> None:
    house.alex.command("/support config intent return_how draft")
    house.bot.services.kit.catalogue.forget()
    until(lambda: "return_how" in house.bot.services.kit.rules().intents)
    for number in range(20):
        house.ask(house.mia, f"return number {number}")
    cards = [
        house.card(lambda one, n=n: f'return number {n}"' in shown(one) and ids.SEND in shown(one)) for n in range(20)
    ]
    for card in cards:
        house.alex.click(card, ids.SEND)
    house.mia.wait(
        lambda: sum("Use the label" in one["text"] for one in house.mia.messages(house.mia.dm)) >= 20, 20, "20 drafts"
    )
    house.alex.command("/support stats", "C0HELP")
    told = house.alex.wait_message(lambda one: one.get("ephemeral") and ids.TRUST in shown(one))
    assert "20 of 20 drafts" in shown(told)
    house.alex.click(told, ids.TRUST)
    trusted = "“How do I return something?”: *automatic*"
    house.alex.wait_message(lambda one: one.get("ephemeral") and trusted in one["text"])
    assert "Use the label" in house.answer(house.mia, "return at last")["text"]


def test_the_digest_opens_the_review(house: House) -> None:
    call_person(house, "parcel for the digest")
    assert Digest(house.bot.services.kit, house.bot.services.yardsticks).post()
    told = house.card(lambda one: "The last 24 hours" in shown(one))
    assert "wait for a person" in shown(told)
    house.alex.click(told, ids.HOME_REVIEW)
    house.alex.close_view(house.alex.wait_view(callback_id=ids.REVIEW_VIEW))


def test_the_home_leads_to_review_statistics_and_modes(house: House) -> None:
    ts, card = call_person(house, "parcel nobody took")
    house.alex.click(card, ids.TAKE)
    house.card(lambda one: one["ts"] == card["ts"] and "taken by" in shown(one))
    turn = turn_of(house, house.tom.dm, ts)
    house.bot.services.corrections.confirm(turn.id, "U0AGENT")
    view = house.alex.home()
    for words in ("*My cases*", "parcel nobody took", "You labelled *", "The intent model", "New labels"):
        assert words in shown(view), words
    house.alex.click(view, ids.HOME_STATS)
    told = house.alex.wait(lambda: next((v for v in house.alex.views if "Answered alone" in shown(v)), None), 10, "it")
    house.alex.click(told, ids.STATS_SPAN, "30d")
    told = house.alex.wait(lambda: next((v for v in house.alex.views if "*The last 30 days" in shown(v)), None))
    assert any(each["value"] == "refund" for each in house.alex.options(told, ids.STATS_INTENT, "refund"))
    house.alex.click(told, ids.STATS_INTENT, "refund")
    told = house.alex.wait(lambda: next((v for v in house.alex.views if "30 days of “Where is my" in shown(v)), None))
    house.alex.close_view(told)
    house.alex.click(view, ids.HOME_CONFIG)
    house.alex.close_view(house.alex.wait_view(callback_id=ids.CONFIG_VIEW))
    house.alex.click(view, ids.HOME_REVIEW)
    house.alex.close_view(house.alex.wait_view(callback_id=ids.REVIEW_VIEW))
