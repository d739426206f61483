"""what of the encoder to train: all, LoRA, the upper half, or all of three layers; accuracy, seconds, memory, size

    python -m bench.adapt [--test] [--seeds 1] [--only full,lora,freeze,prune] [--shared ../shared]

Each is the product's own `understudy train intent --adapt HOW` on BANKING77's ten utterances an intent, in a process of
its own, then `understudy evaluate` on the dev rows, which choices are made on, or with --test on the test rows.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any, get_args

from bench.machine import table, write
from model.types import Adaptation

HEAD = ["", "accuracy %", "ECE", "seconds", "processor s", "peak MB", "artefact MB", "p50 ms a message"]
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Result:
    how: str
    seed: int
    accuracy: float
    """In scope, percent."""
    ece: float
    seconds: float
    """Start to end of the training, export and calibration included."""
    processor: float
    """Seconds of all cores that the training's process took, its start included: hardly touched by others' work."""
    peak_mb: float
    artefact_mb: float
    ms: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", action="store_true", help="measure on the test rows; once, when all is chosen")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", default=",".join(get_args(Adaptation)))
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    args = parser.parse_args()
    data = args.shared / "data/BANKING77"
    judged = data / ("test.jsonl" if args.test else "fewshot_dev.jsonl")
    results = []
    for how in args.only.split(","):
        results += [one(how, data / "fewshot_train_10.jsonl", judged, seed) for seed in range(7, 7 + args.seeds)]
        print(table(HEAD, rows(results)), flush=True)
    name = "adapt-test" if args.test else "adapt"
    print(f"in {write(name, {'rows': judged.name, 'results': [asdict(result) for result in results]})}")


def one(how: str, train: Path, judged: Path, seed: int) -> Result:
    """Train, then evaluate what serves."""
    with tempfile.TemporaryDirectory() as work:
        out = Path(work) / "model"
        words = ["--data", str(train), "--out", str(out), "--adapt", how, "--seed", str(seed)]
        trained, usage = understudy(work, "train", "intent", *words)
        told, _ = understudy(work, "evaluate", "--model", str(out), "--data", str(judged))
        size = sum(file.stat().st_size for file in out.iterdir())
    return Result(
        how,
        seed,
        100 * told["in_scope_accuracy"],
        told["ece"],
        trained["seconds"],
        round(usage.ru_utime + usage.ru_stime, 1),
        # Linux counts KB, macOS bytes.
        usage.ru_maxrss / (1024 if sys.platform != "darwin" else MB),
        size / MB,
        told["latency_ms"]["p50"],
    )


def understudy(work: str, *words: str) -> tuple[dict[str, Any], Any]:
    """What a command prints as JSON, and what its process used."""
    env = {**os.environ, "DATA_DIR": work, "OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, "-m", "bot", *words, "--json"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    assert child.stdout is not None
    assert child.stderr is not None
    said = child.stdout.read()
    complained = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {child.returncode}: {complained.decode().strip()[-500:]}")
    return json.loads(said), usage


def rows(results: Sequence[Result]) -> list[list[object]]:
    """One row a way, the means over its seeds."""
    made: list[list[object]] = []
    for how in dict.fromkeys(result.how for result in results):
        mine = [asdict(result) for result in results if result.how == how]
        means = {name: mean(result[name] for result in mine) for name in mine[0] if name != "how"}
        made.append([
            how, f"{means['accuracy']:.2f}", f"{means['ece']:.3f}", f"{means['seconds']:.0f}",
            f"{means['processor']:.0f}", f"{means['peak_mb']:.0f}", f"{means['artefact_mb']:.1f}", f"{means['ms']:.2f}",
        ])  # fmt: skip
    return made


if __name__ == "__main__":
    main()
