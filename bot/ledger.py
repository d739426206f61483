"""What training runs leave on disk beside the weights: which side each text is on, and which rows made a version.

Fingerprints only: no customer's words are in either.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path

from model.dataset import fingerprint
from model.split import Side
from model.types import STARTER, Example, UnderstudyError

SIDES = "sides.json"
"""Name of the file of sides, beside the intent model's versions."""
DATASET = "dataset.jsonl"
"""Name of a version's file of the rows that made it."""
FROM_SLACK = frozenset({"correction", "message", "better answer"})
"""Sources of rows that were a customer's message; the same words may be a row of the starter or of an import too."""


def read_sides(file: Path) -> dict[str, Side]:
    """Sides decided by earlier runs; none where the file is missing."""
    try:
        stored = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise UnderstudyError(
            f"expected {file} to hold which rows are test rows, found something else: restore it from a backup. "
            f"Deleting it decides anew, and test rows may have been trained on."
        ) from None
    return {key: side for key, side in stored.items() if side in ("train", "test")}


def starter_sides(rows: Iterable[Example]) -> dict[str, Side]:
    """The starter shop's held-out messages among the rows: for testing from the first day, so that more of its other
    utterances can be learned."""
    from model import starter

    mine = {fingerprint(row.text) for row in rows if row.source == STARTER}
    held_out = {fingerprint(row.text) for row in starter.held_out()} if mine else set()
    return dict.fromkeys(mine & held_out, "test")


def write_sides(file: Path, sides: Mapping[str, Side]) -> None:
    """Replace the file in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(dict(sorted(sides.items())), indent=0), "utf-8")
    os.replace(beside, file)


def write_dataset(
    file: Path,
    train: Sequence[Example],
    test: Sequence[Example],
    unlabelled: Iterable[str] = (),
    inherited: Path | None = None,
) -> None:
    """Which rows made this version, by fingerprint: enough to find who is in it, and no customer's words.

    Args:
        unlabelled: messages without a label that it may have learned from.
        inherited: this file of the version whose weights it goes on from, whose rows are in it too.
    """
    rows = [("train", row) for row in train] + [("test", row) for row in test]
    rows += [("train", Example(text, "", "message")) for text in unlabelled]
    with file.open("w", encoding="utf-8") as out:
        for side, row in rows:
            fact = {"fingerprint": fingerprint(row.text), "label": row.label, "source": row.source, "side": side}
            out.write(json.dumps(fact, ensure_ascii=False) + "\n")
        if inherited is not None and inherited.is_file():
            out.write(inherited.read_text("utf-8"))


def made_of(version: Path, fingerprints: Set[str]) -> bool:
    """Whether customers' messages of these fingerprints were among the rows of a version; none tells no rows."""
    try:
        lines = (version / DATASET).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return False
    facts = map(json.loads, lines)
    return any(fact["fingerprint"] in fingerprints and fact["source"] in FROM_SLACK for fact in facts)
