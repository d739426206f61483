"""Delivery: one receiver a payload, acknowledgements, redelivery, refresh, faults; and Slack's four clients."""

import asyncio
import importlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.workspace.hands import Hands
from bot.workspace.server import Server

Json = dict[str, Any]
Wire = Callable[[], ClientConnection]


@pytest.fixture
def wire(ws: Server, client: WebClient) -> Iterator[Wire]:
    """wire() is a bare WebSocket with the hello already read, so that a test sees every frame."""
    opened: list[Any] = []

    def open_one() -> ClientConnection:
        url = client.apps_connections_open(app_token=ws.app_token)["url"]
        manager = connect(url, proxy=None)
        opened.append(manager)
        socket = manager.__enter__()
        assert read(socket)["type"] == "hello"
        return socket

    yield open_one
    for manager in opened:
        manager.__exit__(None, None, None)


def read(socket: ClientConnection, timeout: float = 5) -> Json:
    return dict(json.loads(socket.recv(timeout)))


def ack(socket: ClientConnection, frame: Json, payload: Json | None = None) -> None:
    answer: Json = {"envelope_id": frame["envelope_id"]}
    socket.send(json.dumps(answer if payload is None else answer | {"payload": payload}))


@pytest.fixture
def mia(ws: Server) -> Iterator[Hands]:
    with Hands(ws, "U0MIA") as hands:
        yield hands


def test_a_ticket_opens_one_connection(ws: Server, client: WebClient) -> None:
    url = client.apps_connections_open(app_token=ws.app_token)["url"]
    with connect(url, proxy=None) as socket:
        hello = read(socket)
        assert hello["connection_info"] == {"app_id": "A0LOCAL"}
        assert hello["num_connections"] == 1
        with pytest.raises(Exception, match=r"403|4401|closed|rejected"), connect(url, proxy=None) as second:
            second.recv(2)


def test_each_payload_goes_to_one_connection(wire: Wire, mia: Hands) -> None:
    sockets = [wire(), wire()]
    for number in range(4):
        mia.say(mia.dm, f"message {number}")
    texts = []
    for socket in sockets:
        for _ in range(2):
            frame = read(socket)
            ack(socket, frame)
            assert frame["accepts_response_payload"] is False
            texts.append(frame["payload"]["event"]["text"])
    assert sorted(texts) == [f"message {number}" for number in range(4)]


def test_without_an_acknowledgement_it_comes_again(ws: Server, wire: Wire, mia: Hands) -> None:
    ws.world.bot.ack_seconds = 0.2
    socket = wire()
    mia.say(mia.dm, "hello?")
    frames = [read(socket) for _ in range(4)]
    assert [frame["retry_attempt"] for frame in frames] == [0, 1, 2, 3]
    assert [frame["retry_reason"] for frame in frames] == ["", "timeout", "timeout", "timeout"]
    assert len({frame["envelope_id"] for frame in frames}) == 4
    assert len({frame["payload"]["event_id"] for frame in frames}) == 1
    with pytest.raises(TimeoutError):
        socket.recv(0.5)


def test_a_broken_connection_loses_nothing(ws: Server, wire: Wire, mia: Hands) -> None:
    ws.faults.drop_every = 1
    first = wire()
    mia.say(mia.dm, "hello?")
    assert read(first)["payload"]["event"]["text"] == "hello?"
    with pytest.raises(ConnectionClosed):
        first.recv(5)
    ws.faults.clear()
    second = wire()
    again = read(second)
    assert (again["payload"]["event"]["text"], again["retry_attempt"]) == ("hello?", 1)
    ack(second, again)


def test_events_wait_for_the_first_connection(wire: Wire, mia: Hands) -> None:
    mia.say(mia.dm, "anybody?")
    assert read(wire())["payload"]["event"]["text"] == "anybody?"


def test_ten_connections_and_no_more(ws: Server, client: WebClient, wire: Wire) -> None:
    for _ in range(10):
        wire()
    url = client.apps_connections_open(app_token=ws.app_token)["url"]
    with connect(url, proxy=None) as socket:
        assert read(socket) == {"type": "disconnect", "reason": "too_many_websockets"}


def test_a_mention_arrives_twice(wire: Wire, mia: Hands) -> None:
    socket = wire()
    ts = mia.say("C0HELP", "@understudy where is it?")
    frames = [read(socket), read(socket)]
    for frame in frames:
        ack(socket, frame)
    assert {frame["payload"]["event"]["type"] for frame in frames} == {"message", "app_mention"}
    assert {frame["payload"]["event"]["ts"] for frame in frames} == {ts}
    assert len({frame["payload"]["event_id"] for frame in frames}) == 2
    assert all(frame["payload"]["event"]["text"] == "<@U0BOT> where is it?" for frame in frames)


def test_edits_deletions_reactions_and_tabs(wire: Wire, mia: Hands) -> None:
    socket = wire()

    def heard() -> Json:
        frame = read(socket)
        ack(socket, frame)
        return dict(frame["payload"]["event"])

    ts = mia.say(mia.dm, "one")
    assert (heard()["channel_type"], mia.dm) == ("im", "D0MIA")
    mia.edit(mia.dm, ts, "two")
    changed = heard()
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "two")
    assert (changed["previous_message"]["text"], changed["message"]["edited"]["user"]) == ("one", "U0MIA")
    assert (changed["message"]["ts"], changed["ts"]) != (changed["ts"], ts)
    mia.react(mia.dm, ts, "eyes")
    assert heard()["item"] == {"type": "message", "channel": "D0MIA", "ts": ts}
    mia.delete(mia.dm, ts)
    gone = heard()
    assert (gone["subtype"], gone["deleted_ts"]) == ("message_deleted", ts)
    mia.act("home")
    assert heard()["tab"] == "home"
    mia.act("messages_tab")
    assert heard()["tab"] == "messages"


def test_duplicates_have_ids_of_their_own(ws: Server, wire: Wire, mia: Hands) -> None:
    ws.faults.duplicates = 2
    socket = wire()
    mia.say(mia.dm, "once")
    frames = [read(socket) for _ in range(3)]
    for frame in frames:
        ack(socket, frame)
    assert len({frame["payload"]["event_id"] for frame in frames}) == 3
    assert {frame["retry_attempt"] for frame in frames} == {0}


def test_out_of_order_and_late(ws: Server, wire: Wire, mia: Hands) -> None:
    ws.faults.update({"out_of_order": True, "delay": 0.1})
    socket = wire()
    started = time.monotonic()
    mia.say(mia.dm, "first")
    mia.say(mia.dm, "second")
    texts = []
    for _ in range(2):
        frame = read(socket)
        ack(socket, frame)
        texts.append(frame["payload"]["event"]["text"])
    assert texts == ["second", "first"]
    assert time.monotonic() - started >= 0.1


# ---- Slack's own clients


def echo(web: WebClient, request: SocketModeRequest) -> None:
    event = request.payload["event"]
    if "bot_id" not in event:
        web.chat_postMessage(channel=event["channel"], text=f"echo {event['text']}", thread_ts=event["ts"])


def talk(ws: Server, rounds: int = 2) -> None:
    """What a person sees while a client is connected; half-way the connection is asked to refresh."""
    with Hands(ws, "U0MIA") as mia:
        for number in range(rounds):
            ts = mia.say(mia.dm, f"hello {number}")
            assert mia.wait_reply(mia.dm, ts)["text"] == f"echo hello {number}"
            if number == 0:
                ws.do(ws.world.bot.refresh)


@pytest.mark.parametrize("name", ["builtin", "websocket_client"])
def test_sync_clients_hold_a_conversation(ws: Server, client: WebClient, name: str) -> None:
    module = importlib.import_module(f"slack_sdk.socket_mode.{name}")
    socket = module.SocketModeClient(app_token=ws.app_token, web_client=client, logger=logging.getLogger("quiet"))

    def hear(_: SocketModeClient, request: SocketModeRequest) -> None:
        socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        echo(client, request)

    socket.socket_mode_request_listeners.append(hear)
    socket.connect()
    try:
        talk(ws)
    finally:
        socket.auto_reconnect_enabled = socket.default_auto_reconnect_enabled = False
        threading.Thread(target=socket.close, daemon=True).start()


@pytest.mark.parametrize("name", ["websockets", "aiohttp"])
def test_async_clients_hold_a_conversation(ws: Server, client: WebClient, name: str) -> None:
    module = importlib.import_module(f"slack_sdk.socket_mode.{name}")

    async def converse() -> None:
        web = AsyncWebClient(token=ws.bot_token, base_url=ws.api_url)
        socket = module.SocketModeClient(app_token=ws.app_token, web_client=web, logger=logging.getLogger("quiet"))

        async def hear(_: Any, request: SocketModeRequest) -> None:
            await socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
            await asyncio.to_thread(echo, client, request)

        socket.socket_mode_request_listeners.append(hear)
        await socket.connect()
        try:
            await asyncio.wait_for(asyncio.to_thread(talk, ws), 30)
        finally:
            await socket.close()

    asyncio.run(converse())
