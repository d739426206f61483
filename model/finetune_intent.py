"""Fine-tunes the intent model: labelled rows in, a folder that serves out. Loads torch.

First a part of the rows is held out; the model trained on the others is exported as it will serve (int8), and
temperature and out-of-scope threshold are fitted to it on the held-out rows. Where rows are few, the model that serves
is then trained once more in the same way on all of them, so that none is wasted on calibration.

Messages without labels, where there are some, are learnt with what the model that the labelled rows made says of them
(model.self_training).
"""

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from model import out_of_scope, self_training
from model.adapt import RATES, adapt, plain
from model.anchor import Anchor
from model.base import encoder_folder
from model.calibration import WRONG, fit_temperature
from model.checkpoint import Stages
from model.classifier import FORMAT, HEAD_FILE, INTENT_FILE
from model.dropout import make_cheap
from model.encoder import OnnxEncoder, Vectors, unit
from model.export import WORDS, Pooler, export_encoder, load_pooler, load_tokenizer
from model.intent_data import Data, clean, hold_out, named
from model.pace import quickest
from model.passes import Passes
from model.plan import Plan, plan_for
from model.rows import arrays as row_arrays
from model.spelling import arrays as word_arrays
from model.tune import SCALE, Head, Recipe, Row, vectors_of
from model.types import Adaptation, Example

Progress = Callable[[float, str], None]
MEAN_ROWS = 20
"""Rows of a class whose mean starts its head."""
USUAL_TEMPERATURE = 0.7
"""Where temperatures of this recipe lie; few held-out rows move little away from it (model.calibration)."""
TAUGHT_TEMPERATURE = 1.1
"""The same of a student of unlabelled messages, who is surer than it should be."""
STUDENT_EPOCHS = 2
STUDENT_COPIES = 1
"""Copies of each labelled row that a student sees beside the row itself and the unlabelled messages."""


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
    unlabelled: Sequence[str] = (),
    about: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """Write a complete servable folder, but for its manifest, into `out`.

    Args:
        train: labelled rows; those labelled `oos` set thresholds and are never a class.
        progress: gets the share that is done, 0 to 1, and what is being done.
        plan: instead of the one that the size of the data chooses; for experiments.
        how: what of the encoder is trained.
        unfinished: a folder in which a training that was killed finds how far it came; without one, nothing is kept.
        unlabelled: messages that nobody has labelled, oldest first; most should be in scope.
        about: what an intent's title says, where the desk knows one; else its name has to do.

    Returns:
        Figures: rows, intents, seconds, held-out accuracy and the like.

    Raises:
        UnderstudyError: fewer than two intents, or an intent with fewer than two rows.
    """
    started = time.perf_counter()
    tell = progress or (lambda share, text: None)
    tell(0.0, "reading the base model")
    data = clean(train)
    plan = plan or plan_for(data.inside)
    stages = Stages(unfinished, f"{how} {plan}")
    trainer = _Trainer(data, plan, base, seed, tell, how, stages)
    trainer.learn_from(*named(data, about), self_training.fresh(unlabelled, data.texts))
    figures = trainer.run(out)
    stages.close()
    tell(1.0, "done")
    return {**figures, "seconds": round(time.perf_counter() - started, 1)}


class _Trainer:
    """One training run, start to folder."""

    def __init__(
        self, data: Data, plan: Plan, base: str, seed: int, tell: Progress, how: Adaptation, stages: Stages
    ) -> None:
        folder = encoder_folder(base)
        self.data, self.plan, self.seed, self.tell, self.stages = data, plan, seed, tell, stages
        self.tokenizer = load_tokenizer(folder)
        self.pooler: Pooler = load_pooler(folder, WORDS)
        make_cheap(self.pooler)
        adapt(self.pooler, how, seed)
        self.anchor = Anchor(self.pooler)
        self.passes = Passes(data, self.tokenizer, seed)
        self.rows = self.passes.rows
        pace = quickest(self.pooler)
        torch.set_num_threads(pace.threads)
        recipe = Recipe(epochs=plan.epochs, bf16=pace.bf16, contrast=plan.contrast)
        self.recipe = replace(recipe, rate=recipe.rate * RATES[how])
        self.student = replace(self.recipe, epochs=STUDENT_EPOCHS, contrast=0.0)
        self.in_banks: list[int] = []
        self.done = 0

    def learn_from(self, names: Sequence[str], labels: Sequence[int], unlabelled: Sequence[str]) -> None:
        """What the intents' names say, and messages without labels."""
        self.passes.named = self.passes.coded(names, labels)
        self.unlabelled = self.passes.coded(unlabelled, [0] * len(unlabelled))
        self.taught = self_training.sample(len(unlabelled), self.seed)

    def run(self, out: Path) -> dict[str, object]:
        out.mkdir(parents=True, exist_ok=True)
        kept, held = hold_out(self.data, self.plan.held_share, self.seed)
        everything = range(len(self.rows))
        rehearsed, served = self.plan.rehearsal or self.plan.epochs, self.plan.epochs if self.plan.rehearsal else 0
        self.total = self._work(len(kept), rehearsed) + self._work(len(everything), served) * (served > 0)
        self._learn("first", kept, rehearsed)
        self.tell(self._share(), "calibrating")
        temperature, detector, figures = self._calibrate(kept, held, out)
        if self.plan.rehearsal:
            before = self._signs_of(kept, detector)
            self._learn("again", everything, served)
            self.tell(self._share(), "exporting")
            bank, bank_oos = self._banks(everything, self._export(out))
            detector = replace(detector, bank=bank, bank_oos=bank_oos if len(detector.bank_oos) else detector.bank_oos)
            # A model that trained longer takes all for more familiar: what it makes of the same rows says by how much.
            detector = replace(detector, mean=detector.mean + self._signs_of(kept, detector) - before)
        self._write(out, temperature, detector, figures)
        return {
            "rows": len(self.rows),
            "intents": len(self.data.names),
            "unlabelled": len(self.taught),
            "bf16": self.recipe.bf16,
            "threads": torch.get_num_threads(),
            "resumed_from": round(self.stages.resumed_from, 3),
            **figures,
        }

    def _class_means(self, rows: Sequence[Row]) -> Vectors:
        """Of the encoder as it is now, [c, dim]."""
        chosen: list[Row] = []
        for number in range(len(self.data.names)):
            chosen.extend([row for row in (*self.passes.named, *rows) if row.label == number][:MEAN_ROWS])
        sums = np.zeros((len(self.data.names), self.pooler.dim), np.float32)
        np.add.at(sums, [row.label for row in chosen], vectors_of(self.pooler, chosen))
        return unit(sums)

    def _learn(self, name: str, indices: Sequence[int], epochs: int) -> None:
        """Fit encoder and head, from the base on; with unlabelled messages a teacher first, then its student."""
        rows = [self.rows[i] for i in indices]
        self.anchor.draw(0.0)
        self.head = Head(torch.from_numpy(self._class_means(rows)))
        self._fit(name, self.passes.over(indices, self.plan.copies), replace(self.recipe, epochs=epochs))
        self._ask_means(rows)
        if len(self.taught):
            lessons = self._lessons()
            self.anchor.draw(0.0)
            # A head that learned from thousands of messages knows more than the means of a handful of rows.
            self._fit(f"{name}-student", [*self.passes.over(indices, STUDENT_COPIES), *lessons], self.student)

    def _ask_means(self, rows: Sequence[Row]) -> None:
        if self.plan.contrast:
            both = self._matrix() + self._class_means(rows)
            self.head = Head(torch.from_numpy(both))

    def _lessons(self) -> list[Row]:
        """The unlabelled messages with what the model as it is now makes of them."""
        self.tell(self._share(), "reading unlabelled messages")
        vectors = vectors_of(self.pooler, self.unlabelled, self.recipe.bf16)
        chances = self_training.sharpened(self_training.propagate(vectors, self._matrix()))
        return [replace(self.unlabelled[i], soft=chances[i]) for i in self.taught]

    def _fit(self, name: str, rows: Sequence[Row], recipe: Recipe) -> None:
        before, work = self.done, recipe.epochs * len(rows)

        def on_step(share: float) -> None:
            self.done = before + round(share * work)
            self.tell(self._share(), "fine-tuning")

        self.stages.fit(name, self.pooler, self.head, rows, recipe, self.seed, on_step)
        self.anchor.draw(self.plan.kept)

    def _work(self, rows: int, epochs: int) -> int:
        """Rows times passes of one `_learn`."""
        taught = len(self.taught)
        student = STUDENT_EPOCHS * (self.passes.length(rows, STUDENT_COPIES) + taught) if taught else 0
        return epochs * self.passes.length(rows, self.plan.copies) + student

    def _share(self) -> float:
        return 0.05 + 0.87 * self.done / max(1, self.total)

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
        self.in_banks = [*inside, *outside]
        vectors = encoder.encode([self.data.texts[i] for i in self.in_banks])
        return vectors[: len(inside)], vectors[len(inside) :]

    def _signs_of(self, indices: Sequence[int], detector: out_of_scope.Detector) -> npt.NDArray[np.float64]:
        """Mean signs of those of these rows that are in the bank, by the model as it is now."""
        wanted = set(indices)
        vectors = detector.bank[[n for n, i in enumerate(self.in_banks[: len(detector.bank)]) if i in wanted]]
        return np.asarray(detector.signs(vectors, SCALE * vectors @ self._matrix().T).mean(0))

    def _calibrate(
        self, kept: Sequence[int], held: Sequence[int], out: Path
    ) -> tuple[float, out_of_scope.Detector, dict[str, object]]:
        with tempfile.TemporaryDirectory(dir=out) as work:
            encoder = self._export(Path(work) if self.plan.rehearsal else out)
            bank, bank_oos = self._banks(kept, encoder)
            # Without a single held-out row the training rows stand in: better a loose threshold than none.
            judged = self.data.pick(held if any(self.data.labels[i] >= 0 for i in held) else kept)
            vectors = encoder.encode(judged.texts)
        logits = SCALE * vectors @ self._matrix().T
        labels = np.asarray(judged.labels)
        inside = labels >= 0
        usual = TAUGHT_TEMPERATURE if len(self.taught) else USUAL_TEMPERATURE
        temperature = fit_temperature(logits[inside], labels[inside], usual)
        detector = out_of_scope.fit(
            bank, bank_oos, (vectors[inside], logits[inside]), (vectors[~inside], logits[~inside])
        )
        return (
            temperature,
            detector,
            out_of_scope.held_figures(logits / temperature, labels, detector.score(vectors, logits), detector),
        )

    def _write(
        self, out: Path, temperature: float, detector: out_of_scope.Detector, held: Mapping[str, object]
    ) -> None:
        arrays: dict[str, Any] = {"head": self._matrix(), **detector.arrays()}
        arrays |= self._banked(len(detector.bank) + len(detector.bank_oos)) | word_arrays(self.data.texts)
        np.savez(out / HEAD_FILE, **arrays)
        meta = {"format": FORMAT, "labels": self.data.names, "scale": SCALE, "temperature": temperature}
        meta["threshold"] = {"target_kept": out_of_scope.KEEP, "target_wrong": WRONG, **held}
        (out / INTENT_FILE).write_text(json.dumps(meta, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _banked(self, count: int) -> dict[str, Any]:
        """Which rows the detector's banks hold; its out-of-scope bank may have been left empty."""
        mine = self.data.pick(self.in_banks[:count])
        return row_arrays(mine.texts, mine.labels)
