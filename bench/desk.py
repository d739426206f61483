"""message in to reply out on the local workspace, p50 and p95, next to an empty Bolt bot in the same run

    python -m bench.desk [--messages 200] [--generator on|off|both]

Starts the workspace and the bot as processes of their own, with the starter shop, and writes as customers through the
page's API: one message at a time, then ten customers at once. Then the same messages go to bench.echo on the same
workspace, so that what the workspace, Bolt and the socket cost can be told from what the bot costs.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bench.machine import table, write
from bench.stage import ROOT, Stage
from bench.timing import Customers, Sample, summary

CUSTOMERS = 10
WARM = ("hello", "where is my parcel?", "how do I send something back?")


def texts(count: int, seed: int = 7) -> list[str]:
    """Messages of the starter shop's held-out file, out-of-scope ones too, in a seeded order; again from the start
    when there are too few."""
    lines = (ROOT / "model/starter/test.jsonl").read_text().splitlines()
    rows = [json.loads(line)["text"] for line in lines if line.strip()]
    random.Random(seed).shuffle(rows)
    return (rows * (count // len(rows) + 1))[:count]


def measure(stage: Stage, name: str, messages: Sequence[str]) -> dict[str, Any]:
    """Both ways of asking, against whatever bot is connected."""
    with Customers(stage.url, CUSTOMERS, name) as customers:
        customers.warm(WARM)
        alone = customers.one_at_a_time(messages)
        together = customers.at_once(messages)
    return {"alone": summary(alone), "together": summary(together), "routes": routes(alone)}


def routes(samples: Sequence[Sample]) -> dict[str, int]:
    return dict(Counter(sample.route or "none" for sample in samples))


def bot(generator: bool, messages: Sequence[str]) -> dict[str, Any]:
    """The product, and the echo bot after it on the same workspace."""
    with Stage(generator=generator) as stage:
        stage.command("setup")
        stage.start_workspace()
        ours = stage.start_bot()
        found = {"understudy": measure(stage, "Real", messages)}
        ours.end()
        echo = stage.start_bot(("-m", "bench.echo"))
        found["echo"] = measure(stage, "Echo", messages)
        echo.end()
    return found


def report(results: dict[str, dict[str, Any]]) -> str:
    rows: list[list[object]] = []
    for name, found in results.items():
        for way in ("alone", "together"):
            ours, echo = found["understudy"][way], found["echo"][way]
            ratio = f"{ours['p50_ms'] / echo['p50_ms']:.1f}"
            who = "one at a time" if way == "alone" else f"{CUSTOMERS} customers at once"
            times = (ours["p50_ms"], ours["p95_ms"], ours["status_p50_ms"], echo["p50_ms"], echo["p95_ms"])
            rows.append([name, who, ours["n"], *times, ratio])
    head = ["generator", "messages", "n", "p50 ms", "p95 ms", "first status p50 ms", "echo p50 ms", "echo p95 ms"]
    return table([*head, "p50 ratio"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.desk", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--generator", choices=("on", "off", "both"), default="both")
    args = parser.parse_args()
    wanted = {"both": ("off", "on")}.get(args.generator, (args.generator,))
    results = {name: bot(name == "on", texts(args.messages)) for name in wanted}
    path = write("desk", {"messages": args.messages, "results": results})
    print(report(results))
    print(f"written to {path}")


if __name__ == "__main__":
    main()
