"""How long an agent waits: from a click to the card or the modal that it brings, on the agents' page."""

import itertools
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.stage import AGENTS, people
from bench.timing import Customers
from bot.workspace.hands import Hands

Json = dict[str, Any]
QUESTION = "where is my parcel?"
PERSON, TAKE, CORRECT = "talk_to_person", "card_take", "card_correct"
KINDS = {
    "card": "a customer asks for a person: the card stands in the agents' channel",
    "modal": "an agent presses Correct label: the form is open",
    "taken": "an agent presses Take it: the card says so",
}


@dataclass(frozen=True, slots=True)
class Clicks:
    """Milliseconds of each kind of click."""

    card: list[float]
    modal: list[float]
    taken: list[float]

    def summary(self) -> dict[str, dict[str, float]]:
        """p50 and p95 of each kind."""
        return {
            kind: {
                name: round(float(np.percentile(getattr(self, kind), at)), 1) for name, at in (("p50", 50), ("p95", 95))
            }
            for kind in KINDS
        }


def measure(url: str, count: int, name: str, crowd: Customers | None = None, texts: Sequence[str] = ()) -> Clicks:
    """So many cases through the agent's hands; with a crowd, while each of its customers keeps asking."""
    if crowd is None:
        return _clicked(url, count, name)
    with ThreadPoolExecutor(len(crowd.seats) + 1) as pool:
        asked = pool.submit(_clicked, url, count, name)
        for seat in range(len(crowd.seats)):
            pool.submit(_keep_asking, crowd, seat, texts, asked.done)
        return asked.result()


def _keep_asking(crowd: Customers, seat: int, texts: Sequence[str], over: Callable[[], bool]) -> None:
    for text in itertools.islice(itertools.cycle(texts), seat, None):
        if over():
            return
        crowd.ask(seat, text)


def _clicked(url: str, count: int, name: str) -> Clicks:
    found = Clicks([], [], [])
    with closing(Hands(url, "U0AGENT")) as agent:
        for customer in people(url, count, name=name):
            with closing(Hands(url, customer)) as hands:
                _case(hands, agent, found)
    return found


def _case(customer: Hands, agent: Hands, found: Clicks) -> None:
    ts = customer.say(customer.dm, QUESTION)
    reply = customer.wait_reply(customer.dm, ts, 60)
    mark = f"<@{customer.user}>"
    found.card.append(_after(agent, lambda: customer.click(reply, PERSON), lambda event: _card(event, mark)))
    card = next(one for one in reversed(agent.messages(AGENTS)) if mark in json.dumps(one))
    found.modal.append(_after(agent, lambda: agent.click(card, CORRECT), lambda event: event["type"] == "view_open"))
    agent.close_view(agent.views[-1])
    found.taken.append(
        _after(agent, lambda: agent.click(card, TAKE), lambda event: _card(event, mark) and "taken by" in str(event))
    )


def _card(event: Json, mark: str) -> bool:
    return event["type"] in ("message", "message_changed") and event["channel"] == AGENTS and mark in json.dumps(event)


def _after(agent: Hands, act: Callable[[], None], fits: Callable[[Json], bool]) -> float:
    """Milliseconds from the click until the first event that fits has arrived."""
    seen, begun = len(agent.events), time.monotonic()
    act()
    event: Json = agent.wait(
        lambda: next((one for one in agent.events[seen:] if fits(one)), None), 60, "the click's end"
    )
    return float(event["at"] - begun) * 1000
