"""SetFit on the same base: its defaults, but for a number of steps that ends within the budget.

By default it would see every pair of rows: 37,000 steps of 16 pairs for 770 rows. So a few steps are timed first, and
as many are taken as fit; the learning rate falls to zero over those.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.peers import Classify, Row, Said, said

TITLE = "SetFit"
NOTE = "its defaults (batches of 16 pairs, 2e-5, logistic regression), steps by the budget"
TRIAL = 20
"""Steps that are timed."""
HEAD_SHARE = 0.9
"""Of the budget for the steps; the rest is for the head and for steps that turn out slower."""


def train(rows: Sequence[Row], folder: Path, base: Path, minutes: float) -> str:
    from datasets import Dataset

    data = Dataset.from_dict({"text": [text for text, _ in rows], "label": [label for _, label in rows]})
    begun = time.perf_counter()
    _fit(data, base, 2)
    warm = time.perf_counter()
    _fit(data, base, TRIAL)
    # What loading and the head cost is in both.
    step = max(1e-3, ((time.perf_counter() - warm) - (warm - begun)) / (TRIAL - 2))
    left = HEAD_SHARE * 60 * minutes - (time.perf_counter() - begun)
    steps = max(1, int(left / step))
    _fit(data, base, steps).save_pretrained(str(folder))
    return f"{steps} steps of 16 pairs"


def _fit(data: Any, base: Path, steps: int) -> Any:
    import tempfile

    from setfit import SetFitModel, Trainer, TrainingArguments

    model = SetFitModel.from_pretrained(str(base), labels=sorted(set(data["label"])), device="cpu")
    with tempfile.TemporaryDirectory() as work:
        arguments = TrainingArguments(output_dir=work, max_steps=steps, save_strategy="no", report_to="none")
        Trainer(model=model, args=arguments, train_dataset=data).train()
    return model


def load(folder: Path) -> Classify:
    from setfit import SetFitModel

    model = SetFitModel.from_pretrained(str(folder), device="cpu")
    labels = [str(label) for label in model.model_head.classes_]

    def classify(texts: Sequence[str]) -> list[Said]:
        return said(labels, model.predict_proba(list(texts), as_numpy=True, show_progress_bar=False))

    return classify
