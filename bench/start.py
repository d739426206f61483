"""from a fresh clone to the first answer, step by step; the second start; memory of the running bot

    python -m bench.start [--no-install]

Clones what is committed into a temporary folder, makes a .venv there from the lock files (or, with --no-install, takes
the interpreter that runs this), then does what `make run` does: setup, then the bot and the local workspace. A customer
asks through the page's API. Memory is read after twenty messages, with and without the generator.
"""

import argparse
import json
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import install, memory
from bench.desk import texts
from bench.machine import table, write
from bench.stage import Child, Stage, connected, people
from bench.timing import ask
from bot.workspace.hands import Hands
from model.registry import Registry

FIRST = "where is my parcel??"
TALK = 20


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def start(stage: Stage) -> tuple[Child, dict[str, float]]:
    """`understudy run --local`, until the bot is connected and until a customer has an answer; seconds."""
    port = free_port()
    stage.env["WORKSPACE_PORT"] = str(port)
    stage.link = {"url": f"http://127.0.0.1:{port}"}
    child = stage.child("run", [stage.python, "-m", "bot", "run", "--local"], {})
    child.until(lambda: ready(stage.url), 300, "the bot is connected")
    steps = {"ready": time.monotonic() - child.started}
    with Hands(stage.url, people(stage.url, 1, name="Newcomer")[0]) as hands:
        ask(hands, FIRST, 60)
    return child, steps | {"first_answer": time.monotonic() - child.started}


def ready(url: str) -> bool:
    try:
        return connected(url) > 0
    except OSError:
        return False


def talk(stage: Stage, child: Child, count: int = TALK) -> dict[str, Any]:
    """So many messages of as many customers, and what the processes hold afterwards."""
    for number, text in enumerate(texts(count)):
        with Hands(stage.url, people(stage.url, 1, name=f"Talker {number}")[0]) as hands:
            ask(hands, text, 120)
    return memory.tree(child.pid)


def setup(stage: Stage) -> dict[str, float]:
    """`understudy setup`: base models, database, starter shop, first training; seconds."""
    begun = time.monotonic()
    stage.command("setup")
    whole = time.monotonic() - begun
    registry = Registry(stage.home / "models" / "intent", "intent")
    version = registry.current()
    trained = json.loads((registry.path(version) / "manifest.json").read_text()) if version else {}
    training = float(trained.get("seconds") or 0.0)
    return {"base_models": whole - training, "first_training": training}


def measure(root: Path, python: str, keep: Path) -> dict[str, Any]:
    """Everything that comes after the installation."""
    found: dict[str, Any] = {}
    for generator in (True, False):
        with Stage(generator=generator, python=python, root=root, keep=keep) as stage:
            if generator:
                found["setup"] = setup(stage)
                child, found["first_start"] = start(stage)
                child.end()
                time.sleep(1)
                child, found["second_start"] = start(stage)
            else:
                child, found["start_without_generator"] = start(stage)
            found["memory_on" if generator else "memory_off"] = talk(stage, child)
            child.end()
    return found


def report(found: dict[str, Any]) -> str:
    steps: list[list[object]] = [["git clone", seconds(found["clone"])]]
    for name, value in found.get("install", {}).items():
        steps.append([f"install: {name}", f"{value:.0f} MB" if name.endswith("_mb") else seconds(value)])
    steps += [["base models, database, starter shop", seconds(found["setup"]["base_models"])]]
    steps += [["first training", seconds(found["setup"]["first_training"])]]
    for name in ("first_start", "second_start", "start_without_generator"):
        words = name.replace("_", " ")
        steps += [[f"{words}: connected", seconds(found[name]["ready"])]]
        steps += [[f"{words}: first answer", seconds(found[name]["first_answer"])]]
    held: list[list[object]] = [
        [process, "on" if key == "memory_on" else "off", size["rss_mb"], size["pss_mb"]]
        for key in ("memory_on", "memory_off")
        for process, size in found[key].items()
    ]
    return table(["step", "time"], steps) + "\n\n" + table(["process", "generator", "RSS MB", "PSS MB"], held)


def seconds(value: float) -> str:
    return f"{value:.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.start", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--no-install", action="store_true", help="use this interpreter instead of a new .venv")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="understudy-start-") as folder:
        root, cloning = install.clone(Path(folder) / "understudy")
        found: dict[str, Any] = {"clone": cloning}
        python = sys.executable
        if not args.no_install:
            python, found["install"] = install.install(root)
        found |= measure(root, python, Path(folder) / "stage")
    path = write("start", found)
    print(report(found))
    print(f"written to {path}")


if __name__ == "__main__":
    main()
