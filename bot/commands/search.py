"""`understudy search`: what the knowledge base holds for a question. Loads no torch."""

import argparse
import json


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "search",
        help="search the knowledge base",
        description="Print the passages that are nearest to a question, best first.",
    )
    parser.add_argument("query", metavar="QUERY", help="what a customer might ask")
    parser.add_argument("--limit", type=int, default=5, help="passages to print (default 5)")
    parser.add_argument("--json", action="store_true", help="print one JSON list: id, title, passage, score")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.content import articles
    from bot.settings import load
    from model.encoder import base_encoder
    from model.retriever import Retriever

    settings = load()
    encoder = base_encoder(settings.home / "cache", settings.intent_base)
    known = articles(settings)
    found = Retriever(encoder, known).search(args.query, args.limit)
    rows = [{"id": p.article_id, "title": p.title, "passage": p.text, "score": round(p.score, 4)} for p in found]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
    elif not rows:
        print("Nothing found." if known else "The knowledge base is empty: bring articles with `understudy import`.")
    else:
        for passage in found:
            print(f"{passage.score:.2f}  {passage.title} ({passage.article_id})\n      {passage.text}\n")
    return 0 if rows else 1
