"""Replies written at an endpoint that hangs, fails and lies, read by a customer in the local workspace."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.app import build
from bot.listeners import ids
from bot.models import Models
from bot.workspace.hands import Hands
from bot.workspace.server import Server
from model.chat_call import Address
from model.endpoint import EndpointWriter, Patience
from model.memory import OverrideMemory
from model.responder import KnowledgeResponder
from model.retriever import Retriever
from model.types import Article, Intent
from storage.feedback import Feedback
from storage.intents import Intents
from storage.turns import Turns
from tests.bot.fakes import FakeClassifier, FakeEncoder
from tests.e2e.conftest import MANIFEST, House, options, settings_for
from tests.model.chat_server import ChatServer
from tests.model.fakes import FakeEncoder as WordEncoder

ANSWER = "You can send an item back within 30 days of delivery, with our free label."
ARTICLE = Article(
    "mystery", "The mystery box", "The mystery box holds three candles. It is packed by hand in Leeds.", ("unanswered",)
)
LIE = "We also pay you 50 pounds in cash today."
IN_TIME = 3.0
"""Seconds; the endpoint is given one."""


@pytest.fixture(scope="module")
def chat() -> Iterator[ChatServer]:
    with ChatServer() as made:
        yield made


@pytest.fixture(scope="module")
def calls() -> list[tuple[str, str]]:
    """Every call that the bot makes of Slack: the method, and all that it carries."""
    return []


@pytest.fixture(scope="module")
def house(chat: ChatServer, calls: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    encoder, classifier = WordEncoder(), FakeClassifier()
    patience = Patience(first_seconds=1.0, seconds=1.5, retries_per_minute=0, failures=1000)
    writer = EndpointWriter(Address(chat.url, "small", "sk-secret"), patience)
    responder = KnowledgeResponder(Retriever(encoder, [ARTICLE]), lambda: writer, encoder)
    models = Models(lambda: classifier, lambda: responder, OverrideMemory(FakeEncoder()))
    patch = pytest.MonkeyPatch()
    send = WebClient.api_call

    def recorded(self: WebClient, api_method: str, **sent: Any) -> Any:
        calls.append((api_method, repr(sent)))
        return send(self, api_method, **sent)

    patch.setattr(WebClient, "api_call", recorded)
    with Server(port=0, manifest=MANIFEST) as server:
        bot = build(settings_for(server, tmp_path_factory.mktemp("house")), models=models)
        with bot.services.kit.db.writing() as session:
            composed = Intent("return_how", "How do I return something?", answer=ANSWER, compose=True)
            for intent in (composed, Intent("unanswered", "The mystery box")):
                Intents(session, bot.identity.team).upsert(intent, "starter")
        bot.services.kit.catalogue.forget()
        bot.start()
        try:
            with Hands(server, "U0MIA") as mia, Hands(server, "U0TOM") as tom, Hands(server, "U0AGENT") as alex:
                yield House(server, bot, classifier, mia, tom, alex)
        finally:
            bot.close()
            patch.undo()


def answered(house: House, text: str) -> tuple[str, float]:
    begun = time.monotonic()
    return house.answer(house.mia, text)["text"], time.monotonic() - begun


def test_a_true_reply_is_sent_as_the_endpoint_wrote_it(house: House, chat: ChatServer) -> None:
    chat.mode, chat.reply = "stream", "Mia, you can send an item back within 30 days of delivery, with our free label."
    assert answered(house, "can i send a return back within 30 days of delivery?")[0] == chat.reply
    chat.reply = "Mia, the mystery box holds three candles."
    assert answered(house, "what does the mystery box hold?")[0].startswith(chat.reply)


@pytest.mark.parametrize("mode", ["stream", "whole"])
def test_a_lie_in_the_second_sentence_reaches_nobody(
    house: House, chat: ChatServer, calls: list[tuple[str, str]], mode: str
) -> None:
    chat.mode, chat.reply = mode, f"You can send an item back within 30 days of delivery. {LIE}"
    calls.clear()
    assert answered(house, "how do i send a return back")[0] == ANSWER
    chat.reply = f"The mystery box holds three candles. {LIE}"
    said, _ = answered(house, "what does the mystery box hold?")
    assert "three candles" in said
    house.settle()
    assert any(method.startswith("chat.") for method, _ in calls)
    for method, carried in calls:
        assert not any(word in carried for word in ("pounds", "cash")), method


def test_a_slow_reply_grows_by_checked_sentences(
    house: House, chat: ChatServer, calls: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.bot.services.desk, "_grows_after", 0.0)
    calls.clear()
    chat.mode, chat.reply = "stream", "The mystery box holds three candles. It is packed by hand in Leeds."
    said = house.answer(house.mia, "what does the mystery box hold?")
    assert said["text"] == chat.reply
    assert said["metadata"]["event_payload"]["response_version"]
    streamed = [method for method, _ in calls if "Stream" in method]
    assert streamed == ["chat.startStream", "chat.appendStream", "chat.stopStream"]
    house.mia.click(said, ids.FEEDBACK, options(said, ids.FEEDBACK)[0])
    house.settle()
    with house.bot.services.kit.db.reading() as session:
        turn = Turns(session).by_reply_ts("T0LOCAL", house.mia.dm, said["ts"])
        assert turn is not None
        assert turn.reply_text == chat.reply
        assert [row.value for row in Feedback(session).of_turn(turn.id)] == ["good"]


def test_what_has_grown_is_replaced_when_the_next_sentence_is_a_lie(
    house: House, chat: ChatServer, calls: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.bot.services.desk, "_grows_after", 0.0)
    calls.clear()
    chat.mode, chat.reply = "stream", f"You can send an item back within 30 days of delivery. {LIE}"
    ts = house.ask(house.mia, "how do i send a return back")
    said = house.mia.wait_message(lambda one: one.get("thread_ts") == ts and one["text"] == ANSWER)
    house.settle()
    assert options(said, ids.FEEDBACK)
    assert "chat.startStream" in [method for method, _ in calls]
    assert not any(word in carried for _, carried in calls for word in ("pounds", "cash"))
    assert len([one for one in house.mia.messages(house.mia.dm, ts) if "bot_id" in one]) == 1


@pytest.mark.parametrize("mode", ["hang", "trickle", "stalls", "500", "429", "no json", "cut", "garbage", "endless"])
def test_whatever_the_endpoint_does_the_approved_text_comes_in_time(
    house: House, chat: ChatServer, calls: list[tuple[str, str]], mode: str
) -> None:
    chat.mode, chat.reply = mode, f"Well, you can try. {LIE}"
    calls.clear()
    said, took = answered(house, "how do i send a return back")
    assert said == ANSWER
    assert took < IN_TIME
    said, took = answered(house, "what does the mystery box hold?")
    assert said.startswith("*The mystery box*")
    assert "holds three candles" in said
    assert took < IN_TIME
    house.settle()
    assert not any("cash" in carried or "sk-secret" in carried for _, carried in calls)


def test_the_customers_words_went_to_the_endpoint_and_the_key_with_them(chat: ChatServer) -> None:
    assert {each["path"] for each in chat.seen} == {"/v1/chat/completions"}
    assert set(chat.keys) == {"Bearer sk-secret"}
