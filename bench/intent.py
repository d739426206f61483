"""the intent model beside SetFit, the tutorials' recipe and simpler ones, on the same rows in one go

    python -m bench.intent [--set banking10] [--only ours,tfidf] [--minutes 15]

Each peer trains in a process of its own, and a fresh one loads what it saved and classifies. Peers that need packages
of their own run in .venv-peers, which `make bench-intent` fills from bench/requirements-peers.txt; one whose package
is not there is left out, in one line.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench import intent_sets
from bench.intent_report import better, draw, report
from bench.machine import write
from bench.peers import NAMES, module
from bench.peers.child import MISSING
from model.base import encoder_folder
from model.calibration import expected_calibration_error
from model.evaluate import auroc
from model.types import OOS, Example, UnderstudyError

OWN_VENV = ("ours", "tutorial", "tfidf")
"""Run by this interpreter; the others by that of .venv-peers."""
PEERS_PYTHON = Path(".venv-peers/bin/python")
PICTURE = Path("docs/pictures/intent.png")


def main(words: Sequence[str] | None = None) -> int:
    args = arguments().parse_args(words)
    try:
        result = compare(args)
    except UnderstudyError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n" + report(result) + "\n")
    print("\n".join(better(result["peers"])))
    print(f"written to {write(f'intent-{args.set}', result)}")
    if args.picture:
        draw(result, args.picture)
        print(f"drawn in {args.picture}")
    return 0


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.intent", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--set", choices=sorted(intent_sets.SETS), default="banking10")
    parser.add_argument("--only", help=f"of {','.join(NAMES)}")
    parser.add_argument("--minutes", type=float, default=15, help="a peer's budget for its training (default 15)")
    parser.add_argument("--timed", type=int, default=200, help="messages timed one by one (default 200)")
    parser.add_argument("--rows", type=int, default=0, help="test on so many rows only, evenly taken (default all)")
    parser.add_argument("--intents", type=int, default=0, help="only so many intents, for a trial (default all)")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--peers-python", type=Path, default=PEERS_PYTHON)
    parser.add_argument("--picture", type=Path, help=f"draw it, for instance into {PICTURE}")
    return parser


def compare(args: argparse.Namespace) -> dict[str, Any]:
    names = args.only.split(",") if args.only else list(NAMES)
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        raise UnderstudyError(f"expected names of {', '.join(NAMES)}, found {', '.join(unknown)}: correct --only.")
    rows = intent_sets.read(args.set, args.shared)
    train = intent_sets.few(rows.train, args.intents)
    known = {row.label for row in train}
    test = [row for row in rows.test if row.label in known or row.label == OOS]
    test = intent_sets.thinned(test, args.rows)
    peers: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="understudy-peers-") as work:
        for name in names:
            found = run(name, train, test, Path(work), args)
            if found:
                peers[name] = found
                print(f"{found['title']}: accuracy {100 * found['accuracy']:.1f} %", flush=True)
    facts = {"set": args.set, "train": len(train), "test": len(test), "oos": sum(row.label == OOS for row in test)}
    return {**facts, "minutes": args.minutes, "timed": args.timed, "peers": peers}


def run(
    name: str, train: Sequence[Example], test: Sequence[Example], work: Path, args: argparse.Namespace
) -> dict[str, Any] | None:
    """One peer, trained and judged; none where its package is missing."""
    job = {
        "train": [{"text": row.text, "label": row.label} for row in train],
        "texts": [row.text for row in test],
        "folder": str(work / name),
        "base": str(encoder_folder()),
        "minutes": args.minutes,
        "timed": args.timed,
    }
    file = work / f"{name}.json"
    file.write_text(json.dumps(job))
    trained = child(name, "train", file, args.peers_python)
    if trained is None:
        return None
    judged = child(name, "classify", file, args.peers_python) or {"said": []}
    figures = score(test, judged.pop("said"))
    described = {"title": module(name).TITLE, "note": module(name).NOTE}
    return {**described, **trained, **judged, **figures}


def child(name: str, action: str, file: Path, peers_python: Path) -> dict[str, Any] | None:
    """What the process says last; none, and a line, where it lacks a package.

    Raises:
        UnderstudyError: it failed.
    """
    python = sys.executable if name in OWN_VENV else str(peers_python)
    words = [python, "-m", "bench.peers.child", action, name, str(file)]
    if name not in OWN_VENV and not peers_python.exists():
        print(f"{module(name).TITLE}: left out, {peers_python} is not there (`make bench-intent` makes it)", flush=True)
        return None
    print(f"{module(name).TITLE}: {action}", file=sys.stderr, flush=True)
    done = subprocess.run(words, capture_output=True, text=True)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    if done.returncode == MISSING:
        print(f"{module(name).TITLE}: left out, the package {last} is not installed", flush=True)
        return None
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        raise UnderstudyError(f"expected {name} to {action}, found: {why[:300]} Leave it out by --only, or mend it.")
    found: dict[str, Any] = json.loads(last)
    return found


def score(test: Sequence[Example], said: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    """Accuracy and calibration in scope, and how well doubt tells what is out of scope; fractions."""
    inside = np.array([row.label != OOS for row in test])
    right = np.array([row.label == each["intent"] for row, each in zip(test, said, strict=True)])[inside]
    confidence = np.array([each["confidence"] for each in said])[inside]
    doubt = np.array([each["doubt"] for each in said])
    both = bool(inside.any() and (~inside).any())
    return {
        "accuracy": float(right.mean()),
        "auroc": auroc(doubt[inside], doubt[~inside]) if both else None,
        "ece": expected_calibration_error(confidence, right),
    }


if __name__ == "__main__":
    raise SystemExit(main())
