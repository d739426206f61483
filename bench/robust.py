"""Untidy messages: what typos, shouting, slang, insults, emoji and pasted e-mails and logs cost the intent model.

Three parts: `bitext` (BITEXT_INTENT's test rows by their own tags), `banking` (BANKING77's test rows, made untidy) and
`starter` (the starter shop's held-out rows, made untidy, and pasted into 10,000 characters). Each trains the product's
own recipe, or takes a folder: `python -m bench.robust starter --model DIR`. While choosing, `--train F --test F` takes
other rows, such as BANKING77's fewshot_dev.jsonl, which must then be taken out of the training rows.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.language import read
from bench.machine import table, write
from bench.noise import NOISES, PASTES, Noise
from bot.settings import load
from model.classifier import IntentClassifier
from model.dataset import read_examples
from model.starter import held_out, utterances
from model.types import OOS, Example, Prediction

SEED = 7
PASTED_ROWS = 100
GOAL = 3.0
"""Points of accuracy that typos may cost."""
TAGS = {
    "B": "basic", "L": "other words", "Q": "colloquial", "I": "a question", "Z": "typos", "M": "other word forms",
    "K": "keywords only", "C": "complex sentence", "W": "offensive", "E": "expanded, no contractions", "P": "polite",
    "N": "negated",
}  # fmt: skip
HEAD = ["", "rows", "right intent", "fall, points", "wrongly refused", "ms a message, p95"]


@dataclass(frozen=True, slots=True)
class Line:
    """One slice or one kind of noise; shares from 0 to 1."""

    name: str
    rows: int
    right: float
    """Right intent, whether or not it was refused as out of scope."""
    refused: float
    p95: float
    """Milliseconds of one message at a time; 0 where it was not taken."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="bitext, banking, starter (default: all)")
    parser.add_argument("--model", type=Path, help="a model's folder, for one part")
    parser.add_argument("--train", type=Path, help="other training rows, for one part")
    parser.add_argument("--test", type=Path, help="other test rows, for one part")
    args = parser.parse_args()
    chosen = args.parts or list(PARTS)
    if set(chosen) - set(PARTS) or (len(chosen) > 1 and (args.model or args.train or args.test)):
        parser.error(f"expected of {', '.join(PARTS)}, and with --model, --train or --test one of them, found {chosen}")
    for name in chosen:
        train, test = PARTS[name](load().shared_dir / "data")
        train = read_examples(args.train).examples if args.train else train
        test = read_examples(args.test).examples if args.test else test
        with model(args.model, train) as classifier:
            report(name, classifier, [row for row in test if row.label != OOS])


def bitext(data: Path) -> tuple[list[Example], list[Example]]:
    return rows(data / "BITEXT_INTENT/train.jsonl"), rows(data / "BITEXT_INTENT/test.jsonl")


def banking(data: Path) -> tuple[list[Example], list[Example]]:
    return rows(data / "BANKING77/train.jsonl"), rows(data / "BANKING77/test.jsonl")


def starter(data: Path) -> tuple[list[Example], list[Example]]:
    return utterances(), held_out()


PARTS = {"bitext": bitext, "banking": banking, "starter": starter}


def rows(path: Path) -> list[Example]:
    return read_examples(path).examples


@contextmanager
def model(folder: Path | None, train: Sequence[Example]) -> Iterator[IntentClassifier]:
    """The model in the folder, or one that is trained now."""
    if folder is not None:
        yield IntentClassifier.load(folder)
        return
    from model.finetune_intent import train_intent

    with tempfile.TemporaryDirectory() as work:
        train_intent(train, Path(work) / "model", seed=SEED)
        yield IntentClassifier.load(Path(work) / "model")


def report(name: str, classifier: IntentClassifier, test: Sequence[Example]) -> None:
    if name == "bitext":
        tagged = {row["text"]: row["tags"] for row in read(load().shared_dir / "data/BITEXT_INTENT/test.jsonl")}
        lines = by_tag(classifier, test, tagged)
    else:
        lines = noisy(classifier, test, NOISES)
    show(name, lines)
    if name == "starter":
        few = random.Random(SEED).sample(list(test), min(PASTED_ROWS, len(test)))
        show("pasted", noisy(classifier, few, PASTES, timed=True))


def by_tag(classifier: IntentClassifier, test: Sequence[Example], tags: Mapping[str, str]) -> list[Line]:
    found = classifier.predict([row.text for row in test])
    lines = [line("all", test, found)]
    for tag, meaning in TAGS.items():
        chosen = [i for i, row in enumerate(test) if tag in tags.get(row.text, "")]
        if chosen:
            lines.append(line(f"{tag}: {meaning}", [test[i] for i in chosen], [found[i] for i in chosen]))
    return lines


def noisy(
    classifier: IntentClassifier, test: Sequence[Example], noises: Mapping[str, Noise], timed: bool = False
) -> list[Line]:
    lines = []
    for name, noise in noises.items():
        chance = random.Random(SEED)
        texts = [noise(row.text, chance) for row in test]
        times: list[float] = []
        found = one_by_one(classifier, texts, times) if timed else classifier.predict(texts)
        lines.append(line(name, test, found, times))
    return lines


def one_by_one(classifier: IntentClassifier, texts: Sequence[str], times: list[float]) -> list[Prediction]:
    found = []
    for text in texts:
        start = time.perf_counter()
        found += classifier.predict([text])
        times.append((time.perf_counter() - start) * 1000)
    return found


def line(name: str, test: Sequence[Example], found: Sequence[Prediction], times: Sequence[float] = ()) -> Line:
    right = sum(one.intent == row.label for row, one in zip(test, found, strict=True))
    refused = sum(one.out_of_scope for one in found)
    p95 = sorted(times)[int(0.95 * len(times))] if times else 0.0
    return Line(name, len(test), right / len(test), refused / len(test), p95)


def show(name: str, lines: Sequence[Line]) -> None:
    """Print the table, what is over the goal, and keep it as JSON."""
    first = lines[0].right
    drawn: list[list[object]] = [
        [one.name, one.rows, f"{one.right:.1%}", f"{100 * (first - one.right):+.1f}", f"{one.refused:.1%}",
         f"{one.p95:.0f}" if one.p95 else ""]
        for one in lines
    ]  # fmt: skip
    print(f"\n{name}\n{table(HEAD, drawn)}")
    for one in lines[1:]:
        if 100 * (first - one.right) > GOAL:
            print(f"weakness: {one.name} costs {100 * (first - one.right):.1f} points (goal: {GOAL:.0f} at most)")
    kept = [dict(zip(("name", "rows", "right", "refused", "p95"), _cells(one), strict=True)) for one in lines]
    print(f"in {write(f'robust-{name}', {'lines': kept})}")


def _cells(one: Line) -> tuple[object, ...]:
    return one.name, one.rows, one.right, one.refused, one.p95


if __name__ == "__main__":
    main()
