"""The rows of bench.intent: what is trained on, what is tested, and which out-of-scope texts are borrowed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.dataset import normalise
from model.types import OOS, Example, UnderstudyError

SETS = {
    "banking5": "BANKING77/fewshot_train_5.jsonl",
    "banking10": "BANKING77/fewshot_train_10.jsonl",
    "banking": "BANKING77/train.jsonl",
    "clinc5": "CLINC150/fewshot_train_5.jsonl",
    "clinc10": "CLINC150/fewshot_train_10.jsonl",
    "clinc": "CLINC150/train.jsonl",
    "hint3": "HINT3_curekart/train.jsonl",
    "starter": "",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """In-scope rows to train on; test rows, those out of scope labelled `oos`."""

    train: list[Example]
    test: list[Example]

    @property
    def outside(self) -> int:
        return sum(row.label == OOS for row in self.test)


def read(name: str, shared: Path) -> Rows:
    """A set's rows. Nobody trains on out-of-scope rows, for most peers would not know what to do with them.

    BANKING77 has none of its own: general questions of BANKING77-OOS and the out-of-scope queries of CLINC150 stand
    in, both from their test splits. A text that is trained on is never tested as out of scope.

    Raises:
        UnderstudyError: a file is not there.
    """
    if name == "starter":
        from model.starter import held_out, utterances

        return Rows(inside(utterances()), list(held_out()))
    data = shared / "data"
    train = inside(parse(data / SETS[name]))
    test = parse((data / SETS[name]).with_name("test.jsonl"))
    if name.startswith("banking"):
        borrowed = [*far(data / "BANKING77_OOS/test.jsonl"), *parse(data / "CLINC150/test.jsonl")]
        test += fresh((row for row in borrowed if row.label == OOS), train)
    return Rows(train, test)


def inside(rows: Iterable[Example]) -> list[Example]:
    return [row for row in rows if row.label != OOS]


def fresh(rows: Iterable[Example], known: Sequence[Example]) -> list[Example]:
    """Each text once, and none of `known`."""
    seen = {normalise(row.text) for row in known}
    kept: list[Example] = []
    for row in rows:
        text = normalise(row.text)
        if text not in seen:
            seen.add(text)
            kept.append(row)
    return kept


def far(path: Path) -> list[Example]:
    """Rows of the kind `ood-oos`: general questions. Its other kind, unknown banking intents, is BANKING77's own."""
    return [Example(row["text"], row["label"]) for row in _objects(path) if row.get("kind") == "ood-oos"]


def parse(path: Path) -> list[Example]:
    return [Example(row["text"], row["label"]) for row in _objects(path)]


def thinned(rows: Sequence[Example], count: int) -> list[Example]:
    """At most so many, evenly over the file; 0 keeps all."""
    if not count or count >= len(rows):
        return list(rows)
    return [rows[i * len(rows) // count] for i in range(count)]


def few(rows: Sequence[Example], intents: int) -> list[Example]:
    """The rows of the first so many intents by name, and all that are out of scope; 0 keeps all."""
    names = sorted({row.label for row in rows} - {OOS})[: intents or None]
    return [row for row in rows if row.label in names or row.label == OOS]


def _objects(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise UnderstudyError(
            f"expected benchmark rows in {path}, found none: give their folder by --shared."
        ) from None
    return [json.loads(line) for line in text.splitlines() if line.strip()]
