"""How replies are made on the starter shop: search, check, generator, and what becomes of held-out questions.

Questions are the held-out utterances of the intents that may be worded anew or have no approved answer; the intent is
taken as known. Times are wall-clock; beside them stands the processor's time, which other work on the machine touches
less. `python -m bench.answers`
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from bench.machine import table, write
from model import starter
from model.base import generator_folder
from model.encoder import base_encoder
from model.evaluate_response import evaluate_response
from model.generator import ResponseGenerator
from model.responder import KnowledgeResponder
from model.response_rows import read_rows
from model.retriever import Retriever
from model.types import Article, Intent, ReplyRequest

NAMES = ("Mia", "", "Tom", "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="where the converted base models lie (default: made anew)")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--threads", type=int, default=1, help="of torch")
    parser.add_argument("--untuned", action="store_true", help="measure the model without its adapter, too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        result = measure(args.cache or Path(work), args)
    print(f"in {write('answers', result)}")


def measure(cache: Path, args: argparse.Namespace) -> dict[str, Any]:
    encoder = base_encoder(cache)
    base = generator_folder("", cache)
    retriever = Retriever(encoder, starter.articles())
    starters = search(retriever)
    without = rss()
    begun = time.perf_counter()
    generator = ResponseGenerator.load(starter.folder() / "adapter", base, threads=args.threads)
    loading, with_it = time.perf_counter() - begun, rss()
    searching = {"starter shop": starters, "10,000 passages": search(Retriever(encoder, many(10_000)))}
    print(table(["search over", "p50 ms", "p95 ms", "processor p50 ms"], [[k, *v] for k, v in searching.items()]))
    rows = read_rows(starter.folder() / "response_test.jsonl").rows
    figures = {"fine-tuned": evaluate_response(generator, rows, encoder)}
    if args.untuned:
        untuned = ResponseGenerator.load(None, base, threads=args.threads)
        figures["untuned"] = evaluate_response(untuned, rows, encoder)
    print(table(["held-out rows", *figures["fine-tuned"]], [[k, *v.values()] for k, v in figures.items()]))
    told = answers(KnowledgeResponder(retriever, lambda: generator, encoder), args.questions)
    print(table(["", ""], [[k, v] for k, v in told.items() if k != "replies"]))
    for reply in told["replies"]:
        print(reply)
    memory = {"without generator mb": without, "with generator mb": with_it, "loading s": round(loading, 1)}
    print(table(["", ""], [[k, v] for k, v in memory.items()]))
    return {"search": searching, "held_out": figures, "answers": told, "memory": memory, "threads": args.threads}


def answers(responder: KnowledgeResponder, count: int) -> dict[str, Any]:
    """What becomes of held-out questions."""
    kinds: Counter[str] = Counter()
    walls, processor, firsts, replies = [], [], [], []
    for number, (text, intent) in enumerate(questions(count)):
        name = NAMES[number % len(NAMES)]
        slots = {"first_name": name} if name else {}
        begun, used, first = time.perf_counter(), time.process_time(), list[float]()

        def told(_: str, begun: float = begun, first: list[float] = first) -> None:
            first.append(time.perf_counter() - begun)

        reply = responder.respond(ReplyRequest(text, intent, slots), told)
        walls.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.process_time() - used))
        firsts.extend(1000 * moment for moment in first[:1])
        kinds[reply.kind if reply else "none"] += 1
        replies.append(f"[{reply.kind if reply else 'none'}] {text}\n    {reply.text if reply else '-'}")
    asked = sum(kinds.values())
    return {
        "questions": asked,
        **dict(kinds),
        "generated share": round((kinds["composed"] + kinds["generated"]) / asked, 3),
        "reply p50 ms": round(float(np.median(walls))),
        "reply p95 ms": round(float(np.percentile(walls, 95))),
        "processor p50 ms": round(float(np.median(processor))),
        "first sentence p50 ms": round(float(np.median(firsts))) if firsts else None,
        "replies": replies,
    }


def questions(count: int) -> list[tuple[str, Intent]]:
    """Held-out utterances, evenly over the file, of intents for which the generator is asked."""
    intents = {intent.name: intent for intent in starter.intents()}
    rows = [(row.text, intents[row.label]) for row in starter.held_out() if row.label in intents]
    fitting = [row for row in rows if row[1].compose and not row[1].small_talk and not row[1].handoff]
    return fitting[:: max(1, len(fitting) // count)][:count]


def search(retriever: Retriever) -> list[float]:
    """p50, p95 and the processor's p50 in ms."""
    texts = [row.text for row in starter.held_out()[:200]]
    walls, processor = timed(time.perf_counter, retriever, texts), timed(time.process_time, retriever, texts)
    return [
        round(float(np.median(walls)), 1),
        round(float(np.percentile(walls, 95)), 1),
        round(float(np.median(processor)), 1),
    ]


def timed(clock: Callable[[], float], retriever: Retriever, texts: list[str]) -> list[float]:
    times = []
    for text in texts:
        begun = clock()
        retriever.search(text)
        times.append(1000 * (clock() - begun))
    return times


def many(count: int) -> list[Article]:
    """Articles of the starter's own words in random order, ten passages each."""
    words = sorted({word for article in starter.articles() for word in article.body.split()})
    rng = np.random.default_rng(7)
    return [
        Article(f"a{n}", f"Title {n}", "\n\n".join(" ".join(rng.choice(words, 20)) for _ in range(10)))
        for n in range(count // 10)
    ]


def rss() -> int:
    return round(psutil.Process(os.getpid()).memory_info().rss / (1024 * 1024))


if __name__ == "__main__":
    main()
