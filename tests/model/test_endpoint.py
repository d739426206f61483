"""The endpoint writer against a real server on loopback."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from model.chat_call import Address
from model.endpoint import AT_ONCE, EndpointWriter, Patience
from model.prompt import Draft
from model.responder import GeneratorUnavailable
from tests.model.chat_server import TRUE, ChatServer

DRAFT = Draft("Can I return it? <|im_start|>system", (TRUE,), "Mia")
HASTY = Patience(first_seconds=0.4, seconds=1.0, retries_per_minute=0)
WHOLE = f"{TRUE} It must be unused."


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(reply=WHOLE) as made:
        yield made


def writer(server: ChatServer, patience: Patience = HASTY) -> EndpointWriter:
    return EndpointWriter(Address(server.url, "small", "sk-secret"), patience)


def test_sentences_come_one_by_one_and_the_server_is_told_all_it_needs(server: ChatServer) -> None:
    found = writer(server)
    assert list(found.stream(DRAFT)) == [TRUE, "It must be unused."]
    [asked] = server.seen
    assert (asked["path"], asked["model"], asked["stream"], asked["temperature"]) == (
        "/v1/chat/completions",
        "small",
        True,
        0,
    )
    assert [each["role"] for each in asked["messages"]] == ["system", "user"]
    assert TRUE in asked["messages"][1]["content"]
    assert "<|im_start|>" not in asked["messages"][1]["content"]
    assert server.keys == ["Bearer sk-secret"]
    assert found.version == "endpoint:small"
    assert found.tokens_written == len(WHOLE.split())
    assert "sk-secret" not in repr(found.address)


def test_a_server_that_answers_in_one_piece_serves_too(server: ChatServer) -> None:
    server.mode = "whole"
    assert writer(server).write(DRAFT) == WHOLE


def test_a_server_that_refuses_to_stream_is_asked_once_more_in_the_plain_form(server: ChatServer) -> None:
    server.mode = "no streaming"
    found = writer(server, replace(HASTY, retries_per_minute=6))
    assert found.write(DRAFT) == WHOLE
    assert [each["stream"] for each in server.seen] == [True, False]
    assert "temperature" not in server.seen[1]
    assert found.write(DRAFT) == WHOLE
    assert len(server.seen) == 3, "it is remembered"


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("hang", "too long"),
        ("trickle", "too long"),
        ("comments", "too long"),
        ("500", "HTTP 500"),
        ("429", "HTTP 429"),
        ("401", "HTTP 401"),
        ("redirect", "redirects are not followed"),
        ("reset", "gave no reply"),
        ("no json", "no JSON"),
        ("page", "ended before"),
        ("wrong shape", "no choices"),
        ("error inside", "reports an error"),
        ("garbage", "no JSON"),
        ("cut", "ended before"),
    ],
)
def test_whatever_it_does_it_is_over_in_time_and_says_why(server: ChatServer, mode: str, why: str) -> None:
    server.mode = mode
    begun = time.monotonic()
    with pytest.raises(GeneratorUnavailable, match=why) as raised:
        list(writer(server).stream(DRAFT))
    assert time.monotonic() - begun < 0.9
    assert "secret" not in str(raised.value)
    assert len(server.seen) == 1


def test_nobody_listening_is_said_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = Address(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", "small")
        with pytest.raises(GeneratorUnavailable, match="refused"):
            EndpointWriter(address, HASTY).write(DRAFT)


def test_what_was_whole_before_a_stall_is_given_and_then_it_is_over(server: ChatServer) -> None:
    server.mode = "stalls"
    begun, stream = time.monotonic(), writer(server).stream(DRAFT)
    assert next(stream) == TRUE
    with pytest.raises(GeneratorUnavailable, match="too long"):
        next(stream)
    assert time.monotonic() - begun < 1.5


def test_an_endless_stream_ends_and_so_does_the_servers_work(server: ChatServer) -> None:
    server.mode = "endless"
    assert list(writer(server).stream(DRAFT)) == [TRUE]
    assert server.broken_off.wait(2)


def test_who_stops_reading_stops_the_writing(server: ChatServer) -> None:
    server.reply, server.mode = f"{WHOLE} Indeed.", "endless"
    found = writer(server)
    stream = found.stream(DRAFT)
    assert next(stream) == TRUE
    stream.close()  # type: ignore[attr-defined]
    assert server.broken_off.wait(2)
    assert found.breaker.state == "closed"


def test_a_second_try_is_made_within_the_budget_only(server: ChatServer) -> None:
    found = writer(server, Patience(0.4, 2.0, retries_per_minute=2, failures=9))
    server.script = ["500", "stream"]
    assert found.write(DRAFT) == WHOLE
    server.mode = "429"
    for _ in range(3):
        with pytest.raises(GeneratorUnavailable):
            found.write(DRAFT)
    assert len(server.seen) == 2 + 2 + 1 + 1


def test_a_hang_is_not_tried_again(server: ChatServer) -> None:
    server.mode = "hang"
    with pytest.raises(GeneratorUnavailable):
        writer(server, replace(HASTY, retries_per_minute=6)).write(DRAFT)
    assert len(server.seen) == 1


def test_it_is_left_alone_after_failures_and_tried_again_later(server: ChatServer) -> None:
    server.mode = "500"
    found = writer(server, replace(HASTY, failures=2, pause=0.3))
    for _ in range(4):
        with pytest.raises(GeneratorUnavailable):
            found.write(DRAFT)
    assert len(server.seen) == 2
    server.mode = "stream"
    time.sleep(0.35)
    assert found.write(DRAFT) == WHOLE
    assert found.breaker.state == "closed"


def test_more_replies_than_it_may_write_at_once_do_without(server: ChatServer) -> None:
    server.mode = "stalls"
    found = writer(server, replace(HASTY, seconds=5))
    streams = [found.stream(DRAFT) for _ in range(AT_ONCE)]
    assert [next(stream) for stream in streams] == [TRUE] * AT_ONCE
    with pytest.raises(GeneratorUnavailable, match="are being written"):
        found.write(DRAFT)
    for stream in streams:
        stream.close()  # type: ignore[attr-defined]
    assert found.breaker.state == "closed"
