"""The starter shop's held-out file: ours next to a frozen encoder with logistic regression, on the same rows.

Both refuse what is out of scope by a threshold that keeps 95 % of in-scope rows: ours by the product's own, the other
by its confidence, out of fold on the training rows. `python -m bench.starter`
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.machine import table, write
from model.classifier import IntentClassifier
from model.encoder import base_encoder
from model.evaluate import auroc, evaluate
from model.finetune_intent import train_intent
from model.starter import held_out, utterances
from model.types import OOS, Example

HEAD = ["", "in-scope accuracy", "in-scope kept", "OOS recall", "OOS AUROC", "training s"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    seeds = range(7, 7 + parser.parse_args().seeds)
    train, test = utterances(), held_out()
    with tempfile.TemporaryDirectory() as work:
        rows = [ours(train, test, Path(work) / str(seed), seed) for seed in seeds]
        rows.append(frozen(train, test, Path(work)))
    print(table(HEAD, [[name, *(f"{value:.3f}" for value in values)] for name, *values in rows]))
    path = write(
        "starter", {"train": len(train), "test": len(test), "rows": [dict(zip(HEAD, r, strict=True)) for r in rows]}
    )
    print(f"in {path}")


def ours(train: Sequence[Example], test: Sequence[Example], folder: Path, seed: int) -> tuple[str, *tuple[float, ...]]:
    """The product, trained and measured as it serves."""
    start = time.perf_counter()
    train_intent(train, folder, seed=seed)
    seconds = time.perf_counter() - start
    it = evaluate(IntentClassifier.load(folder), test)
    return f"ours, seed {seed}", it.in_scope_accuracy, it.in_scope_kept, it.oos_recall or 0, it.oos_auroc or 0, seconds


def frozen(train: Sequence[Example], test: Sequence[Example], work: Path) -> tuple[str, *tuple[float, ...]]:
    """What everybody would try first."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    start = time.perf_counter()
    encoder = base_encoder(work)
    known = [row for row in train if row.label != OOS]
    vectors, labels = encoder.encode([row.text for row in known]), [row.label for row in known]
    head = LogisticRegression(C=10, max_iter=2000)
    doubt = 1 - cross_val_predict(head, vectors, labels, cv=5, method="predict_proba").max(1)
    head.fit(vectors, labels)
    seconds = time.perf_counter() - start
    chances = head.predict_proba(encoder.encode([row.text for row in test]))
    inside = np.array([row.label != OOS for row in test])
    right = head.classes_[chances.argmax(1)] == np.array([row.label for row in test])
    scores, threshold = 1 - chances.max(1), np.quantile(doubt, 0.95)
    return (
        "frozen encoder + logistic regression",
        float(right[inside].mean()),
        float((scores[inside] <= threshold).mean()),
        float((scores[~inside] > threshold).mean()),
        auroc(scores[inside], scores[~inside]),
        seconds,
    )


if __name__ == "__main__":
    main()
