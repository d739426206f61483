"""serving the intent model: torch fp32, onnxruntime fp32 and what the product serves, speed, memory and accuracy

    python -m bench.serving [--model DIR] [--train F.jsonl] [--data F.jsonl] [--rounds N]

Without --model it trains one on --train first (BANKING77's ten a class by default: a minute or two) and keeps it in
bench/out/serving. --model takes such a folder again: what `understudy train` writes holds no fp32 twin to compare with.
Each contestant is a process of its own that goes the whole way, IntentClassifier.predict, tokenizing included.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.machine import OUT, table, write
from bench.serving_child import spread
from model.classifier import IntentClassifier
from model.dataset import read_examples
from model.encoder import ONNX_FILE
from model.evaluate import auroc
from model.types import OOS, Example, UnderstudyError

KEPT = OUT / "serving"
TWIN = "fp32.onnx"
BANKING = Path("../shared/data/BANKING77")
KINDS = {"torch": "torch fp32", "fp32": "onnxruntime fp32", "int8": "ours, int8"}
BEST_OF = {"a_second": max}
"""How several rounds become one figure; the others by min, for what disturbs a measurement only ever adds."""


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, help="a folder that this command trained before")
    parser.add_argument("--train", type=Path, default=BANKING / "fewshot_train_10.jsonl")
    parser.add_argument(
        "--data", type=Path, default=BANKING / "test.jsonl", help="labelled rows; their texts are timed"
    )
    parser.add_argument("--out", type=Path, default=KEPT, help="where a model trained here is kept")
    parser.add_argument("--timed", type=int, default=500, help="messages timed one by one (default 500)")
    parser.add_argument("--batch", type=int, default=3080, help="messages of the batch (default 3080)")
    parser.add_argument("--rounds", type=int, default=2, help="each contestant so often, in turn; the best counts")
    args = parser.parse_args(words)
    try:
        found = measure(args)
    except UnderstudyError as error:
        print(error, file=sys.stderr)
        return 2
    print(report(found))
    print(f"written to {write(f'serving-{args.data.parent.name}', found)}")
    return 0


def measure(args: argparse.Namespace) -> dict[str, Any]:
    rows = read_examples(args.data).examples
    folder = args.model or train(args.train, args.out)
    with tempfile.TemporaryDirectory(prefix="understudy-serving-") as work:
        twin = fp32_folder(folder, Path(work) / "fp32")
        texts = Path(work) / "texts.json"
        texts.write_text(json.dumps(spread([row.text for row in rows], args.batch)))
        rounds: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        for _ in range(args.rounds):
            for kind, runs in rounds.items():
                runs.append(contestant(kind, twin if kind == "fp32" else folder, texts, args))
        accuracy = compare(folder, twin, rows)
    speed = {kind: best(runs) for kind, runs in rounds.items()}
    return {"model": str(folder), "data": str(args.data), "rows": len(rows), "speed": speed, "accuracy": accuracy}


def train(data: Path, out: Path) -> Path:
    """A model with its fp32 twin."""
    from model.export import keeping_fp32
    from model.finetune_intent import train_intent

    shutil.rmtree(out, ignore_errors=True)
    with keeping_fp32():
        train_intent(read_examples(data).examples, out)
    return out


def fp32_folder(folder: Path, out: Path) -> Path:
    """The same version with the twin in the place of what serves.

    Raises:
        UnderstudyError: it has none.
    """
    if not (folder / TWIN).is_file():
        raise UnderstudyError(f"expected {TWIN} in {folder}, found none: let this command train (leave out --model).")
    shutil.copytree(folder, out)
    (out / TWIN).replace(out / ONNX_FILE)
    return out


def contestant(kind: str, folder: Path, texts: Path, args: argparse.Namespace) -> dict[str, Any]:
    """One fresh process: seconds to its first prediction, then what it says of itself."""
    # The slow ones once: they are there for the ratio.
    repeats = 3 if kind == "int8" else 1
    words = [kind, str(folder), str(texts), str(args.timed), str(repeats)]
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bench.serving_child", *words], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        child.stdout.readline()
        start = time.perf_counter() - begun
        said = child.stdout.read()
    if child.returncode:
        raise UnderstudyError(f"expected {KINDS[kind]} to classify, found exit code {child.returncode}: see above.")
    return {"start_s": start, **json.loads(said)}


def best(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {name: BEST_OF.get(name, min)(run[name] for run in runs) for name in runs[0]}


def compare(folder: Path, twin: Path, rows: Sequence[Example]) -> dict[str, Any]:
    """What int8 costs on labelled rows: both over the same head and thresholds."""
    texts, truth = [row.text for row in rows], np.array([row.label for row in rows])
    inside = truth != OOS
    found: dict[str, Any] = {"rows": int(inside.sum()), "oos_rows": int((~inside).sum())}
    said, vectors = {}, {}
    for kind, where in (("fp32", twin), ("int8", folder)):
        classifier = IntentClassifier.load(where, threads=2)
        predictions = classifier.predict(texts)
        said[kind] = np.array([each.intent for each in predictions])
        vectors[kind] = classifier.embed(texts)
        found[f"{kind}_accuracy"] = float((said[kind] == truth)[inside].mean()) if inside.any() else None
        scores = np.array([each.oos_score for each in predictions])
        found[f"{kind}_auroc"] = auroc(scores[inside], scores[~inside]) if 0 < inside.sum() < len(rows) else None
    cosines = (vectors["fp32"] * vectors["int8"]).sum(1)
    same = float((said["fp32"] == said["int8"]).mean())
    return found | {"same_intent": same, "cosine_mean": float(cosines.mean()), "cosine_min": float(cosines.min())}


def report(found: dict[str, Any]) -> str:
    head = [
        "", "one message p50 / p95 ms", "processor ms", "to torch", "batch, a second", "to torch",
        "peak MB, one / batch", "start s", "torch loaded",
    ]  # fmt: skip
    first = found["speed"]["torch"]
    rows: list[list[object]] = [
        [
            KINDS[kind],
            f"{it['p50_ms']:.2f} / {it['p95_ms']:.2f}",
            f"{it['cpu_p50_ms']:.2f}",
            f"{first['p50_ms'] / it['p50_ms']:.1f}x",
            f"{it['a_second']:.0f}",
            f"{it['a_second'] / first['a_second']:.1f}x",
            f"{it['peak_one_mb']} / {it['peak_mb']}",
            f"{it['start_s']:.2f}",
            "yes" if it["torch"] else "no",
        ]
        for kind, it in found["speed"].items()
    ]
    return table(head, rows) + "\n\n" + accuracy_table(found["accuracy"])


def accuracy_table(it: dict[str, Any]) -> str:
    head = ["", "rows", "in-scope accuracy %", "OOS AUROC", "same intent %", "cosine mean / lowest"]
    rows: list[list[object]] = []
    for kind in ("fp32", "int8"):
        row: list[object] = [KINDS[kind], it["rows"], share(it[f"{kind}_accuracy"]), share(it[f"{kind}_auroc"])]
        same = f"{100 * it['same_intent']:.2f}", f"{it['cosine_mean']:.4f} / {it['cosine_min']:.4f}"
        rows.append([*row, *(same if kind == "int8" else ("", ""))])
    return table(head, rows)


def share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f}"


if __name__ == "__main__":
    raise SystemExit(main())
