"""`understudy evaluate`: the measures of an intent model on labelled rows."""

import argparse
import json
from pathlib import Path


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "evaluate",
        help="measure an intent model on labelled rows",
        description="Measure an intent model on labelled rows: accuracy, F1, out of scope, calibration, latency.",
    )
    parser.add_argument("--model", type=Path, help="a model's folder (default: the live version)")
    parser.add_argument("--data", type=Path, required=True, help='JSONL or CSV with "text" and "label"')
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.commands.train import read_data
    from model.evaluate import evaluate, to_json

    examples, _ = read_data(args.data)
    figures = to_json(evaluate(load_classifier(args.model), examples))
    if args.json:
        print(json.dumps(figures))
        return 0
    per_intent = figures.pop("per_intent")
    for name, value in figures.items():
        print(f"{name:<18} {'-' if value is None else value}")
    weakest = sorted(per_intent.items(), key=lambda item: item[1]["f1"])[:5]  # type: ignore[attr-defined]
    print("weakest intents    " + ", ".join(f"{name} (F1 {row['f1']:.2f} of {row['n']})" for name, row in weakest))
    return 0


def load_classifier(folder: Path | None):  # type: ignore[no-untyped-def]
    """The model in `folder`, or the live version."""
    from bot.home import registry_of
    from bot.settings import load
    from model.classifier import IntentClassifier

    if folder is None:
        folder = registry_of(load().home, "intent").current_path()
    return IntentClassifier.load(folder)
