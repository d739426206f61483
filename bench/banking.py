"""BANKING77 as a team's own content: few utterances to begin with, and customers' messages to come."""

import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

ANSWERS = Path(__file__).parent / "banking_answers.json"
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Banking:
    """Rows have `text` and `label`. `test` never enters the product."""

    few: list[Row]
    stream: list[Row]
    test: list[Row]
    answers: dict[str, str]

    def write(self, folder: Path) -> tuple[Path, Path, Path]:
        """Files for `understudy import` (intents, utterances) and `understudy evaluate` (test)."""
        folder.mkdir(parents=True, exist_ok=True)
        intents = [{"name": name, "title": title(name), "answer": text} for name, text in self.answers.items()]
        (folder / "intents.json").write_text(json.dumps(intents))
        return folder / "intents.json", lines(folder / "few.jsonl", self.few), lines(folder / "test.jsonl", self.test)


def read(shared: Path, rows: int, seed: int, intents: int = 0) -> Banking:
    """The few-shot rows, a seeded sample of the other train rows to come as messages, and the test rows.

    Args:
        intents: keep only so many, in alphabetical order; 0 keeps all 77.
    """
    folder = shared / "data/BANKING77"
    answers: dict[str, str] = json.loads(ANSWERS.read_text())
    kept = sorted(answers, key=str.lower)[: intents or None]
    few, train, test = (
        of(parse(folder / name), kept) for name in ("fewshot_train_10.jsonl", "train.jsonl", "test.jsonl")
    )
    known = {same(row["text"]) for row in (*few, *test)}
    return Banking(few, sample(train, known, rows, seed), test, {name: answers[name] for name in kept})


def sample(train: Sequence[Row], known: Collection[str], rows: int, seed: int) -> list[Row]:
    """Rows whose text is neither among `known` nor twice among the sample."""
    fresh = {same(row["text"]): row for row in train if same(row["text"]) not in known}
    if len(fresh) < rows:
        raise ValueError(f"expected {rows} fresh rows, found {len(fresh)}: ask for fewer")
    return random.Random(seed).sample(list(fresh.values()), rows)


def parse(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def lines(path: Path, rows: Sequence[Row]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def of(rows: Sequence[Row], labels: Collection[str]) -> list[Row]:
    return [row for row in rows if row["label"] in labels]


def same(text: str) -> str:
    """What makes two texts one: case and white space do not count (the few-shot file is lower-cased)."""
    return " ".join(text.lower().split())


def title(name: str) -> str:
    words = name.replace("_", " ").strip("?")
    return words[:1].upper() + words[1:]
