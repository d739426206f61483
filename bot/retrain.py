"""One training run of the intent model, start to verdict.

Runs in a process of its own, never in the bot's. The models, the encoder and the trainer are handed in, so that the
same steps are tested with a quick trainer.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from bot.claims import Claim, claimed
from bot.ledger import DATASET, SIDES, read_sides, starter_sides, write_dataset, write_sides
from bot.material import Material, gather, trainable
from model.dataset import fingerprint, manifest
from model.evaluate import evaluate, to_json
from model.gate import decide
from model.memory import Encoder
from model.naming import InTodaysNames
from model.registry import Registry
from model.split import Split, split
from model.types import OOS, Classifier, Evaluation, Example, UnderstudyError, Verdict
from model.verdict import Answers
from storage.database import Database
from storage.training_runs import TrainingRuns

log = logging.getLogger(__name__)
KIND = "intent"
Progress = Callable[[float, str], None]


class Trainer(Protocol):
    """Fine-tunes an intent model into a folder; see model.finetune_intent.train_intent."""

    def __call__(
        self,
        train: Sequence[Example],
        out: Path,
        *,
        base: str,
        seed: int,
        progress: Progress,
        unlabelled: Sequence[str],
        about: Mapping[str, str],
    ) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a training run works with."""

    db: Database
    team: str
    registry: Registry
    encoder: Callable[[], Encoder]
    """The base encoder, which tells near-duplicates; made when it is needed."""
    train: Trainer
    load: Callable[[Path], Classifier]
    base: str = ""
    seed: int = 7

    @property
    def sides(self) -> Path:
        """Which side of the split each text is on, for ever; hashes only."""
        return self.registry.root / SIDES


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    status: Literal["promoted", "kept", "nothing", "dry run"]
    words: tuple[str, ...]
    """In plain words, the deciding one first."""
    champion: str = ""
    challenger: str = ""
    rows: int = 0
    seconds: float = 0.0
    figures: Mapping[str, object] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status != "kept"


def retrain(
    shop: Workshop,
    *,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    held: Callable[[Claim], object] = lambda claim: None,
) -> Outcome:
    """Fine-tune on everything, compare with the live version, and promote what proves better.

    Args:
        force: also when no label is new.
        dry_run: judge, but publish nothing.
        held: told of the claim, so that another thread may cancel the run.

    Raises:
        UnderstudyError: there is nothing to train on.
        Busy: another run is alive.
        Cancelled: the run was told to end.
    """
    since = last_read(shop.db, shop.team)
    new = gather(shop.db, shop.team, since)
    champion = shop.registry.current()
    if champion and not force and not (new.new_labels or new.taken_back):
        return Outcome("nothing", (f"No new labels since {champion} was trained: {champion} stays live.",), champion)
    if not new.examples:
        raise UnderstudyError(
            "expected labelled messages to train on, found none: bring some with `understudy import FILE`."
        )
    with claimed(shop.db, shop.team, KIND, held=held) as claim:
        # Read again under the claim: what comes after the claim's time is new to the next run.
        material = gather(shop.db, shop.team, since)
        return _Run(shop, claim, material, progress or (lambda share, what: None)).go(dry_run)


def untested(messages: Sequence[str], sides: Mapping[str, str]) -> list[str]:
    """Messages whose text is no test row: not even its wording shall be known before the test."""
    return [text for text in messages if sides.get(fingerprint(text)) != "test"]


def last_read(db: Database, team: str) -> datetime | None:
    """When the last run that came to a verdict began: labels after that are new."""
    with db.reading() as session:
        run = TrainingRuns(session, team).concluded(KIND)
    return run.started_at if run else None


class _Run:
    def __init__(self, shop: Workshop, claim: Claim, material: Material, progress: Progress) -> None:
        self.shop, self.claim, self.material = shop, claim, material
        self._progress = progress
        self._started = time.monotonic()

    def go(self, dry_run: bool) -> Outcome:
        self.tell(0.0, "reading labels")
        cut = self.split()
        train, waiting = trainable(cut.train)
        registry = self.shop.registry
        with registry.staging() as folder:
            figures = self.shop.train(
                train,
                folder,
                base=self.shop.base,
                seed=self.shop.seed,
                progress=self.within(0.08, 0.85),
                unlabelled=untested(self.material.unlabelled, cut.sides),
                about=self.material.titles,
            )
            self.tell(0.85, "comparing with the live version")
            challenger = _Judged.of(self.shop.load(folder), registry.upcoming(), cut.test, self.material.corrected)
            champion = self.champion(cut.test)
            self.tell(0.97, "deciding")
            verdict = self.judge(champion, challenger, cut.test, waiting)
            facts = {"training": dict(figures), "data": self.data(train, cut), "verdict": verdict.reasons}
            self.claim.hold()
            version = "" if dry_run else self.publish(folder, challenger, verdict, facts, cut, train)
        return self.close(verdict, champion, version, len(train), facts, dry_run)

    def split(self) -> Split:
        known = {**starter_sides(self.material.examples), **read_sides(self.shop.sides)}
        cut = split(self.material.examples, self.shop.encoder(), known=known)
        write_sides(self.shop.sides, cut.sides)
        self.tell(0.08, f"{len(cut.train)} rows to train on, {len(cut.test)} to test on")
        return cut

    def champion(self, test: Sequence[Example]) -> "_Judged | None":
        version = self.shop.registry.current()
        if version is None:
            return None
        try:
            # It may have learned former names: in today's, or every rename would look like a loss.
            live = InTodaysNames(self.shop.load(self.shop.registry.path(version)), self.material.names)
            return _Judged.of(live, version, test, self.material.corrected)
        except UnderstudyError as error:
            # A live model that does not load is no bar: whatever is sane is better.
            log.warning("the live %s does not load, so nothing is compared with it: %s", version, error)
            return None

    def judge(
        self, champion: "_Judged | None", challenger: "_Judged", test: Sequence[Example], waiting: Sequence[str]
    ) -> Verdict:
        mine = Answers(self.material.corrected, champion.corrected if champion else None, challenger.corrected)
        verdict = decide(
            champion.evaluation if champion else None,
            challenger.evaluation,
            champion.test if champion else None,
            challenger.test,
            test,
            corrected=mine,
            seed=self.shop.seed,
        )
        if not waiting:
            return verdict
        note = f"Not learned yet, for want of a second message: {', '.join(waiting[:8])}."
        return replace(verdict, reasons=(*verdict.reasons, note))

    def data(self, train: Sequence[Example], cut: Split) -> dict[str, object]:
        left_out = {**self.material.left_out, "near to both train and test": len(cut.held_back)}
        return {
            "train": manifest(train),
            "test": manifest(cut.test),
            "new_labels": self.material.new_labels,
            "left_out": {why: n for why, n in left_out.items() if n},
        }

    def publish(
        self,
        folder: Path,
        challenger: "_Judged",
        verdict: Verdict,
        facts: Mapping[str, object],
        cut: Split,
        train: Sequence[Example],
    ) -> str:
        write_dataset(folder / DATASET, train, cut.test, untested(self.material.unlabelled, cut.sides))
        registry = self.shop.registry
        version = registry.publish(
            folder,
            {
                "base": self.shop.base,
                "seed": self.shop.seed,
                "seconds": round(time.monotonic() - self._started, 1),
                "champion": registry.current(),
                "promoted": verdict.promoted,
                "evaluation": to_json(challenger.evaluation) if challenger.test else None,
                "run": self.claim.run.id,
                **facts,
            },
        )
        if verdict.promoted:
            registry.promote(version)
        registry.prune()
        return version

    def close(
        self,
        verdict: Verdict,
        champion: "_Judged | None",
        version: str,
        rows: int,
        facts: Mapping[str, object],
        dry_run: bool,
    ) -> Outcome:
        old = champion.evaluation.version if champion else ""
        figures = {**verdict.figures, "data": facts["data"], "training": facts["training"]}
        words = ("A dry run, nothing changes. The verdict would be:", *verdict.reasons) if dry_run else verdict.reasons
        status: Literal["promoted", "kept"] = "promoted" if verdict.promoted else "kept"
        self.claim.finish(
            "cancelled" if dry_run else status,
            champion=old,
            challenger=version,
            rows=rows,
            figures=figures,
            verdict="\n".join(words),
        )
        self.tell(1.0, "done")
        seconds = round(time.monotonic() - self._started, 1)
        return Outcome("dry run" if dry_run else status, words, old, version, rows, seconds, figures)

    def tell(self, share: float, what: str) -> None:
        self.claim.check()
        self._progress(share, what)

    def within(self, start: float, end: float) -> Progress:
        return lambda share, what: self.tell(start + (end - start) * share, what)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One version on this run's rows, as the artefact that serves."""

    evaluation: Evaluation
    test: list[str]
    corrected: list[str]

    @classmethod
    def of(
        cls, classifier: Classifier, version: str, test: Sequence[Example], corrected: Sequence[Example]
    ) -> "_Judged":
        with_oos = any(row.label == OOS for row in test)
        # Without out-of-scope rows the measures count intents alone (model/evaluate.py), and so does the gate.
        said = [p.label if with_oos else p.intent for p in classifier.predict([row.text for row in test])]
        mine = [p.label for p in classifier.predict([row.text for row in corrected])]
        evaluation = evaluate(classifier, test) if test else _nothing_measured()
        return cls(replace(evaluation, version=version), said, mine)


def _nothing_measured() -> Evaluation:
    return Evaluation("", 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, None, None, None, 0.0, 0.0, 0.0, {}, {})
