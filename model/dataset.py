"""Reads labelled rows and says which texts count as the same. Loads no torch."""

import csv
import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.types import Example, UnderstudyError

LONGEST_TEXT = 20_000
LONGEST_LABEL = 200
TEXT_NAMES = ("text", "utterance", "query", "message", "sentence")
LABEL_NAMES = ("label", "intent", "category", "class")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a file gave."""

    examples: list[Example]
    refused: list[tuple[int, str]]
    """Line number from 1, and why."""


def read_examples(path: Path) -> ReadResult:
    """Read `{"text", "label"}` a line (.jsonl) or a table with such a header (.csv, .tsv).

    Raises:
        UnderstudyError: the file cannot be read at all, or not one row of it is usable.
    """
    content = text_of(path)
    rows = _table(content, path) if path.suffix.lower() in {".csv", ".tsv"} else _lines(content)
    examples: list[Example] = []
    refused: list[tuple[int, str]] = []
    for number, row in rows:
        example = row if isinstance(row, str) else _example(row)
        if isinstance(example, str):
            refused.append((number, example))
        else:
            examples.append(example)
    if not examples:
        first = f" (line {refused[0][0]}: {refused[0][1]})" if refused else ""
        raise UnderstudyError(f'expected rows with "text" and "label", found none in {path}{first}: correct the file.')
    return ReadResult(examples, refused)


def read_texts(path: Path) -> list[str]:
    """Messages without labels: `{"text"}` a line (.jsonl), a column of that name (.csv, .tsv), or a text a line (.txt).

    Raises:
        UnderstudyError: the file cannot be read, or holds no text.
    """
    content = text_of(path)
    kind = path.suffix.lower()
    if kind == ".txt":
        found: list[object] = list(content.splitlines())
    else:
        rows = _table(content, path, labelled=False) if kind in {".csv", ".tsv"} else _lines(content)
        found = [_first(row, TEXT_NAMES) for _, row in rows if isinstance(row, dict)]
    texts = [text.strip()[:LONGEST_TEXT] for text in found if isinstance(text, str) and text.strip()]
    if not texts:
        raise UnderstudyError(f'expected messages in {path} ("text" a row, or a line each in a .txt), found none.')
    return texts


def text_of(path: Path) -> str:
    """What stands in a data file.

    Raises:
        UnderstudyError: it is not there, cannot be opened, or is no UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        found = "no UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror or "no file"
        raise UnderstudyError(f"expected a readable data file, found {path}: {found}. Check the path.") from None


def _lines(content: str) -> Iterator[tuple[int, dict[str, object] | str]]:
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            yield number, f"no JSON: {str(error)[:80]}"
            continue
        yield number, value if isinstance(value, dict) else "expected a JSON object"


def _table(content: str, path: Path, labelled: bool = True) -> Iterator[tuple[int, dict[str, object] | str]]:
    reader = csv.reader(content.splitlines(keepends=True), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if not set(header) & set(TEXT_NAMES) or (labelled and not set(header) & set(LABEL_NAMES)):
            columns = "columns text and label" if labelled else "a column text"
            raise UnderstudyError(
                f"expected a header with {columns} in {path}, found {','.join(header)[:80]!r}: add it."
            )
        for cells in reader:
            if len(cells) == len(header):
                yield reader.line_num, dict(zip(header, cells, strict=True))
            elif cells:
                yield reader.line_num, f"expected {len(header)} columns, found {len(cells)}"
    except csv.Error as error:
        yield reader.line_num, f"no CSV: {error}"


def _example(row: dict[str, object]) -> Example | str:
    """The row's example, or why there is none."""
    text, label = _first(row, TEXT_NAMES), _first(row, LABEL_NAMES)
    if not isinstance(text, str) or not text.strip():
        return "expected a text, found none"
    if len(text) > LONGEST_TEXT:
        return f"expected a text of at most {LONGEST_TEXT} characters, found {len(text)}"
    if not isinstance(label, str) or not label.strip():
        return "expected a label, found none"
    if len(label) > LONGEST_LABEL or "\n" in label:
        return f"expected a label of one line and at most {LONGEST_LABEL} characters"
    group = row.get("group")
    return Example(text.strip(), label.strip(), group=group if isinstance(group, str) else "")


def _first(row: dict[str, object], names: Sequence[str]) -> object:
    return next((row[name] for name in names if name in row), None)


def normalise(text: str) -> str:
    """The form in which two texts count as the same: width, case, spaces and closing marks do not matter."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(c for c in plain if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})
    plain = _SPACE.sub(" ", plain).strip()
    return plain.rstrip("?!.,;: ") or plain


def fingerprint(text: str, group: str = "") -> str:
    """32 hexadecimal digits that stay the same for ever for the same normalised text (and group)."""
    return hashlib.sha256(f"{group}\0{normalise(text)}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def manifest(examples: Sequence[Example]) -> dict[str, object]:
    """What a data set holds: rows, rows by source, labels, and the SHA-256 of its sorted rows."""
    lines = sorted(json.dumps([row.text, row.label], ensure_ascii=True) for row in examples)
    sources: defaultdict[str, int] = defaultdict(int)
    for row in examples:
        sources[row.source] += 1
    return {
        "rows": len(examples),
        "labels": len({row.label for row in examples}),
        "sources": dict(sorted(sources.items())),
        "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    }
