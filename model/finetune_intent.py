"""Fine-tunes the intent model: labelled rows in, a folder that serves out. Loads torch.

Two stages. First a part of the rows is held out; the model trained on the others is exported as it will serve (int8),
and temperature and out-of-scope threshold are fitted to it on the held-out rows. Then, where rows are few, one more
pass over all of them, so that none is wasted on calibration.
"""

import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from model import out_of_scope
from model.adapt import RATES, adapt, plain
from model.base import encoder_folder
from model.calibration import Floats, Ints, expected_calibration_error, fit_temperature, softmax
from model.checkpoint import Stages
from model.classifier import FORMAT, HEAD_FILE, INTENT_FILE
from model.dataset import normalise
from model.encoder import OnnxEncoder, Vectors, unit
from model.export import WINDOW, Pooler, export_encoder, load_pooler, load_tokenizer
from model.pace import quickest
from model.tune import SCALE, Head, Recipe, Row, vectors_of
from model.types import OOS, Adaptation, Example, UnderstudyError

Progress = Callable[[float, str], None]
MEAN_ROWS = 20
"""Rows of a class whose mean starts its head."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and on what, chosen by the size of the data and nothing else."""

    epochs: int
    finish: int
    """Passes over all rows after calibration, at a third of the learning rate."""
    held_share: float


@dataclass(frozen=True, slots=True)
class Data:
    """Clean rows: texts and class numbers, -1 for out of scope."""

    texts: list[str]
    labels: list[int]
    names: list[str]

    def pick(self, indices: Sequence[int]) -> "Data":
        return Data([self.texts[i] for i in indices], [self.labels[i] for i in indices], self.names)


def plan_for(rows: int) -> Plan:
    """One recipe, by the number of in-scope rows."""
    if rows < 400:
        return Plan(epochs=10, finish=1, held_share=0.2)
    if rows < 3000:
        return Plan(epochs=5, finish=1, held_share=0.1)
    return Plan(epochs=4, finish=0, held_share=0.1)


def train_intent(
    train: Sequence[Example],
    out: Path,
    *,
    base: str = "",
    seed: int = 7,
    progress: Progress | None = None,
    plan: Plan | None = None,
    how: Adaptation = "full",
    unfinished: Path | None = None,
) -> dict[str, object]:
    """Write a complete servable folder, but for its manifest, into `out`.

    Args:
        train: labelled rows; those labelled `oos` set thresholds and are never a class.
        progress: gets the share that is done, 0 to 1, and what is being done.
        plan: instead of the one that the size of the data chooses; for experiments.
        how: what of the encoder is trained.
        unfinished: a folder in which a training that was killed finds how far it came; without one, nothing is kept.

    Returns:
        Figures: rows, intents, seconds, held-out accuracy and the like.

    Raises:
        UnderstudyError: fewer than two intents, or an intent with fewer than two rows.
    """
    started = time.perf_counter()
    tell = progress or (lambda share, text: None)
    tell(0.0, "reading the base model")
    data = clean(train)
    stages = Stages(unfinished, how)
    plan = plan or plan_for(sum(label >= 0 for label in data.labels))
    figures = _Trainer(data, plan, base, seed, tell, how, stages).run(out)
    stages.close()
    tell(1.0, "done")
    return {**figures, "seconds": round(time.perf_counter() - started, 1)}


def clean(examples: Sequence[Example]) -> Data:
    """Drop rows that say the same as an earlier one; refuse what cannot be learnt from."""
    seen: set[tuple[str, str]] = set()
    kept: list[Example] = []
    for row in examples:
        key = (normalise(row.text), row.label)
        if row.text.strip() and key not in seen:
            seen.add(key)
            kept.append(row)
    counts: defaultdict[str, int] = defaultdict(int)
    for row in kept:
        counts[row.label] += 1
    names = sorted(name for name in counts if name != OOS)
    if len(names) < 2:
        raise UnderstudyError(f"expected at least 2 intents to train on, found {len(names)}: add labelled rows.")
    few = [name for name in names if counts[name] < 2]
    if few:
        raise UnderstudyError(
            f"expected at least 2 different rows for each intent, found 1 for {', '.join(few[:5])}"
            f"{' and others' if len(few) > 5 else ''}: add rows or take the intent out."
        )
    number = {name: i for i, name in enumerate(names)}
    return Data([row.text for row in kept], [number.get(row.label, -1) for row in kept], names)


def hold_out(data: Data, share: float, seed: int) -> tuple[list[int], list[int]]:
    """Indices to train on and to hold out: the share of each class (a third of the out-of-scope rows).

    A class of fewer than four rows gives none; where a class's share is below one row, chance decides.
    """
    chance = random.Random(seed)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for i, label in enumerate(data.labels):
        groups[label].append(i)
    held: set[int] = set()
    for label, mine in sorted(groups.items()):
        wanted = len(mine) / 3 if label < 0 else share * len(mine) * (len(mine) >= 4)
        count = int(wanted) + (chance.random() < wanted - int(wanted))
        held.update(chance.sample(mine, count))
    return [i for i in range(len(data.labels)) if i not in held], sorted(held)


class _Trainer:
    """One training run, start to folder."""

    def __init__(
        self, data: Data, plan: Plan, base: str, seed: int, tell: Progress, how: Adaptation, stages: Stages
    ) -> None:
        folder = encoder_folder(base)
        self.data, self.plan, self.seed, self.tell, self.stages = data, plan, seed, tell, stages
        self.tokenizer = load_tokenizer(folder)
        self.pooler: Pooler = load_pooler(folder)
        adapt(self.pooler, how, seed)
        self.rows = self._rows()
        pace = quickest(self.pooler)
        torch.set_num_threads(pace.threads)
        recipe = Recipe(epochs=plan.epochs, bf16=pace.bf16)
        self.recipe = replace(recipe, rate=recipe.rate * RATES[how])
        self.head = Head(torch.from_numpy(self._class_means()))

    def run(self, out: Path) -> dict[str, object]:
        out.mkdir(parents=True, exist_ok=True)
        kept, held = hold_out(self.data, self.plan.held_share, self.seed)
        work = len(kept) * self.plan.epochs
        all_work = work + len(self.rows) * self.plan.finish
        first = 0.05 + 0.85 * work / all_work
        self._fit("fit", kept, self.recipe, 0.05, first)
        self.tell(first, "calibrating")
        temperature, detector, figures = self._calibrate(kept, held, out)
        if self.plan.finish:
            gentle = replace(
                self.recipe, epochs=self.plan.finish, rate=self.recipe.rate / 3, head_rate=self.recipe.head_rate / 3
            )
            self._fit("finish", range(len(self.rows)), gentle, first, 0.92)
            self.tell(0.92, "exporting")
            bank, bank_oos = self._banks(range(len(self.rows)), self._export(out))
            detector = replace(detector, bank=bank, bank_oos=bank_oos if len(detector.bank_oos) else detector.bank_oos)
        self._write(out, temperature, detector)
        return {
            "rows": len(self.rows),
            "intents": len(self.data.names),
            "bf16": self.recipe.bf16,
            "threads": torch.get_num_threads(),
            "resumed_from": round(self.stages.resumed_from, 3),
            **figures,
        }

    def _rows(self) -> list[Row]:
        encodings = self.tokenizer.encode_batch(self.data.texts)
        pairs = zip(encodings, self.data.labels, strict=True)
        # The first window is enough to learn from; the closing special token is put back.
        return [Row(e.ids if len(e.ids) <= WINDOW else [*e.ids[: WINDOW - 1], e.ids[-1]], label) for e, label in pairs]

    def _class_means(self) -> Vectors:
        chosen: list[Row] = []
        for number in range(len(self.data.names)):
            chosen.extend([row for row in self.rows if row.label == number][:MEAN_ROWS])
        vectors = vectors_of(self.pooler, chosen)
        sums = np.zeros((len(self.data.names), vectors.shape[1]), np.float32)
        np.add.at(sums, [row.label for row in chosen], vectors)
        return unit(sums)

    def _fit(self, name: str, indices: Sequence[int], recipe: Recipe, start: float, end: float) -> None:
        rows = [self.rows[i] for i in indices]
        self.stages.fit(
            name,
            self.pooler,
            self.head,
            rows,
            recipe,
            self.seed,
            lambda share: self.tell(start + (end - start) * share, "fine-tuning"),
        )

    def _export(self, out: Path) -> OnnxEncoder:
        export_encoder(plain(self.pooler), self.tokenizer, out, "fine-tuned")
        return OnnxEncoder(out, torch.get_num_threads())

    def _matrix(self) -> Vectors:
        return unit(self.head.weight.detach().numpy().astype(np.float32))

    def _banks(self, indices: Sequence[int], encoder: OnnxEncoder) -> tuple[Vectors, Vectors]:
        """Vectors of training rows for the neighbours: so many of each class, and all that are out of scope."""
        taken: defaultdict[int, list[int]] = defaultdict(list)
        for i in indices:
            if self.data.labels[i] < 0 or len(taken[self.data.labels[i]]) < out_of_scope.BANK_ROWS_PER_INTENT:
                taken[self.data.labels[i]].append(i)
        outside = taken.pop(-1, [])
        inside = [i for label in sorted(taken) for i in taken[label]]
        texts = [self.data.texts[i] for i in (*inside, *outside)]
        vectors = encoder.encode(texts)
        return vectors[: len(inside)], vectors[len(inside) :]

    def _calibrate(
        self, kept: Sequence[int], held: Sequence[int], out: Path
    ) -> tuple[float, out_of_scope.Detector, dict[str, object]]:
        with tempfile.TemporaryDirectory(dir=out) as work:
            encoder = self._export(Path(work) if self.plan.finish else out)
            bank, bank_oos = self._banks(kept, encoder)
            # Without a single held-out row the training rows stand in: better a loose threshold than none.
            judged = self.data.pick(held if any(self.data.labels[i] >= 0 for i in held) else kept)
            vectors = encoder.encode(judged.texts)
        logits = SCALE * vectors @ self._matrix().T
        labels = np.asarray(judged.labels)
        inside = labels >= 0
        temperature = fit_temperature(logits[inside], labels[inside])
        detector = out_of_scope.fit(
            bank, bank_oos, (vectors[inside], logits[inside]), (vectors[~inside], logits[~inside])
        )
        return temperature, detector, _figures(logits / temperature, labels, detector.score(vectors, logits), detector)

    def _write(self, out: Path, temperature: float, detector: out_of_scope.Detector) -> None:
        arrays: dict[str, Any] = {"head": self._matrix(), **detector.arrays()}
        np.savez(out / HEAD_FILE, **arrays)
        meta = {"format": FORMAT, "labels": self.data.names, "scale": SCALE, "temperature": temperature}
        (out / INTENT_FILE).write_text(json.dumps(meta, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _figures(logits: Floats, labels: Ints, scores: Floats, detector: out_of_scope.Detector) -> dict[str, object]:
    """What the held-out rows say; rough, for they are few."""
    inside = labels >= 0
    chances = softmax(logits[inside])
    right = chances.argmax(1) == labels[inside]
    refused = scores > detector.threshold
    return {
        "held_out": len(labels),
        "held_out_accuracy": round(float(right.mean()), 4),
        "held_out_ece": round(expected_calibration_error(chances.max(1), right), 4),
        "held_out_kept": round(float((~refused[inside]).mean()), 4),
        "held_out_oos_recall": round(float(refused[~inside].mean()), 4) if (~inside).any() else None,
    }
