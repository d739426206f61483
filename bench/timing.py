"""How long a customer waits: from sending a message to its reply's arrival on the customer's page."""

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.stage import people
from bot.workspace.hands import Hands

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """Milliseconds since the message was sent."""

    reply: float
    """Until the reply stood there whole."""
    status: float | None
    """Until "is thinking" was shown; none where it never was."""
    route: str
    response_version: str
    """Version of the response model where one took part."""


class Customers:
    """People of a workspace who ask one thing after another; one whom a person was called for is replaced."""

    def __init__(self, url: str, count: int, prefix: str) -> None:
        self._url, self._prefix, self._made = url, prefix, 0
        self.seats = [self._new() for _ in range(count)]

    def __enter__(self) -> "Customers":
        return self

    def __exit__(self, *error: object) -> None:
        for hands in self.seats:
            hands.close()

    def warm(self, texts: Sequence[str]) -> None:
        """The first messages of each, which are not counted: introductions, first use of everything."""
        for seat in range(len(self.seats)):
            for text in texts:
                self.ask(seat, text)

    def ask(self, seat: int, text: str, timeout: float = 120.0) -> Sample:
        hands = self.seats[seat]
        sample = ask(hands, text, timeout)
        if sample.route == "HANDOFF":
            # Further messages would join that case, and the bot is silent in it.
            hands.close()
            self.seats[seat] = self._new()
        return sample

    def one_at_a_time(self, texts: Iterable[str]) -> list[Sample]:
        return [self.ask(0, text) for text in texts]

    def at_once(self, texts: Sequence[str]) -> list[Sample]:
        """Every customer sends the next message as soon as the last is answered."""
        count = len(self.seats)

        def share(seat: int) -> list[Sample]:
            return [self.ask(seat, text) for text in texts[seat::count]]

        with ThreadPoolExecutor(count) as pool:
            return [sample for part in pool.map(share, range(count)) for sample in part]

    def _new(self) -> Hands:
        self._made += 1
        return Hands(self._url, people(self._url, 1, name=f"{self._prefix} {self._made:02d}")[0])


def ask(hands: Hands, text: str, timeout: float) -> Sample:
    """Send one message and wait for its reply, to the end of a stream."""
    seen, sent = len(hands.events), time.monotonic()
    ts = hands.say(hands.dm, text)

    def whole() -> Json | None:
        return next((event for event in hands.events[seen:] if _is_reply(event, ts)), None)

    reply = hands.wait(whole, timeout, "a reply")
    shown = next((event["at"] for event in hands.events[seen:] if _is_status(event, ts)), None)
    facts = ((reply["message"].get("metadata") or {}).get("event_payload")) or {}
    return Sample(
        (reply["at"] - sent) * 1000,
        None if shown is None else (shown - sent) * 1000,
        str(facts.get("route", "")),
        str(facts.get("response_version", "")),
    )


def _is_reply(event: Json, ts: str) -> bool:
    message = event.get("message") or {}
    if event["type"] not in ("message", "message_changed") or message.get("thread_ts") != ts:
        return False
    return "bot_id" in message and message["ts"] != ts and not message.get("streaming")


def _is_status(event: Json, ts: str) -> bool:
    return event["type"] == "status" and event.get("thread_ts") == ts and bool(event.get("text"))


def summary(samples: Sequence[Sample]) -> dict[str, float | int | None]:
    """p50 and p95 in milliseconds."""
    replies = [sample.reply for sample in samples]
    shown = [sample.status for sample in samples if sample.status is not None]
    return {
        "n": len(samples),
        "p50_ms": round(float(np.percentile(replies, 50)), 1),
        "p95_ms": round(float(np.percentile(replies, 95)), 1),
        "status_p50_ms": round(float(np.percentile(shown, 50)), 1) if shown else None,
        "status_p95_ms": round(float(np.percentile(shown, 95)), 1) if shown else None,
    }
