"""The product: its own training and the folder that it serves from."""

from collections.abc import Sequence
from pathlib import Path

from bench.peers import Classify, Row, Said

TITLE = "ours"
NOTE = "model.finetune_intent.train_intent, then model.classifier.IntentClassifier, int8"


def train(rows: Sequence[Row], folder: Path, base: Path, minutes: float) -> str:
    from model.finetune_intent import train_intent
    from model.types import Example

    train_intent([Example(text, label) for text, label in rows], folder, base=str(base))
    return ""


def load(folder: Path) -> Classify:
    from model.classifier import IntentClassifier

    classifier = IntentClassifier.load(folder)

    def classify(texts: Sequence[str]) -> list[Said]:
        return [Said(each.intent, each.confidence, each.oos_score) for each in classifier.predict(texts)]

    return classify
