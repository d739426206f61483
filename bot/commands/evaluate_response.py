"""`understudy evaluate-response`: the measures of a generator on questions and approved replies."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings
    from model.evaluate_response import Judged, Measured
    from model.reply_rows import Facts
    from model.response_rows import ResponseRow

TEXTS = ("", "written_", "nearest_")
"""What stands before the measures of what would be sent, of the reply as it was written, of the first fact."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "evaluate-response",
        help="measure the response model on questions and approved replies",
        description="Have each question answered, and compare what would be sent with the approved reply: likeness, "
        "placeholders, and beside them those of the reply as it was written, its grounding, speed. A reply is written "
        "from the row's facts, else from --examples, else from the knowledge base; a row for which nothing is found is "
        "counted and left out. Sent is the reply where the whole of it passes the check, else the first fact.",
    )
    parser.add_argument("--data", type=Path, required=True, help='JSONL with "text" and "response", perhaps "facts"')
    parser.add_argument("--examples", type=Path, help="rows whose nearest approved replies are the facts")
    parser.add_argument("--model", help="a model's folder, or `untuned` (default: the live version, or GENERATOR_URL)")
    parser.add_argument("--limit", type=int, default=0, help="rows to measure, evenly over the file (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.settings import load
    from model import reply_rows

    rows = reply_rows.read(args.data)
    if args.limit > 0:
        rows = rows[:: max(1, len(rows) // args.limit)][: args.limit]
    figures = measure(load(), rows, reply_rows.read(args.examples) if args.examples else None, args.model)
    if args.json:
        print(json.dumps(figures))
    else:
        width = max(map(len, figures))
        for name, value in figures.items():
            print(f"{name:<{width}} {'-' if value is None else value}")
    return 0


def measure(
    settings: "Settings", rows: "list[ResponseRow]", examples: "list[ResponseRow] | None", model: str | None
) -> dict[str, Any]:
    """The figures; fractions 0 to 1, None where a set has no such rows."""
    from model.encoder import base_encoder
    from model.evaluate_response import BESIDE, beside, evaluate_response, mean, sent
    from model.reply_rows import with_facts

    encoder = base_encoder(settings.home / "cache", settings.intent_base)
    generator = _generator(settings, model)
    answerable = list(with_facts(rows, _facts(settings, encoder, examples)))
    as_written: list[bool] = []
    found: list[dict[str, float | None]] = []

    def look(one: "Judged") -> None:
        text, written = sent(one.reply, one.row, encoder)
        as_written.append(written)
        texts = zip(TEXTS, (text, one.reply, one.row.facts[0]), strict=True)
        found.append({whose + name: v for whose, said in texts for name, v in beside(said, one.row).items()})

    figures = evaluate_response(generator, answerable, encoder, on_reply=look)
    return {
        "version": getattr(generator, "version", ""),
        **figures,
        "without_facts": len(rows) - len(answerable),
        "sent_as_written": mean(as_written),
        **{name: mean(each[name] for each in found) for whose in TEXTS for name in (whose + one for one in BESIDE)},
    }


def _facts(settings: "Settings", encoder: Any, examples: "list[ResponseRow] | None") -> "Facts":
    from bot.content import articles
    from model.reply_rows import from_examples
    from model.responder import ENOUGH, PASSAGES
    from model.retriever import Retriever

    if examples is not None:
        return from_examples(examples, lambda found: Retriever(encoder, found))
    known = Retriever(encoder, articles(settings))

    def search(question: str) -> tuple[str, ...]:
        return tuple(each.text for each in known.search(question, PASSAGES) if each.score >= ENOUGH)

    return search


def _generator(settings: "Settings", model: str | None) -> "Measured":
    from bot.endpoint import endpoint_of
    from bot.home import registry_of

    if model is None and (endpoint := endpoint_of(settings)) is not None:
        return endpoint
    from model.base import generator_folder
    from model.generator import ResponseGenerator

    folder = Path(model) if model else registry_of(settings.home, "response").current_path()
    base = generator_folder(settings.response_base, settings.home / "cache")
    return ResponseGenerator.load(None if model == "untuned" else folder, base)
