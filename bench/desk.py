"""message in to reply out on the local workspace, p50 and p95, next to an empty Bolt bot in the same run

    python -m bench.desk [--messages 200] [--generator on|off|both]

Starts the workspace and the bot as processes of their own, with the starter shop, and writes as customers through the
page's API: one message at a time, then ten customers at once. With the generator a quarter of the messages are sent.
Then an agent takes up cases, first alone, then beside ten customers who keep asking.
Then bench.echo answers the same messages on the same workspace, so that what the workspace, Bolt and the socket cost
can be told from what the bot costs.
"""

import argparse
import itertools
import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import clicks
from bench.machine import table, write
from bench.stage import ROOT, BenchError, Stage
from bench.timing import Customers, Sample, summary

CUSTOMERS = 10
FEWER = 4
"""Generated replies take seconds, so there are fewer of them."""
CASES = 20
"""That the agent takes up, alone and beside the customers."""
GENERATOR_SECONDS = 120
ECHO = "Echo"
WARM = ("hello", "where is my parcel?", "how do I send something back?")


def texts(count: int, seed: int = 7) -> list[str]:
    """Messages of the starter shop's held-out file, out-of-scope ones too, in a seeded order; again from the start
    when there are too few."""
    lines = (ROOT / "model/starter/test.jsonl").read_text().splitlines()
    rows = [json.loads(line)["text"] for line in lines if line.strip()]
    random.Random(seed).shuffle(rows)
    return (rows * (count // len(rows) + 1))[:count]


def measure(stage: Stage, name: str, messages: Sequence[str], generated: bool = False) -> dict[str, Any]:
    """Both ways of asking, against whatever bot is connected."""
    with Customers(stage.url, CUSTOMERS, name) as customers:
        if generated:
            until_generated(customers)
        customers.warm(WARM)
        alone = customers.one_at_a_time(messages)
        together = customers.at_once(messages)
        clicked = {} if name == ECHO else clicks_of(stage, name, customers, messages)
    found = {"alone": summary(alone), "together": summary(together), "routes": routes(alone), "clicks": clicked}
    return found | {"generated": sum(bool(sample.response_version) for sample in alone)}


def clicks_of(stage: Stage, name: str, customers: Customers, messages: Sequence[str]) -> dict[str, Any]:
    alone = clicks.measure(stage.url, CASES, f"{name} alone")
    crowd = clicks.measure(stage.url, CASES, f"{name} crowd", customers, messages)
    return {"alone": alone.summary(), "together": crowd.summary()}


def until_generated(customers: Customers) -> None:
    """The generator is loaded beside the running bot; what is asked before is answered without it."""
    end = time.monotonic() + GENERATOR_SECONDS
    for text in itertools.cycle(texts(40, seed=3)):
        if customers.ask(0, text).response_version:
            return
        if time.monotonic() > end:
            raise BenchError(f"no generated reply within {GENERATOR_SECONDS} s")


def routes(samples: Sequence[Sample]) -> dict[str, int]:
    return dict(Counter(sample.route or "none" for sample in samples))


def run(wanted: Sequence[str], count: int, data: Path | None) -> dict[str, Any]:
    """The product without and with its generator, then the echo bot, on one workspace."""
    found: dict[str, Any] = {}
    with Stage(generator="on" in wanted) as stage:
        prepare(stage, data)
        stage.start_workspace()
        for generator in wanted:
            messages = texts(count if generator == "off" else max(1, count // FEWER))
            stage.env["GENERATOR"] = generator
            bot = stage.start_bot()
            found[generator] = measure(stage, f"{generator.title()}", messages, generator == "on")
            bot.end()
        echo = stage.start_bot(("-m", "bench.echo"))
        found["echo"] = measure(stage, ECHO, texts(count))
        echo.end()
    return found


def prepare(stage: Stage, data: Path | None) -> None:
    """`understudy setup`, in a copy of a data folder where one is given; what is there is not made again."""
    if data is not None:
        shutil.copytree(data, stage.home.parent, ignore=shutil.ignore_patterns("run", "workspace"))
    stage.command("setup")


def report(results: dict[str, Any]) -> str:
    rows: list[list[object]] = []
    names = {"off": "without generator", "on": "with generator", "echo": "empty Bolt bot"}
    for name, found in results.items():
        for way, who in (("alone", "one at a time"), ("together", f"{CUSTOMERS} customers at once")):
            ours, echo = found[way], results["echo"][way]
            ratio = f"{ours['p50_ms'] / echo['p50_ms']:.1f}"
            status = f"{ours['status_p50_ms']} / {ours['status_p95_ms']}" if ours["status_p50_ms"] else "-"
            made = f"{found['generated']} of {ours['n']}" if way == "alone" else ""
            rows.append([names[name], who, ours["n"], made, ours["p50_ms"], ours["p95_ms"], status, ratio])
    head = ["bot", "messages", "n", "generated", "p50 ms", "p95 ms", "first status p50 / p95", "p50 to the echo's"]
    return f"{table(head, rows)}\n\n{clicked(results, names)}"


def clicked(results: dict[str, Any], names: dict[str, str]) -> str:
    rows: list[list[object]] = []
    for name, found in results.items():
        for way, who in (("alone", "one at a time"), ("together", f"beside {CUSTOMERS} customers")):
            for kind, figures in found["clicks"].get(way, {}).items():
                rows.append([names[name], who, clicks.KINDS[kind], figures["p50"], figures["p95"]])
    return table(["bot", "clicks", "until", "p50 ms", "p95 ms"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.desk", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--messages", type=int, default=200, help=f"a {FEWER}th of them with the generator")
    parser.add_argument("--generator", choices=("on", "off", "both"), default="both")
    parser.add_argument("--data", type=Path, help="a data folder that is set up already; it is copied")
    args = parser.parse_args()
    wanted = ("off", "on") if args.generator == "both" else (args.generator,)
    results = run(wanted, args.messages, args.data)
    path = write("desk", {"messages": args.messages, "results": results})
    print(report(results))
    print(f"written to {path}")


if __name__ == "__main__":
    main()
