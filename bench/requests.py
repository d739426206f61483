"""several requests in one message, one request in a long story, words in context: hand-written rows of the starter shop

    python -m bench.requests [--model DIR] [--split test] [--shared ../shared [--banking DIR] [--clinc DIR]]

Trains the starter model once (about a minute), or takes `--model`. Everything goes through the desk's own
`Understanding`. With `--shared`, false splits are counted on the dev rows of BANKING77 and CLINC150 too, by models of
ten rows an intent, trained here or given. Rules and thresholds were chosen on `--split dev` and on those dev rows.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.machine import table, write
from bot.understanding import Understanding
from model.classifier import IntentClassifier
from model.memory import OverrideMemory
from model.starter import held_out, intents, utterances
from model.types import OOS, Example, Prediction

DATA = Path(__file__).parent / "written"
SEED = 7


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    args = _arguments(argv)
    with trained(args.model, utterances) as classifier:
        # The held-out file is a test file: it is not looked at while rules are chosen.
        plain = held_out() if args.split == "test" else utterances()
        understanding = over(classifier, {intent.name for intent in intents() if intent.small_talk})
        result: dict[str, Any] = {
            "split": args.split,
            "requests": requests(understanding, rows("requests", args.split)),
            "stories": stories(understanding, rows("stories", args.split)),
            "false_splits": {f"starter, {args.split}": false_splits(understanding, plain)},
            "context": conversations(understanding, classifier, rows("conversations", args.split)),
            "disturbed": disturbed(understanding, plain),
            "ms": latency(understanding, classifier, [row.text for row in plain]),
        }
    for name, folder, file in (("BANKING77", args.banking, "fewshot_dev"), ("CLINC150", args.clinc, "dev")):
        if args.shared:
            data = Path(args.shared) / "data" / name
            with trained(folder, partial(examples, data / "fewshot_train_10.jsonl")) as other:
                found = [row for row in examples(data / f"{file}.jsonl") if row.label != OOS]
                result["false_splits"][f"{name} dev"] = false_splits(over(other, set()), found)
    show(result)
    print(f"in {write('requests', result)}")
    return result


def over(classifier: IntentClassifier, aside: set[str]) -> Understanding:
    """The desk's understanding without any correction."""
    return Understanding(lambda: classifier, OverrideMemory(classifier), lambda: aside)  # type: ignore[arg-type]


def requests(understanding: Understanding, data: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Messages of two or three requests: all found and nothing else, the main one right, none split, wrong ones."""
    found = [understanding.predict(row["text"]) for row in data]
    said = [{each.intent for each in one.requests} or {one.label} for one in found]
    asked = [set(row["labels"]) for row in data]
    pairs = list(zip(said, asked, strict=True))
    total = sum(map(len, said))
    return {
        "n": len(data),
        "exactly_these": mean(a == b for a, b in pairs),
        "all_found": mean(b <= a for a, b in pairs),
        "one_of_them_only": mean(len(a) == 1 and a < b for a, b in pairs),
        "requests_found": sum(len(a & b) for a, b in pairs) / sum(map(len, asked)),
        "requests_right": sum(len(a & b) for a, b in pairs) / total,
        "found_by_the_whole_alone": mean({one.label} == b for one, b in zip(found, asked, strict=True)),
    }


def stories(understanding: Understanding, data: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Long texts of one request: it and no other, by where it stands."""
    found = [understanding.predict(row["text"]) for row in data]
    right = [one.label == row["label"] and not one.requests for one, row in zip(found, data, strict=True)]
    places = {
        place: mean(ok for ok, row in zip(right, data, strict=True) if row["where"] == place)
        for place in ("begin", "middle", "end")
    }
    sizes = [len(row["text"]) for row in data]
    return {"n": len(data), "characters": [min(sizes), max(sizes)], "right": mean(right), **places}


def false_splits(understanding: Understanding, data: Sequence[Example]) -> dict[str, Any]:
    """Rows of one label that are taken for several requests, and how the answers of those few look."""
    found = [understanding.predict(row.text) for row in data]
    split = [(row, one) for row, one in zip(data, found, strict=True) if one.requests]
    return {
        "n": len(data),
        "split": len(split),
        "share": len(split) / len(data),
        "with_the_right_one_among_them": sum(row.label in {r.intent for r in one.requests} for row, one in split),
    }


def conversations(
    understanding: Understanding, classifier: IntentClassifier, data: Sequence[dict[str, Any]]
) -> dict[str, dict[str, float]]:
    """The last turn of each: by the desk, alone, and simply joined to what went before."""
    made: dict[str, dict[str, float]] = {}
    for kind in ("elliptical", "alone"):
        chosen = [row["turns"] for row in data if row["kind"] == kind]
        words = [[turn["text"] for turn in turns] for turns in chosen]
        labels = [turns[-1]["label"] for turns in chosen]
        here = [understanding.predict(each[-1], partial(list, each[:-1])) for each in words]
        made[kind] = {
            "n": len(chosen),
            "in_context": hits(here, labels),
            "without_history": hits([understanding.predict(each[-1]) for each in words], labels),
            "always_joined": hits([classifier.predict([" ".join(each)])[0] for each in words], labels),
        }
    return made


def disturbed(understanding: Understanding, data: Sequence[Example]) -> dict[str, Any]:
    """Each held-out message after another, random one: how many predictions change, and from right to wrong."""
    rng = np.random.default_rng(SEED)
    before = [row.text for row in data if row.label != OOS]
    after = [understanding.predict(row.text, lambda: [before[int(rng.integers(len(before)))]]) for row in data]
    alone = [understanding.predict(row.text) for row in data]
    changed = [(row, a, b) for row, a, b in zip(data, alone, after, strict=True) if a != b]
    lost = sum(a.label == row.label != b.label for row, a, b in changed)
    return {"n": len(data), "changed": len(changed), "right_to_wrong": lost}


def latency(understanding: Understanding, classifier: IntentClassifier, texts: Sequence[str]) -> dict[str, float]:
    """Median milliseconds of messages of one clause and of several, with this and with the model alone."""
    counted: dict[str, list[tuple[float, float]]] = {"one_clause": [], "several_clauses": []}
    for text in texts:
        runs = Counting(classifier)
        over(runs, set()).predict(text)  # type: ignore[arg-type]
        plain, ours = (
            timed(partial(classifier.predict, [text])),
            timed(partial(understanding.predict, text)),
        )
        counted["one_clause" if runs.rows == 1 else "several_clauses"].append((plain, ours))
    medians = {name: np.median(np.array(pairs), axis=0) for name, pairs in counted.items()}
    return {
        f"{name}_{what}": round(float(value), 2)
        for name, pair in medians.items()
        for what, value in zip(("model_alone", "understanding"), pair, strict=True)
    } | {"share_of_one_clause": round(len(counted["one_clause"]) / len(texts), 3)}


class Counting:
    """A classifier that counts the rows it is asked."""

    def __init__(self, classifier: IntentClassifier) -> None:
        self._classifier, self.rows = classifier, 0

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.rows += len(texts)
        return self._classifier.predict(texts)

    def encode(self, texts: Sequence[str]) -> Any:
        return self._classifier.embed(texts)


def show(result: dict[str, Any]) -> None:
    for name in ("requests", "stories", "disturbed", "ms"):
        print(f"\n{name} ({result['split']})" if name in ("requests", "stories") else f"\n{name}")
        print(table(list(result[name]), [[shown(value) for value in result[name].values()]]))
    for name in ("false_splits", "context"):
        head = ["", *next(iter(result[name].values()))]
        print(f"\n{name}\n" + table(head, [[key, *map(shown, row.values())] for key, row in result[name].items()]))


def shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def mean(values: Any) -> float:
    kept = list(values)
    return sum(map(bool, kept)) / len(kept) if kept else 0.0


def hits(found: Sequence[Prediction], labels: Sequence[str]) -> float:
    return mean(one.label == label for one, label in zip(found, labels, strict=True))


def timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def rows(name: str, split: str) -> list[dict[str, Any]]:
    """Hand-written rows of one half."""
    read = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [row for row in read if row["split"] == split]


def examples(path: Path) -> list[Example]:
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Example(row["text"], row["label"]) for row in found]


@contextmanager
def trained(folder: Path | None, data: Callable[[], Sequence[Example]]) -> Iterator[IntentClassifier]:
    """The model of a folder, or one trained on the rows now."""
    if folder is not None:
        yield IntentClassifier.load(folder)
        return
    from model.finetune_intent import train_intent

    with tempfile.TemporaryDirectory() as made:
        train_intent(data(), Path(made), seed=SEED)
        yield IntentClassifier.load(Path(made))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--banking", type=Path)
    parser.add_argument("--clinc", type=Path)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
