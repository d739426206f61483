"""`understudy evaluate-search`: the measures of search on questions whose article is known. Loads no torch."""

import argparse
import json
from pathlib import Path

TIMED = 200
"""Questions that are timed one by one."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "evaluate-search",
        help="measure search on questions whose article is known",
        description="Ask every question of the whole knowledge base: how often the right article comes first, MRR, "
        "MAP, and milliseconds a question.",
    )
    parser.add_argument("--kb", type=Path, required=True, help='JSONL: {"id", "question", "answers": [...]}')
    parser.add_argument(
        "--data", type=Path, required=True, help='JSONL or CSV: "text", and the article\'s id as "label"'
    )
    parser.add_argument("--answers-alone", action="store_true", help="withhold the questions of the knowledge base")
    parser.add_argument("--json", action="store_true", help="print one JSON object: hit_at_1, mrr, map, milliseconds")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from bot.commands.train import read_data
    from bot.settings import load
    from model.encoder import base_encoder
    from model.evaluate_search import check_labels, figures_of, milliseconds, read_kb
    from model.retriever import Retriever

    articles = read_kb(args.kb, questions=not args.answers_alone)
    rows, _ = read_data(args.data)
    check_labels(rows, articles)
    settings = load()
    encoder = base_encoder(settings.home / "cache", settings.intent_base)
    rank = Retriever(encoder, articles).rank
    found = {name: round(value, 5) for name, value in asdict(figures_of(rank, rows)).items()}
    times = milliseconds(rank, [row.text for row in rows[:TIMED]])
    if args.json:
        print(json.dumps({**found, "milliseconds": times}))
    else:
        print("\n".join(f"{name:<14} {value}" for name, value in found.items()))
        print(f"{'milliseconds':<14} p50 {times['p50']}, p95 {times['p95']}")
    return 0
