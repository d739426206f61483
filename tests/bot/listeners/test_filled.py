"""A form that is sent with nothing to be seen in it says so beside the field, and nobody reads an empty message."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App, BoltRequest

from bot import showing, text
from bot.gap_drafts import ArticleDraft
from bot.listeners import cards, gaps_blocks, ids, intents_blocks, knowledge_blocks, modals, relabel_blocks
from bot.listeners.filled import FILL_IN
from bot.listeners.values import chosen
from bot.values import Fix
from tests.bot.conftest import Office
from tests.bot.fakes import INTENTS
from tests.bot.listeners.test_register import app_of

UNSEEN = ("   ", "\n\t ", "\u200b", "\u00a0\u2060", "\u3164\u2800", "\ufe0f")


@pytest.fixture
def app(office: Office) -> Iterator[App]:
    made, services = app_of(office)
    yield made
    services.workers.close()


def typed(view: dict[str, Any], words: str) -> dict[str, Any]:
    """The form with these words in each of its fields for text."""
    values = {
        block["block_id"]: {ids.VALUE: {"type": "plain_text_input", "value": words}}
        for block in view["blocks"]
        if block.get("type") == "input" and block["element"]["type"] == "plain_text_input"
    }
    assert values
    return {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": "UAGENT"},
        "view": {**view, "id": "V1", "state": {"values": values}},
    }


def sent(app: App, body: dict[str, Any]) -> Any:
    return json.loads(app.dispatch(BoltRequest(body=body, mode="socket_mode")).body or "{}")


@pytest.mark.parametrize("words", UNSEEN)
def test_no_form_is_sent_with_nothing_in_it(app: App, office: Office, words: str) -> None:
    heard = office.ask("where is my parcel")
    turn = office.turn(heard)
    shown = showing.case(office.kit, turn)
    before = list(office.surface.said)
    passage = {"q": "parcel", "a": "1", "p": "It comes."}
    draft = ArticleDraft("", "", "", (), "")
    for view, blocks in (
        (modals.edit_answer(shown), [ids.ANSWER_BLOCK]),
        (modals.write(turn.conversation_id, "C1", "1.0"), [ids.ANSWER_BLOCK]),
        (knowledge_blocks.send([(turn.conversation_id, "x", "bot")], passage, "C1", "1.0"), [ids.ANSWER_BLOCK]),
        (knowledge_blocks.article("", (), [""], INTENTS), [ids.TITLE_BLOCK, f"{ids.BODY_BLOCK}_0"]),
        (knowledge_blocks.search(), [ids.QUERY_BLOCK]),
        (gaps_blocks.article(draft, (), INTENTS, "V2", 30), [ids.TITLE_BLOCK, f"{ids.BODY_BLOCK}_0"]),
        (intents_blocks.add("V2"), [ids.NAME_BLOCK]),
        (intents_blocks.rename("refund", "V2"), [ids.NAME_BLOCK]),
        (relabel_blocks.relabel(shown, (), {"turn": turn.id}, new=True), [ids.NAME_BLOCK]),
    ):
        answer = sent(app, typed(view, words))
        assert answer == {"response_action": "errors", "errors": dict.fromkeys(blocks, FILL_IN)}, view["callback_id"]
    assert office.surface.said == before


@pytest.mark.parametrize("words", UNSEEN)
def test_what_cannot_be_seen_counts_as_left_empty(words: str) -> None:
    assert not text.visible(words)
    assert chosen({"b": {ids.VALUE: {"value": words}}}, "b") == ""
    assert chosen({"b": {ids.VALUE: {"value": f" so{words}"}}}, "b").startswith("so")


@pytest.mark.parametrize("words", ["so", "…", "😀", "👍🏽", "é", "訊"])
def test_what_can_be_seen_is_sent(app: App, office: Office, words: str) -> None:
    heard = office.ask("where is my parcel")
    assert text.visible(words)
    assert sent(app, typed(modals.write(office.case(heard).id, "C1", "1.0"), words)) == {}
    assert any(words in said.text for *_, said in office.surface.said)


def test_an_edited_answer_does_not_say_that_its_label_is_right() -> None:
    [block] = cards.fixed(Fix(1, "refund", "refund", "UAGENT", better_answer="So."))
    assert "is right" not in block["text"]["text"]
    assert "<@UAGENT>" in block["text"]["text"]
