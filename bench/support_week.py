"""Customers who write and agents who correct, by the page's own buttons, commands and forms."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bench.banking import Row
from bench.stage import AGENTS, TEAM, people
from bot.listeners import ids
from bot.workspace.hands import Hands
from model.types import OOS
from storage.database import Database
from storage.turns import Turn, Turns

Json = dict[str, Any]
DESKS = 4
"""Agents at work, each with a part of the customers."""
UNHAPPY = 0.3
"""Share of customers who press "Not helpful" on a wrong answer, so that a card appears."""


@dataclass
class Tally:
    """What happened; one for each desk, added up at the end."""

    messages: int = 0
    right: int = 0
    """Predictions with the right label as they served, agents' corrections of near-same texts included."""
    corrected: dict[str, int] = field(default_factory=lambda: {"card": 0, "command": 0})
    confirmed: int = 0
    mistaken: int = 0
    """Corrections that are themselves wrong."""
    problems: list[str] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        corrected = {way: n + other.corrected[way] for way, n in self.corrected.items()}
        return Tally(
            self.messages + other.messages,
            self.right + other.right,
            corrected,
            self.confirmed + other.confirmed,
            self.mistaken + other.mistaken,
            self.problems + other.problems,
        )


class Week:
    """Fifty customers and a few agents of one workspace.

    Args:
        labels: what a correction may say.
        wrong: share of corrections that are themselves wrong.
    """

    def __init__(
        self, url: str, db: Database, labels: Sequence[str], seed: int, customers: int = 50, wrong: float = 0.05
    ) -> None:
        self._db, self._labels, self._wrong, self._seed = db, list(labels), wrong, seed
        agents = people(url, DESKS, "agent", "Agent")
        self._customers = [Hands(url, user) for user in people(url, customers)]
        self._agents = [Hands(url, user) for user in agents]

    def close(self) -> None:
        for hands in (*self._customers, *self._agents):
            hands.close()

    def run(self, rows: Sequence[Row], round_number: int) -> Tally:
        """Every row is a message of its own; each desk works through its part, one message after another."""

        def part(desk: int) -> Tally:
            seats = self._customers[desk::DESKS]
            rng = random.Random(f"{self._seed}/{round_number}/{desk}")
            worker = _Desk(self._db, self._agents[desk], self._labels, self._wrong, rng)
            for number, row in enumerate(rows[desk::DESKS]):
                worker.message(seats[number % len(seats)], row)
            return worker.tally

        with ThreadPoolExecutor(DESKS) as pool:
            return sum(pool.map(part, range(DESKS)), Tally())

    def replies(self) -> dict[str, int]:
        """ts of each customer's message -> messages of the bot that are a reply to that turn."""
        found: dict[str, int] = {}
        for hands in self._customers:
            rows = hands.messages(hands.dm)
            found |= {row["ts"]: 0 for row in rows if "bot_id" not in row}
            for row in rows:
                # What the desk says later of the case (a person is called, it is resolved) carries no turn.
                if "bot_id" in row and turn_of(row):
                    found[row["thread_ts"]] += 1
        return found


class _Desk:
    def __init__(self, db: Database, agent: Hands, labels: list[str], wrong: float, rng: random.Random) -> None:
        self._db, self._agent, self._labels, self._wrong, self._rng = db, agent, labels, wrong, rng
        self.tally = Tally()

    def message(self, customer: Hands, row: Row) -> None:
        """One message to its end: reply, perhaps a button of the customer's, perhaps a correction."""
        ts = customer.say(customer.dm, row["text"])
        reply = customer.wait_reply(customer.dm, ts, 60)
        turn = self._turn(customer.dm, ts)
        said = OOS if turn.out_of_scope else turn.intent
        right = said == row["label"]
        self.tally.messages += 1
        self.tally.right += right
        card = self._call(customer, reply, turn, right)
        if card is not None:
            self._by_card(card, turn, row["label"], right)
        elif not right:
            self._agent.command(f"/relabel {turn.id}", AGENTS)
            self._fill_in(row["label"])
            self.tally.corrected["command"] += 1

    def _call(self, customer: Hands, reply: Json, turn: Turn, right: bool) -> Json | None:
        """Who is refused asks for a person; some of those with a wrong answer say so. Gives the card that appears."""
        route = (turn.route or "").upper()
        if route == "OFFER":
            customer.click(reply, ids.PERSON)
        elif route == "ANSWER" and not right and self._rng.random() < UNHAPPY:
            customer.click(reply, ids.FEEDBACK, f"bad|{turn.id}")
            form = customer.wait_view(callback_id=ids.WHY_VIEW)
            customer.submit(form, {ids.REASON_BLOCK: "wrong_topic"})
        elif route != "HANDOFF":
            return None
        return dict(self._agent.wait(lambda: self._card(turn.id), 20, f"the card of turn {turn.id}"))

    def _card(self, turn_id: int) -> Json | None:
        cards = self._agent.messages(AGENTS)
        return next((card for card in reversed(cards) if element(card, ids.CORRECT, str(turn_id))), None)

    def _by_card(self, card: Json, turn: Turn, label: str, right: bool) -> None:
        if right:
            self._agent.click(card, ids.RIGHT)
            self.tally.confirmed += 1
        else:
            self._agent.click(card, ids.CORRECT)
            self._fill_in(label)
            self.tally.corrected["card"] += 1
        # Or the customer's next message would join a case that waits for a person.
        self._agent.click(card, ids.MORE, f"resolve|{turn.conversation_id}")

    def _fill_in(self, label: str) -> None:
        view = self._agent.wait_view(callback_id=ids.RELABEL_VIEW)
        if self._rng.random() < self._wrong:
            label = self._rng.choice([other for other in self._labels if other != label])
            self.tally.mistaken += 1
        answer = self._agent.submit(view, {ids.INTENT_BLOCK: label})
        if answer["action"] == "errors":
            self.tally.problems.append(f"correction to {label} refused: {answer['errors']}")
            self._agent.close_view(view)

    def _turn(self, channel: str, ts: str) -> Turn:
        with self._db.reading() as session:
            turn = Turns(session).by_ts(TEAM, channel, ts)
        if turn is None:
            raise AssertionError(f"a message was answered, but there is no turn of {channel} {ts}")
        return turn


def element(message: Json, action_id: str, value: str) -> Json | None:
    """The button of a message with this action and value."""
    found = (part for block in message.get("blocks") or [] for part in block.get("elements") or [])
    return next((part for part in found if part.get("action_id") == action_id and part.get("value") == value), None)


def turn_of(message: Json) -> int:
    """The turn that a message of the bot replies to; 0 for none."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return int(payload.get("turn_id") or 0)
