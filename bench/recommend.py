"""What a customer needs next: popularity, meaning, sequences and their mix, on SGD's dialogues and the starter shop

    python -m bench.recommend [--split dev] [--cache DIR]

SGD's 1,000 dialogues are split by a stable hash of their ids: three tenths are the test, the rest is the log. `dev`
cross-validates inside the log, which is where priors and ways were chosen; `test` learns from 10, 30, 100, 300 and all
dialogues of the log (five draws of each size) and is measured on the test dialogues. Intervals: 95 % by bootstrap over
dialogues. The starter shop's cases are hand-written (bench/written/next.jsonl): one half for choosing, the other for
the figure.
"""

import argparse
import gzip
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from bench.machine import table, write
from bot.settings import Settings
from model.encoder import base_encoder
from model.paired import Difference
from model.recommend import PRIOR, Nearness, Prior, Step, Vector, Visit, counted
from model.recommend_fit import FOLDS, Table, count, fold_of, learn, met, points_of, scorers, tabled
from model.retriever import Encoder, Retriever
from model.starter import articles, intents
from model.types import Article
from model.vector_cache import RememberingEncoder

WRITTEN = Path(__file__).parent / "written" / "next.jsonl"
SIZES = (10, 30, 100, 300, 1000)
DRAWS = 5
TENTHS = 3
"""Of ten parts of SGD's dialogues: the test."""
DECAY = 0.5
PAIRS = (("mix", "popularity"), ("mix", "meaning"), ("meaning", "popularity"))
HEAD = ["", "hit rate@3", "95 %", "MRR", "95 %"]
Places = dict[str, Vector]


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--cache", type=Path, help="where the exported encoder lies (default: made anew)")
    args = parser.parse_args(argv)
    data = Settings().shared_dir / "data/SGD_DIALOGUES"
    with encoder_in(args.cache) as encoder:
        visits = dialogues(data)
        result = {"split": args.split, "sgd": sgd(visits, encoder, args.split), "shop": shop(encoder, args.split)}
    print(f"in {write('recommend', result)}")
    return result


@contextmanager
def encoder_in(cache: Path | None) -> Iterator[Encoder]:
    with tempfile.TemporaryDirectory() as work:
        yield RememberingEncoder(base_encoder(cache or Path(work)))


def dialogues(data: Path) -> list[Visit]:
    """SGD's dialogues, each a customer: a topic is an intent when it is first named."""
    found = []
    for part in ("dev", "test"):
        with gzip.open(data / f"{part}_dialogues.jsonl.gz", "rt", encoding="utf-8") as lines:
            found += [visit_of(f"{part}/{row['id']}", row["turns"]) for row in map(json.loads, lines)]
    return found


def visit_of(id: str, turns: Sequence[Mapping[str, Any]]) -> Visit:
    steps: list[Step] = []
    for number, turn in enumerate(turns):
        new = [name for name in turn.get("intent") or [] if name not in {step.topic for step in steps}]
        said = turns[number + 1]["text"] if number + 1 < len(turns) else ""
        steps += [Step(name, (name,), turn["text"], said) for name in new]
    return Visit(id, tuple(steps))


def sgd(visits: Sequence[Visit], encoder: Encoder, split: str) -> dict[str, Any]:
    """The figures of SGD's dialogues."""
    names = sorted({step.topic for visit in visits for step in visit.steps})
    nearness = Retriever(encoder, [Article(name, spoken(name), spoken(name)) for name in names])
    log, test = [v for v in visits if not is_test(v.customer)], [v for v in visits if is_test(v.customer)]
    if split == "dev":
        return {"dev": told("SGD, cross-validated in the log", *cross(log, nearness)), "priors": priors(log, nearness)}
    curve: dict[str, Any] = {}
    held = tabled(points_of(test), nearness)
    for size in sorted({min(size, len(log)) for size in SIZES}):
        drawn = [places(sample(log, size, draw), held, nearness) for draw in range(DRAWS if size < len(log) else 1)]
        mean = {way: [each[way] for each in drawn] for way in drawn[0]}
        curve[str(size)] = told(f"SGD, {size} dialogues of log", mean, held)
    return curve


def shop(encoder: Encoder, split: str) -> dict[str, Any]:
    """The figures of the hand-written cases; learned from the half for choosing."""
    found, by_topic = articles(), answers()
    nearness = Retriever(encoder, found)
    rows = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    halves = {
        half: [written(n, row, by_topic) for n, row in enumerate(rows) if row["split"] == half] for half in SPLITS
    }
    if split == "dev":
        return told("starter shop, cross-validated in one half", *cross(halves["dev"], nearness))
    held = tabled(points_of(halves["test"]), nearness)
    made = {way: [each] for way, each in places(halves["dev"], held, nearness).items()}
    return told("starter shop, the other half", made, held)


SPLITS = ("dev", "test")


def answers() -> dict[str, tuple[tuple[str, ...], str]]:
    """Topic -> the articles that are about it, and what is answered."""
    about: dict[str, tuple[str, ...]] = {}
    first: dict[str, str] = {}
    for article in articles():
        for name in article.intents:
            about[name] = (*about.get(name, ()), article.id)
            first.setdefault(name, article.body)
    return {it.name: (about.get(it.name, ()), it.answer or first.get(it.name, "")) for it in intents()}


def written(number: int, row: Mapping[str, Any], by_topic: Mapping[str, tuple[tuple[str, ...], str]]) -> Visit:
    steps = [
        Step(it["topic"], by_topic[it["topic"]][0], it["question"], by_topic[it["topic"]][1]) for it in row["steps"]
    ]
    needed = Step(" > ".join(step.topic for step in steps), tuple(row["next"]))
    return Visit(f"written {number}", (*steps, needed))


def is_test(id: str) -> bool:
    return int(sha256(id.encode()).hexdigest()[8:16], 16) % 10 < TENTHS


def spoken(name: str) -> str:
    """`BuyBusTicket` in words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def sample(log: Sequence[Visit], size: int, draw: int) -> list[Visit]:
    chosen = np.random.default_rng(draw).choice(len(log), size=size, replace=False)
    return [log[int(number)] for number in chosen]


def places(log: Sequence[Visit], held: Table, nearness: Nearness, prior: Prior = PRIOR) -> Places:
    """Hit and reciprocal place of each way, [points, 2]."""
    ways = scorers(learn(log, nearness, prior), held, prior)
    habits = count(log)
    one = {number: habits.probabilities(point.topics, held.ids, prior, 1) for number, point in enumerate(held.points)}
    items = item_item(log, held)
    every = {**ways, "log, one topic": one.__getitem__, "items, recent first": items.__getitem__}
    return {
        name: np.array([met(score(number), held, number) for number in range(len(held.points))])
        for name, score in every.items()
    }


def item_item(log: Sequence[Visit], held: Table) -> dict[int, Vector]:
    """What was needed at any time after each earlier topic, by cosine; the latest topic counts most."""
    after: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    total: defaultdict[str, float] = defaultdict(float)
    for point in points_of(log):
        for article in point.wanted:
            total[article] += 1
            for topic in point.topics:
                after[topic][article] += 1
    popular = count(log).popular
    weights = np.sqrt(np.maximum(counted(total, held.ids), 1))
    found = {}
    for number, point in enumerate(held.points):
        score = 1e-6 * counted(popular, held.ids)
        for age, topic in enumerate(reversed(point.topics)):
            norm = max(1.0, sum(after[topic].values())) ** 0.5
            score = score + DECAY**age * counted(after[topic], held.ids) / weights / norm
        found[number] = score
    return found


def cross(log: Sequence[Visit], nearness: Nearness, prior: Prior = PRIOR) -> tuple[dict[str, list[Vector]], Table]:
    """The same of every point of the log, each by the other folds."""
    whole = tabled(points_of(log), nearness)
    found: dict[str, Vector] = {}
    for fold in range(FOLDS):
        rows = [number for number, point in enumerate(whole.points) if fold_of(point.customer) == fold]
        others = [visit for visit in log if fold_of(visit.customer) != fold]
        for way, each in places(others, whole, nearness, prior).items():
            found.setdefault(way, np.zeros((len(whole.points), 2)))[rows] = each[rows]
    return {way: [each] for way, each in found.items()}, whole


def priors(log: Sequence[Visit], nearness: Nearness) -> dict[str, list[float]]:
    """MRR and hit rate of the sequences alone, by priors, cross-validated."""
    found = {}
    for one in (0.5, 2.0, 5.0, 15.0):
        for two in (0.5, 2.0, 5.0, 15.0):
            made, _ = cross(log, nearness, Prior(two, one))
            it = made["log"][0]
            found[f"one {one}, two {two}"] = [float(it[:, 1].mean()), float(it[:, 0].mean())]
    print(table(["prior", "MRR", "hit rate@3"], [[k, *(f"{x:.4f}" for x in v)] for k, v in found.items()]), "\n")
    return found


def told(name: str, made: Mapping[str, Sequence[Vector]], held: Table) -> dict[str, Any]:
    """Print one table; gives the same as values. Several draws are one mean a point."""
    groups = [point.customer for point in held.points]
    rows, values = [], {}
    means = {way: np.mean(drawn, axis=0) for way, drawn in made.items()}
    scored = {way: (each[:, 0], each[:, 1]) for way, each in means.items()}
    for way, (hit, rank) in scored.items():
        both = [interval(each, groups) for each in (hit, rank)]
        rows.append([way, *(cell for it in both for cell in (f"{it.value:.3f}", f"{it.low:.3f}-{it.high:.3f}"))])
        values[way] = {"hit": vars_of(both[0]), "mrr": vars_of(both[1])}
    gains = {
        f"{one} - {other}": [vars_of(interval(scored[one][k] - scored[other][k], groups)) for k in (0, 1)]
        for one, other in PAIRS
    }
    print(table([f"{name} ({len(groups)} cases, {len(set(groups))} customers)", *HEAD[1:]], rows))
    for way, (hit, rank) in gains.items():
        print(f"{way}: hit {hit[0]:+.3f} ({hit[1]:+.3f} to {hit[2]:+.3f}), MRR {rank[0]:+.3f} "
              f"({rank[1]:+.3f} to {rank[2]:+.3f})")  # fmt: skip
    print()
    return {"cases": len(groups), "ways": values, "gains": gains}


def interval(values: Vector, groups: Sequence[str], resamples: int = 2000, seed: int = 7) -> Difference:
    """The mean, with the 95 % interval by bootstrap over groups."""
    order = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    sums, sizes = np.zeros(len(order)), np.zeros(len(order))
    for value, group in zip(values, groups, strict=True):
        sums[order[group]] += value
        sizes[order[group]] += 1
    drawn = np.random.default_rng(seed).integers(0, len(order), size=(resamples, len(order)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(float(values.mean()), float(low), float(high))


def vars_of(it: Difference) -> list[float]:
    return [round(value, 4) for value in (it.value, it.low, it.high)]


if __name__ == "__main__":
    main()
