"""A real but tiny intent model for tests of what happens around one: the nearest five rows, by letters."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.retrain import Workshop
from model.registry import Registry
from model.types import OOS, Example, Prediction, Ranked
from storage.database import Database
from tests.model.encoders import CharEncoder

TEAM = "T0TEST"
ENCODER = CharEncoder()


class NearestTrainer:
    """Learns in milliseconds, by heart. Rows labelled `oos` set the threshold, as with the real one."""

    def __init__(self) -> None:
        self.rows: list[Example] = []
        self.unlabelled: list[str] = []
        self.about: Mapping[str, str] = {}

    def __call__(
        self,
        train: Sequence[Example],
        out: Path,
        *,
        base: str,
        seed: int,
        progress: object,
        unlabelled: Sequence[str] = (),
        about: Mapping[str, str] | None = None,
    ) -> Mapping[str, object]:
        self.rows, self.unlabelled, self.about = list(train), list(unlabelled), about or {}
        vectors = ENCODER.encode([row.text for row in train])
        inside = np.array([row.label != OOS for row in train])
        names = sorted({row.label for row in train} - {OOS})
        bank, labels = vectors[inside], [names.index(row.label) for row in train if row.label != OOS]
        among = np.sort(bank @ bank.T, axis=1)[:, -2]
        threshold = 0.0
        if not inside.all():
            outside = (vectors[~inside] @ bank.T).max(axis=1)
            threshold = float((np.quantile(among, 0.05) + np.quantile(outside, 0.9)) / 2)
        np.savez(out / "bank.npz", bank=bank, labels=labels, threshold=threshold)
        (out / "labels.json").write_text(json.dumps(names))
        progress(0.5, "half way")  # type: ignore[operator]
        return {"rows": len(train), "seconds": 0.0}


class NearestClassifier:
    def __init__(self, folder: Path) -> None:
        self.intents: list[str] = json.loads((folder / "labels.json").read_text())
        with np.load(folder / "bank.npz") as stored:
            self._bank, self._threshold = stored["bank"], float(stored["threshold"])
            self._votes = np.eye(len(self.intents))[stored["labels"]]
        manifest = folder / "manifest.json"
        self.version = json.loads(manifest.read_text())["version"] if manifest.is_file() else folder.name

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        if not texts:
            return []
        cosines = ENCODER.encode(texts) @ self._bank.T
        made = []
        for text, row in zip(texts, cosines, strict=True):
            nearest = np.argsort(-row, kind="stable")[:5]
            chances = (np.exp(10 * row[nearest])[:, None] * self._votes[nearest]).sum(axis=0)
            chances /= chances.sum()
            ranking = tuple(Ranked(self.intents[i], float(chances[i])) for i in np.argsort(-chances, kind="stable")[:5])
            far = bool(row.max() < self._threshold)
            first = ranking[0]
            made.append(
                Prediction(text, first.intent, first.probability, ranking, 1 - float(row.max()), far, self.version)
            )
        return made


WORDS = {
    "order_status": "where tracking parcel shipped courier arrive dispatch progress",
    "refund_status": "refund money returned back account credited reimbursed payout",
    "cancel_order": "cancel stop abort withdraw mistake undo order placed",
    "change_address": "address street moved house postcode flat deliver elsewhere",
    "gift_card": "gift card voucher balance redeem present birthday code",
    "opening_hours": "open hours weekend sunday evening closed phone team",
}
FAR = "weather football recipe guitar planet horoscope bitcoin haircut"


def sentences(label: str, n: int, seed: int, source: str = "import", words: int = 5) -> list[Example]:
    """Varied texts of an intent; `oos` draws from other words."""
    rng = np.random.default_rng([seed, len(label), ord(label[0])])
    own = (FAR if label == OOS else WORDS[label]).split()
    filler = ["please", "can", "you", "my", "the", "is", "it", "hello", "now", "today", "again", "still", "why", "how"]
    made: dict[str, Example] = {}
    while len(made) < n:
        picked = [*rng.choice(own, words - 2, replace=False), *rng.choice(filler, 2, replace=False)]
        text = " ".join(rng.permutation(picked))
        made.setdefault(text, Example(text, label, source))
    return list(made.values())


def shop(each: int = 50, oos: int = 60, seed: int = 1, source: str = "import") -> list[Example]:
    rows = [row for label in WORDS for row in sentences(label, each, seed, source)]
    return [*rows, *sentences(OOS, oos, seed, source)]


def workshop(folder: Path, trainer: NearestTrainer) -> Workshop:
    """A desk that has learned nothing yet, with a database and a registry of its own."""
    db = Database(f"sqlite:///{folder / 'understudy.db'}")
    db.migrate()
    registry = Registry(folder / "models" / "intent", "intent")
    return Workshop(db, TEAM, registry, CharEncoder, trainer, NearestClassifier)
