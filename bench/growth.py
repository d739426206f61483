"""what years of messages cost: how long a customer and an agent wait with an empty log, and with a long one

    python -m bench.growth [--turns 200000] [--data DIR]

Starts the workspace and the bot on a folder of the starter shop twice, side by side in one run: with the log as it is,
and with so many turns in it, two years of two thousand customers. Both times customers write through the page's API,
one at a time and ten at once, an agent opens the Home, the review and the statistics, and it is timed what the
housekeeping asks the database every ten seconds. `--data` is a folder that `understudy setup` has prepared; without it
one is made.
"""

import argparse
import random
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from bench import desk
from bench.machine import table, write
from bench.stage import Stage
from bench.timing import Customers, summary
from bot.workspace.hands import Hands
from storage.conversations import Conversations
from storage.database import Database
from storage.notices import Notices
from storage.tables import conversations, feedback, processed_events, turns, utcnow
from storage.turns import Turns

TEAM = "T0LOCAL"
CUSTOMERS, YEARS, CHUNK = 2000, 2, 5000
FIRST = 100_000
"""Id of the first row: those that the bot has made itself come before."""
INTENTS = ("refund_status", "order_status", "delivery_time", "return_item", "damaged_item")
LOOKS = 10
HEAD = ("", "an empty log", "a long one", "ratio")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=200_000, help="messages in the long log")
    parser.add_argument("--messages", type=int, default=100, help="sent by customers in each way")
    parser.add_argument("--data", type=Path, help="a data folder of the starter shop to copy")
    args = parser.parse_args()
    found = [measured(args.data, count, args.messages) for count in (0, args.turns)]
    rows: list[list[object]] = [
        [name, *(each[name] for each in found), f"{found[1][name] / max(found[0][name], 0.01):.2f}"]
        for name in found[0]
    ]
    print(table(HEAD, rows))
    print(
        f"in {write('growth', {'turns': args.turns, 'messages': args.messages, 'empty': found[0], 'long': found[1]})}"
    )


def measured(data: Path | None, count: int, messages: int) -> dict[str, float]:
    """What everybody waits for, in milliseconds, with so many turns in the log."""
    with Stage(generator=False) as stage:
        stage.env["GENERATOR"] = "off"
        desk.prepare(stage, data)
        database = Database(f"sqlite:///{stage.home / 'understudy.db'}")
        with closing(database):
            fill(database, count, utcnow())
            found = {"the database: the housekeeping's questions, ms": housekeeping(database)}
        stage.start_workspace()
        bot = stage.start_bot()
        with Customers(stage.url, desk.CUSTOMERS, "Growth") as customers:
            customers.warm(desk.WARM)
            texts = desk.texts(messages)
            for way, samples in (
                ("one at a time", customers.one_at_a_time(texts)),
                (f"{desk.CUSTOMERS} customers at once", customers.at_once(texts)),
            ):
                figures: dict[str, Any] = summary(samples)
                found |= {f"{way}, p50 ms": figures["p50_ms"], f"{way}, p95 ms": figures["p95_ms"]}
        with closing(Hands(stage.url, "U0AGENT")) as agent:
            found |= {f"an agent opens {what}, p50 ms": median(look) for what, look in looks(agent).items()}
        bot.end()
    return found


def looks(agent: Hands) -> dict[str, Callable[[], object]]:
    """What an agent opens; each ends when it is shown."""

    def review() -> None:
        agent.command("/support review")
        agent.close_view(agent.wait_view())

    def stats() -> None:
        seen = len(agent.ephemerals())
        agent.command("/support stats")
        agent.wait(lambda: len(agent.ephemerals()) > seen, 60, "the statistics")

    return {"the Home": agent.home, "the review": review, "the statistics of seven days": stats}


def median(look: Callable[[], object]) -> float:
    taken = []
    for _ in range(LOOKS):
        began = time.monotonic()
        look()
        taken.append((time.monotonic() - began) * 1000)
    return round(float(np.median(taken)), 1)


def housekeeping(database: Database) -> float:
    """Milliseconds of what is asked every ten seconds: what is unfinished, what waits, what somebody is to be told."""

    def asked() -> None:
        with database.reading() as session:
            Turns(session).unfinished(TEAM)
            cases = Conversations(session)
            cases.waiting(TEAM)
            cases.in_state({"human"}, TEAM)
            Notices(session).present(TEAM)

    asked()
    return median(asked)


def fill(database: Database, count: int, now: datetime, seed: int = 7) -> None:
    """Write so many answered messages of the years before into the log."""
    rng = random.Random(seed)
    for begin in range(0, count, CHUNK):
        numbers = range(begin, min(begin + CHUNK, count))
        made = [turn(number, now - timedelta(days=365 * YEARS * (1 - number / count)), rng) for number in numbers]
        with database.writing() as session:
            session.execute(insert(conversations), [case_of(each) for each in made])
            session.execute(insert(turns), made)
            session.execute(
                insert(processed_events),
                [{"team_id": TEAM, "event_id": each["event_id"], "at": each["created_at"]} for each in made],
            )
            session.execute(insert(feedback), [said_of(each, rng) for each in made[::30]])


def turn(number: int, at: datetime, rng: random.Random) -> dict[str, Any]:
    who, confidence = number % CUSTOMERS, rng.random()
    return {
        "id": FIRST + number, "team_id": TEAM, "conversation_id": FIRST + number, "channel": f"DGROWTH{who}",
        "ts": f"1{number:09d}.000100", "user": f"UGROWTH{who}", "event_id": f"growth-{number}",
        "text": f"where is my parcel {number}? I have waited for {number % 40} days now and nobody says anything",
        "status": "done", "intent": rng.choice(INTENTS), "confidence": confidence, "oos_score": rng.random(),
        "out_of_scope": confidence < 0.1, "ranking": [["order_status", 0.5], ["refund_status", 0.3]],
        "prediction_source": "model", "intent_version": "v1", "predicted_at": at, "requests": [],
        "route": "OFFER" if confidence < 0.1 else "ANSWER", "reply_text": "It is on its way to you.",
        "reply_ts": f"2{number:09d}.000100", "reply_kind": "verbatim", "timings": {"total": 80.0}, "created_at": at,
    }  # fmt: skip


def case_of(made: dict[str, Any]) -> dict[str, Any]:
    """The case of a turn: each has its own, most of them closed."""
    at = made["created_at"]
    return {
        "id": made["conversation_id"], "team_id": TEAM, "channel": made["channel"], "thread_ts": made["ts"],
        "customer": made["user"], "state": "closed" if made["id"] % 10 else "bot", "opened_at": at, "updated_at": at,
    }  # fmt: skip


def said_of(made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    value = "good" if rng.random() < 0.8 else "bad"
    return {
        "team_id": TEAM, "turn_id": made["id"], "user": made["user"], "value": value, "at": made["created_at"]
    }  # fmt: skip


if __name__ == "__main__":
    main()
