"""`understudy explain`: why the intent model says what it says. Loads no torch."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.explaining import TrainingRow
    from model.explain import Explanation


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "explain",
        help="say why the intent model understands a text so",
        description="Explain one text: the top three intents, the words that moved the decision, the nearest of the "
        "rows that the model learned from.",
    )
    parser.add_argument("text", metavar="TEXT", help="what a customer might write")
    parser.add_argument("--model", type=Path, help="a model's folder (default: the live version)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.commands.evaluate import load_classifier
    from bot.content import training_rows
    from bot.explaining import as_json
    from bot.settings import load
    from model.explain import explain

    classifier = load_classifier(args.model)
    classifier.predict([args.text])  # the first run sets the runtime up; it is not what an explanation takes
    made = explain(classifier, args.text)
    rows = training_rows(load())
    print(json.dumps(as_json(made, rows), ensure_ascii=False) if args.json else as_text(made, rows))
    return 0


def as_text(made: "Explanation", rows: "Mapping[str, TrainingRow]") -> str:
    found = made.prediction
    told = [f"{ranked.probability:4.0%}  {ranked.intent}" for ranked in made.top]
    scope = "out of scope" if found.out_of_scope else "in scope"
    told.append(f"{scope}: score {found.oos_score:.2f}, threshold {made.threshold:.2f}")
    for word in made.moved():
        change = f"{word.doubt:+.2f} strangeness" if found.out_of_scope else f"{-word.fall:+.1%} without it"
        told.append(f"  {word.text:<24} {change}")
    for near in made.neighbours:
        row = rows.get(near.key)
        told.append(f"{near.similarity:.2f}  {near.label:<24} {row.text if row else '(not in the log)'}  [{near.key}]")
    return "\n".join([*told, f"version {found.version}, {made.milliseconds:.0f} ms"])
