"""Every test that docs/journeys.md names exists, and every row names one or says that it is to come."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "journeys.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not re.match(r"\| (step|command) \|", line)]


def defined_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_names_a_test_or_says_not_yet() -> None:
    assert len(ROWS) > 40
    for row in ROWS:
        last = row.strip("| ").rsplit("|", 1)[-1].strip()
        assert last == "not yet" or re.fullmatch(r"`tests/[\w/]+\.py::test_\w+`", last), row


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)
    assert named
    for path, name in named:
        assert name in defined_in(path), f"{path}::{name}"
