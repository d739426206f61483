"""One peer in a process of its own: `python -m bench.peers.child train|classify NAME JOB.json`.

The job names the rows, the folder and the budget. Its last line is JSON; exit code 3 says that a package is missing.
"""

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.clock import one_by_one, peak_mb
from bench.peers import module

MISSING = 3


def train(name: str, job: dict[str, Any]) -> dict[str, Any]:
    rows = [(row["text"], row["label"]) for row in job["train"]]
    folder = Path(job["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    words = module(name).train(rows, folder, Path(job["base"]), float(job["minutes"]))
    return {"training_s": time.perf_counter() - begun, "training_mb": peak_mb(), "came_to": words}


def classify(name: str, job: dict[str, Any]) -> dict[str, Any]:
    """What it says of each text; then one thread for one message at a time."""
    texts = job["texts"]
    ask = module(name).load(Path(job["folder"]))
    ask([texts[0]])
    said = [asdict(each) for each in ask(texts)]
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    step = max(1, len(texts) // int(job["timed"]))
    return {"said": said, **one_by_one(ask, texts[::step][: int(job["timed"])]), "serving_mb": peak_mb()}


def main(action: str, name: str, file: str) -> int:
    job = json.loads(Path(file).read_text())
    # The pool for long batches is the peers' own affair; the tables say what one thread does.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        found = {"train": train, "classify": classify}[action](name, job)
    except ModuleNotFoundError as error:
        print(error.name, flush=True)
        return MISSING
    print("\n" + json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
