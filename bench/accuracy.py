"""The intent model on the published sets: trained by the product's one recipe, measured as it serves, several seeds.

Nothing is chosen here: sets differ by their rows alone, and out-of-scope rows are taken out of every training file, as
a newcomer has none. `python -m bench.accuracy banking10 hint3 --seeds 7 8 9` takes about a minute a small set and seed,
and six a full one.
"""

import argparse
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import intent_sets
from bench.machine import table, write
from bench.serving import compare, fp32_folder
from bench.strangers import by_kind, curve, judged, kinds_of, plot
from model.classifier import IntentClassifier
from model.dataset import read_examples, read_texts
from model.evaluate import auroc, evaluate, fpr95
from model.export import keeping_fp32
from model.finetune_intent import train_intent
from model.types import OOS, Example, Prediction

SHOWN = ("right", "fp32_minus_int8", "right_and_kept", "oos_recall", "oos_auroc", "oos_recall_at_95", "ece", "seconds")
HEAD = [
    "",
    "right %",
    "fp32 - int8",
    "right and kept %",
    "OOS recall %",
    "OOS AUROC %",
    "OOS recall, 95 % kept",
    "ECE %",
    "training s",
]


@dataclass(frozen=True, slots=True)
class Set:
    """Files under data/, and where messages without labels come from."""

    train: str
    test: str
    unlabelled: str = ""


BANKING = "BANKING77/test.jsonl"
SETS: dict[str, Set] = {
    **{name: Set(train, f"{train.partition('/')[0]}/test.jsonl") for name, train in intent_sets.SETS.items() if train},
    "banking5-unlabelled": Set(intent_sets.SETS["banking5"], BANKING, "BANKING77/train.jsonl"),
    "banking10-unlabelled": Set(intent_sets.SETS["banking10"], BANKING, "BANKING77/train.jsonl"),
    "banking-oos": Set("BANKING77_OOS/train.jsonl", "BANKING77_OOS/test.jsonl"),
    "natcs": Set("NATCS_insurance/train.jsonl", "NATCS_insurance/test.jsonl"),
}
"""Those of bench.intent that are files, and more."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(SETS)} (default: all, some two hours)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9])
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="where data/ lies")
    parser.add_argument("--picture", type=Path, help="folder for a curve of each set with out-of-scope rows")
    args = parser.parse_args()
    unknown = [name for name in args.sets if name not in SETS]
    if unknown:
        parser.error(f"expected sets of {', '.join(SETS)}, found {unknown[0]!r}")
    results = {}
    for name in args.sets or SETS:
        runs = [once(SETS[name], args.shared / "data", seed) for seed in args.seeds]
        results[name] = runs
        print(table(HEAD, [line(name, runs)]), flush=True)
        for seed, figures in zip(args.seeds, runs, strict=True):
            print(f"  seed {seed}: {dict(figures, curve=...)}", flush=True)
        if args.picture and runs[0]["curve"]:
            points = {f"seed {seed}": run["curve"] for seed, run in zip(args.seeds, runs, strict=True)}
            chosen = {str(i): (run["right_and_kept"], run["oos_recall"]) for i, run in enumerate(runs)}
            plot(points, chosen, args.picture / f"strangers-{name}.png")
    print(table(HEAD, [line(name, runs) for name, runs in results.items()]))
    print(f"in {write('accuracy', {'seeds': args.seeds, 'sets': results})}")


def once(chosen: Set, data: Path, seed: int) -> dict[str, Any]:
    """Train once and measure; shares in per cent."""
    train = intent_sets.inside(read_examples(data / chosen.train).examples)
    test = read_examples(data / chosen.test).examples
    messages = read_texts(data / chosen.unlabelled) if chosen.unlabelled else []
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "m"
        with keeping_fp32():
            seconds = train_intent(train, folder, seed=seed, unlabelled=messages)["seconds"]
        served = compare(folder, fp32_folder(folder, Path(work) / "fp32"), test)
        classifier = IntentClassifier.load(folder, threads=2)
    assert isinstance(seconds, float)
    measured = evaluate(classifier, test, timed=100)
    said = classifier.predict([row.text for row in test])
    kinds = by_kind(test, said, kinds_of(data / chosen.test))
    return {
        **{name: round(100 * value, 2) for name, value in shares(test, said).items()},
        **kinds,
        "fp32_minus_int8": round(100 * (served["fp32_accuracy"] - served["int8_accuracy"]), 2),
        "answered": round(100 * measured.answered, 2),
        "answered_wrong": round(100 * measured.answered_wrong, 2),
        "curve": curve(judged(test, said)) if measured.oos_recall is not None else [],
        "ece": round(100 * measured.ece, 2),
        "p50_ms": round(measured.latency_ms["p50"], 2),
        "seconds": seconds,
    }


def shares(test: Sequence[Example], said: Sequence[Prediction]) -> Mapping[str, float]:
    """Of in-scope rows: right, and right without being refused. Of out-of-scope rows: how many are told, by our own
    threshold and by the one that keeps 95 % of the in-scope rows."""
    import numpy as np

    inside = np.array([row.label != OOS for row in test])
    right = np.array([p.intent == row.label for p, row in zip(said, test, strict=True)])
    refused = np.array([p.out_of_scope for p in said])
    found = {
        "right": float(right[inside].mean()),
        "kept": float((~refused[inside]).mean()),
        "right_and_kept": float((right & ~refused)[inside].mean()),
    }
    if inside.all():
        return found
    scores = np.array([p.oos_score for p in said])
    return found | {
        "oos_recall": float(refused[~inside].mean()),
        "oos_auroc": auroc(scores[inside], scores[~inside]),
        "oos_recall_at_95": 1 - fpr95(scores[inside], scores[~inside]),
    }


def line(name: str, runs: Sequence[Mapping[str, Any]]) -> list[object]:
    """Mean of the seeds, and how far apart they lie."""
    cells: list[object] = [name]
    for figure in SHOWN:
        values = [run[figure] for run in runs if figure in run]
        spread = f" ± {statistics.stdev(values):.2f}" if len(values) > 1 and figure == "right" else ""
        cells.append(f"{statistics.mean(values):.2f}{spread}" if values else "-")
    return cells


if __name__ == "__main__":
    main()
