"""`understudy classify`: what the intent model says of texts. Loads no torch."""

import argparse
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.types import Prediction

BATCH = 64
"""Lines of a file that are classified at once."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "classify",
        help="say what the intent model makes of texts",
        description="Classify texts: those given, or the lines of standard input.",
    )
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="what a customer might write")
    parser.add_argument("--model", type=Path, help="a model's folder (default: the live version)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.commands.evaluate import load_classifier

    classifier = load_classifier(args.model)
    show = as_json if args.json else as_text
    for batch in batches(args.texts or lines(), 1 if sys.stdin.isatty() else BATCH):
        for prediction in classifier.predict(batch):
            print(show(prediction), flush=True)
    return 0


def lines() -> Iterator[str]:
    """Of standard input; bytes that are no UTF-8 are replaced, not refused."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(texts)
    while batch := list(itertools.islice(rest, size)):
        yield batch


def as_json(prediction: "Prediction") -> str:
    return json.dumps(
        {
            "text": prediction.text,
            "intent": prediction.intent,
            "confidence": round(prediction.confidence, 4),
            "out_of_scope": prediction.out_of_scope,
            "oos_score": round(prediction.oos_score, 4),
            "ranking": [{"intent": r.intent, "probability": round(r.probability, 4)} for r in prediction.ranking],
            "version": prediction.version,
        },
        ensure_ascii=False,
    )


def as_text(prediction: "Prediction") -> str:
    second = prediction.ranking[1]
    label = f"out of scope ({prediction.intent}?)" if prediction.out_of_scope else prediction.intent
    then = f"[then {second.intent} {second.probability:.0%}]"
    return f"{prediction.confidence:4.0%}  {label:<32} {prediction.text}    {then}"
