"""Corrections that stick at once: what 500 of them change, before any training.

A model that knows ten utterances an intent reads BANKING77's other training rows; 500 that it gets wrong are corrected.
Each must be right on the very next message, and so must its near copies; and nothing else may change: all rows of the
test file are read with and without the 500 in memory. `python -m bench.sticking [--model DIR]`
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.machine import table, write
from bot.settings import load
from bot.understanding import Understanding
from model.augment import with_typos
from model.classifier import IntentClassifier
from model.dataset import read_examples
from model.encoder import base_encoder
from model.finetune_intent import train_intent
from model.memory import OverrideMemory
from model.types import Example

CORRECTIONS = 500
FIRST = "BANKING77/fewshot_train_10.jsonl"
Copy = Callable[[str, random.Random], str]
COPIES: dict[str, Copy] = {
    "the same message": lambda text, chance: text,
    "capitals, no punctuation": lambda text, chance: "".join(c for c in text.upper() if c.isalnum() or c in " '"),
    "with a greeting and thanks": lambda text, chance: f"Hi, {text} Thanks!",
    "one word mistyped": lambda text, chance: mistyped(text, chance),
    "a polite word more": lambda text, chance: f"{text.rstrip('?.! ')} please?",
}
HEAD = ["near copies of what was corrected", "messages", "right before %", "right after %", "from memory %"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="a model's folder (default: train one)")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="where data/ lies")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    data = args.shared / "data"
    with tempfile.TemporaryDirectory() as work:
        folder = args.model or Path(work) / "m"
        if args.model is None:
            train_intent(read_examples(data / FIRST).examples, folder, seed=args.seed)
        classifier = IntentClassifier.load(folder, threads=2)
    wrong = mistaken(classifier, read_examples(data / "BANKING77/train.jsonl").examples, args.seed)
    memory = OverrideMemory(base_encoder(load().home / "cache", load().intent_base, 2))
    memory.rebuild((i, row.text, row.label) for i, row in enumerate(wrong))
    rows = [copies(name, copy, wrong, classifier, memory, args.seed) for name, copy in COPIES.items()]
    print(table(HEAD, rows))
    others = elsewhere(classifier, memory, read_examples(data / "BANKING77/test.jsonl").examples)
    for name, count in others.items():
        print(f"{name}: {count}")
    print(f"in {write('sticking', {'corrections': len(wrong), 'copies': rows, 'test': others})}")


def mistaken(classifier: IntentClassifier, rows: Sequence[Example], seed: int) -> list[Example]:
    """Rows that the model gets wrong or refuses, at most `CORRECTIONS`, drawn by chance."""
    said = classifier.predict([row.text for row in rows])
    wrong = [row for row, p in zip(rows, said, strict=True) if p.label != row.label]
    return random.Random(seed).sample(wrong, min(CORRECTIONS, len(wrong)))


def copies(
    name: str, copy: Copy, wrong: Sequence[Example], classifier: IntentClassifier, memory: OverrideMemory, seed: int
) -> list[object]:
    chance = random.Random(seed)
    texts = [copy(row.text, chance) for row in wrong]
    before = [p.label for p in classifier.predict(texts)]
    desk = Understanding(lambda: classifier, memory)
    after = [desk.predict(text) for text in texts]
    labels = [row.label for row in wrong]
    return [
        name,
        len(texts),
        percent([a == b for a, b in zip(before, labels, strict=True)]),
        percent([p.label == b for p, b in zip(after, labels, strict=True)]),
        percent([p.source == "memory" for p in after]),
    ]


def elsewhere(classifier: IntentClassifier, memory: OverrideMemory, test: Sequence[Example]) -> dict[str, object]:
    """What the memory changes on rows that nobody corrected."""
    with_memory, without = (Understanding(lambda: classifier, each) for each in (memory, memory.alike()))
    turned = {"wrong to right": 0, "right to wrong": 0, "wrong to another wrong": 0}
    examples: list[list[str]] = []
    for row in test:
        old, new = without.predict(row.text).label, with_memory.predict(row.text).label
        if old != new:
            kind = "right to wrong" if old == row.label else "wrong to right" if new == row.label else None
            turned[kind or "wrong to another wrong"] += 1
            examples.append([row.text, row.label, old, new])
    return {"test rows": len(test), "changed": len(examples), **turned, "which": examples[:20]}


def mistyped(text: str, chance: random.Random) -> str:
    """The text with a slip in one of its words."""
    words = text.split()
    long = [i for i, word in enumerate(words) if len(word) > 3]
    if long:
        at = chance.choice(long)
        words[at] = with_typos(words[at], chance, 1.0)
    return " ".join(words)


def percent(hits: Sequence[bool]) -> float:
    return round(100 * sum(hits) / max(1, len(hits)), 1)


if __name__ == "__main__":
    main()
