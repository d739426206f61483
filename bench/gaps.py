"""knowledge gaps: CLINC150 with ten intents taken out, which the desk's traffic brings back

    python -m bench.gaps [--split dev|test] [--seeds 1 2 3] [--near 0.3 0.35]

The product's own recipe is trained on fewshot_train_10 of the other 140 intents; the split's rows come as messages.
Those that the desk would leave unanswered (out of scope, or unsure by the version's `answer_from` and the margin of
bot/routing.py) are grouped by model/gaps.py, and so is what customers dislike: one in ten of those who were answered
wrongly says so, drawn by the seed. How many of the ten intents are found is counted: each that is the majority of one
of the first 15 gaps.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.intent_sets import inside, parse
from bench.machine import table, write
from bot.routing import Route, Thresholds, route
from model.gaps import NEAR, Gap, find_gaps
from model.likeness import key_of
from model.types import Example, Prediction, UnderstudyError

if TYPE_CHECKING:
    from model.classifier import IntentClassifier

HIDDEN = 10
FIRST = 15
DISLIKE = 0.1
"""Share of wrongly answered customers who press 👎."""
CACHE = Path("bench/out/gaps")


@dataclass(frozen=True, slots=True)
class Found:
    """One seed's figures."""

    seed: int
    near: float
    messages: int
    unanswered: int
    """With what was disliked."""
    hidden_share: float
    """Of the hidden intents' rows, how many are among them."""
    ari: float
    """Over the hidden intents' rows among them; a row in no gap is a group of its own."""
    found: int
    """Hidden intents that are the majority of one of the first gaps."""
    first: tuple[str, ...]
    """The first gaps: rows, majority and its share, name."""


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.gaps", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--near", type=float, nargs="+", default=[NEAR], help="several for a sweep, on dev")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where trained versions are kept, by seed")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    args = parser.parse_args(words)
    try:
        results = [each for seed in args.seeds for each in measured(args, seed)]
    except UnderstudyError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n" + report(results) + "\n")
    facts = {"split": args.split, "seeds": args.seeds, "results": [asdict(each) for each in results]}
    print(f"written to {write(f'gaps-{args.split}', facts)}")
    return 0


def measured(args: argparse.Namespace, seed: int) -> list[Found]:
    """One seed's gaps, for each nearness that was asked for."""
    data = args.shared / "data/CLINC150"
    few, traffic = inside(parse(data / "fewshot_train_10.jsonl")), parse(data / f"{args.split}.jsonl")
    hidden = chosen(few, seed)
    classifier = trained([row for row in few if row.label not in hidden], args.cache / f"seed{seed}")
    kept = unanswered(traffic, classifier.predict([row.text for row in traffic]), seed)
    texts = [key_of(row.text) for row in kept]
    vectors = classifier.embed(texts)
    found = []
    for near in args.near:
        gaps = find_gaps(texts, vectors, near=near)
        found.append(figures(seed, near, traffic, kept, gaps, hidden))
        print(f"\nseed {seed}, near {near}:", *found[-1].first, sep="\n  ", flush=True)
    return found


def chosen(rows: Sequence[Example], seed: int) -> set[str]:
    """The intents that are taken out."""
    return set(random.Random(seed).sample(sorted({row.label for row in rows}), HIDDEN))


def trained(rows: Sequence[Example], folder: Path) -> "IntentClassifier":
    """The product's model of these rows; trained once for a seed."""
    from model.base import encoder_folder
    from model.classifier import IntentClassifier
    from model.finetune_intent import train_intent

    if not (folder / "done").exists():
        train_intent(list(rows), folder, base=str(encoder_folder()))
        (folder / "done").touch()
    return IntentClassifier.load(folder)


def unanswered(
    traffic: Sequence[Example], said: Sequence[Prediction], seed: int, thresholds: Thresholds | None = None
) -> list[Example]:
    """The rows that the desk leaves unanswered, and of those it answers wrongly the share that is disliked."""
    chance = random.Random(f"dislikes {seed}")
    limits = thresholds or Thresholds()
    kept = []
    for row, prediction in zip(traffic, said, strict=True):
        disliked = chance.random() < DISLIKE and prediction.intent != row.label
        if route(prediction, None, 0, limits) is not Route.ANSWER or disliked:
            kept.append(row)
    return kept


def figures(
    seed: int, near: float, traffic: Sequence[Example], kept: Sequence[Example], gaps: Sequence[Gap], hidden: set[str]
) -> Found:
    group = {i: number for number, gap in enumerate(gaps) for i in gap.members}
    mine = [i for i, row in enumerate(kept) if row.label in hidden]
    ari = adjusted_rand([kept[i].label for i in mine], [str(group.get(i, f"alone {i}")) for i in mine])
    majorities = [Counter(kept[i].label for i in gap.members).most_common(1)[0] for gap in gaps[:FIRST]]
    first = tuple(
        f"{len(gap.members)} rows, {count / len(gap.members):.0%} {'hidden ' * (name in hidden)}{name}: "
        f"{' · '.join(gap.terms)}"
        for gap, (name, count) in zip(gaps, majorities, strict=False)
    )
    found = {name for gap, (name, count) in zip(gaps, majorities, strict=False) if 2 * count > len(gap.members)}
    all_hidden = sum(row.label in hidden for row in traffic)
    share = round(len(mine) / max(1, all_hidden), 4)
    return Found(seed, near, len(traffic), len(kept), share, round(ari, 4), len(found & hidden), first)


def adjusted_rand(one: Sequence[str], other: Sequence[str]) -> float:
    """Hubert and Arabie 1985: 1 for the same groups, about 0 for chance; 1 for nothing to group."""
    pairs = sum(_pairs(count) for count in Counter(zip(one, other, strict=True)).values())
    a, b = (sum(_pairs(count) for count in Counter(labels).values()) for labels in (one, other))
    expected = a * b / max(1, _pairs(len(one)))
    most = (a + b) / 2
    return 1.0 if most == expected else (pairs - expected) / (most - expected)


def _pairs(count: int) -> float:
    return count * (count - 1) / 2


def report(results: Sequence[Found]) -> str:
    head = ["seed", "near", "unanswered", "hidden rows among them", "ARI", f"found of {HIDDEN} in the first {FIRST}"]
    rows: list[list[Any]] = [
        [r.seed, r.near, f"{r.unanswered} of {r.messages}", f"{r.hidden_share:.0%}", f"{r.ari:.2f}", r.found]
        for r in results
    ]
    return table(head, rows)


if __name__ == "__main__":
    raise SystemExit(main())
