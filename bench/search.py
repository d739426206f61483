"""Search on STACKFAQ: BM25, vectors, both, and what questions asked before bring; the whole knowledge base each time.

With the question field of the knowledge base, and with it withheld (answers alone). Weights were chosen on the dev
queries; `--split dev` shows them. What learns is cross-validated over the queries: a question is searched with what the
other four fifths have taught. `python -m bench.search`
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from bench.machine import table, write
from bench.search_adapter import AdaptedRetriever
from bot.settings import Settings
from model import starter
from model.asked import FOLDS, cross_validated
from model.dataset import read_examples
from model.encoder import base_encoder
from model.evaluate_search import SearchFigures, figures_of, read_kb
from model.retriever import Encoder, Retriever, Weights
from model.types import Article, Example
from model.vector_cache import RememberingEncoder

HEAD = ["", "hit@1", "hit@5", "MAP"]
WAYS = {"BM25": Weights(lexical=1), "vectors": Weights(lexical=0), "fused": Weights()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--cache", type=Path, help="where the exported encoder lies (default: made anew)")
    args = parser.parse_args()
    data = Settings().shared_dir / "data/STACKFAQ_RETRIEVAL"
    rows = read_examples(data / f"{args.split}.jsonl").examples
    with tempfile.TemporaryDirectory() as work:
        encoder = base_encoder(args.cache or Path(work))
        kept = RememberingEncoder(encoder)
        found = {
            name: measured(kept, read_kb(data / "kb.jsonl", questions), rows)
            for name, questions in (("with questions", True), ("answers alone", False))
        }
        times = timed(encoder, read_kb(data / "kb.jsonl"))
    for name, figures in found.items():
        print(table([f"{args.split}, {name}", *HEAD[1:]], [[way, *shown(it)] for way, it in figures.items()]), "\n")
    print(table(["one question, ms", "p50", "p95", "processor p50"], [[name, *taken] for name, taken in times.items()]))
    written = {name: {way: asdict(it) for way, it in ways.items()} for name, ways in found.items()}
    print(f"in {write('search', {'split': args.split, 'figures': written, 'milliseconds': times})}")


def measured(encoder: Encoder, articles: Sequence[Article], rows: Sequence[Example]) -> dict[str, SearchFigures]:
    """Each way's figures."""
    alone = {name: figures_of(Retriever(encoder, articles, weights=how).rank, rows) for name, how in WAYS.items()}
    return {
        **alone,
        "fused + linear map, cross-validated": adapted(encoder, articles, rows),
        "fused + questions asked before, cross-validated": cross_validated(encoder, articles, rows),
    }


def adapted(encoder: Encoder, articles: Sequence[Article], rows: Sequence[Example]) -> SearchFigures:
    """The linear map, each question with what the other folds have taught."""
    ranks: dict[str, Sequence[str]] = {}
    retriever = AdaptedRetriever(encoder, articles)
    for fold in range(FOLDS):
        retriever.train(encoder, articles, [row for number, row in enumerate(rows) if number % FOLDS != fold])
        ranks |= {row.text: retriever.rank(row.text) for number, row in enumerate(rows) if number % FOLDS == fold}
    return figures_of(ranks.__getitem__, rows)


def timed(encoder: Encoder, articles: Sequence[Article]) -> dict[str, list[float]]:
    """One question of the starter shop's, its vector included: p50, p95, and the processor's p50, in ms."""
    indexed = [Retriever(encoder, each) for each in (starter.articles(), articles, many(10_000))]
    return {f"{len(each)} passages": search(each) for each in indexed}


def search(retriever: Retriever) -> list[float]:
    """p50, p95 and the processor's p50 in ms, over the starter shop's held-out utterances."""
    texts = [row.text for row in starter.held_out()[:200]]
    walls, processor = durations(time.perf_counter, retriever, texts), durations(time.process_time, retriever, texts)
    return [
        round(float(np.median(walls)), 1),
        round(float(np.percentile(walls, 95)), 1),
        round(float(np.median(processor)), 1),
    ]


def durations(clock: Callable[[], float], retriever: Retriever, texts: list[str]) -> list[float]:
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


def shown(it: SearchFigures) -> list[str]:
    return [f"{value:.3f}" for value in (it.hit_at_1, it.hit_at_5, it.map)]


if __name__ == "__main__":
    main()
