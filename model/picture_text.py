"""What a picture says, as a person would read it: its lines in order, and those among them that matter. Pure.

A screenshot is mostly furniture: clocks, menus, addresses. The lines that tell what it is about are its headings, what
went wrong, numbers of orders, and what is near to the customer's own words.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from model.picture_reader import Line

SURE = 0.6
"""Confidence from which a line is shown to anybody."""
MOST_SHOWN = 3000
"""Characters of a picture that are kept."""
MOST_READ = 240
"""Characters of a picture that join a message: more would drown it."""
HEADING = 1.35
"""Times the usual height of a line."""

Encode = Callable[[Sequence[str]], Any]
"""Texts to vectors of unit length, [n, d]."""

_FURNITURE = re.compile(
    r"^(\d{1,2}[:.]\d\d( ?[ap]m)?|\d{1,3} ?%|[345]g|lte|wi-?fi|ok|back|home|menu|search|close|cancel|done|edit|more|"
    r"share|profile|settings|account|basket|cart|help|sign (in|out)|log ?(in|out)|next|previous|online|today|yesterday|"
    r"now|type a message|message|send|(https?://|www\.)\S+|[\w-]+(\.[\w-]+)+(/\S*)?|(https?://)?\S+/\S+)$",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(error|fail(ed|ure|s)?|declined|refused|rejected|invalid|expired|denied|unable|could ?n[o'’]?t|can ?n[o'’]?t|"
    r"sorry|wrong|problem|missing|not (found|available|delivered|possible|valid|accepted)|damaged|delayed|unavailable|"
    r"cancelled|out of stock|exception|locked|blocked|overdue|attempted|returned|refunded)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(order|tracking|parcel|invoice|receipt|reference|ref|return|code|case)\b.{0,12}\d{3,}|#\d{3,}", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a picture as it is read."""

    text: str
    confidence: float
    height: float


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture in words."""

    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """All of it, a line a row."""
        return "\n".join(row.text for row in self.rows)[:MOST_SHOWN]

    @property
    def confidence(self) -> float:
        """Mean over its characters, from 0 to 1."""
        weights = [len(row.text) for row in self.rows]
        return sum(row.confidence * w for row, w in zip(self.rows, weights, strict=True)) / max(1, sum(weights))

    @property
    def readable(self) -> bool:
        """Whether anything in it is a word, or a number that may be an order's."""
        return any(_WORD.search(row.text) or re.search(r"\d{4,}", row.text) for row in self.rows)


def seen(lines: Sequence[Line]) -> Seen:
    """Lines as a person reads them: along their slope, from the top, what stands side by side in one row."""
    sure = [line for line in lines if line.confidence >= SURE and line.text.strip()]
    if not sure:
        return Seen(())
    slope = median(_slope(line) for line in sure)
    cos, sin = math.cos(-slope), math.sin(-slope)

    def middle(line: Line) -> tuple[float, float]:
        x = sum(x for x, _ in line.box) / 4
        y = sum(y for _, y in line.box) / 4
        return x * cos - y * sin, x * sin + y * cos

    placed = sorted(((*middle(line), line) for line in sure), key=lambda each: each[1])
    rows: list[list[tuple[float, float, Line]]] = []
    for x, y, line in placed:
        if rows and y - rows[-1][0][1] < 0.5 * min(height(line), height(rows[-1][0][2])):
            rows[-1].append((x, y, line))
        else:
            rows.append([(x, y, line)])
    return Seen(tuple(_row([line for _, _, line in sorted(row, key=lambda each: each[0])]) for row in rows))


def matters(found: Seen, question: str = "", encode: Encode | None = None) -> str:
    """The part of a picture that joins a message, in its order and in one line.

    Args:
        question: the customer's own words; what is near to them in meaning is kept first.
    """
    rows = [row for row in found.rows if _WORD.search(row.text) or re.search(r"\d{4,}", row.text)]
    kept = [row for row in rows if not _FURNITURE.match(row.text.strip())] or rows
    if sum(len(row.text) + 2 for row in kept) > MOST_READ:
        kept = _best(kept, question, encode)
    return ". ".join(row.text.strip().rstrip(".") for row in kept)


def _best(rows: Sequence[Row], question: str, encode: Encode | None) -> list[Row]:
    worth = _worth(rows)
    if question.strip() and encode is not None:
        vectors = np.asarray(encode([question, *(row.text for row in rows)]))
        worth = [w + 2 * max(0.0, float(near)) for w, near in zip(worth, vectors[1:] @ vectors[0], strict=True)]
    room, chosen = MOST_READ, set()
    for number in sorted(range(len(rows)), key=lambda i: (-worth[i], i)):
        size = len(rows[number].text) + 2
        if size <= room:
            chosen.add(number)
            room -= size
    return [row for number, row in enumerate(rows) if number in chosen] or [rows[0]]


def _worth(rows: Sequence[Row]) -> list[float]:
    usual = median(row.height for row in rows)
    return [
        1.0 * bool(_WRONG.search(row.text))
        + 0.8 * bool(_NUMBERED.search(row.text))
        + 0.7 * (row.height >= HEADING * usual)
        + 0.05 * min(6, len(_WORD.findall(row.text)))
        for row in rows
    ]


def height(line: Line) -> float:
    (ax, ay), _, _, (bx, by) = line.box
    return math.hypot(bx - ax, by - ay)


def _slope(line: Line) -> float:
    (ax, ay), (bx, by), *_ = line.box
    return math.atan2(by - ay, bx - ax)


def _row(lines: Sequence[Line]) -> Row:
    text = " ".join(line.text.strip() for line in lines)
    size = sum(len(line.text) for line in lines)
    confidence = sum(line.confidence * len(line.text) for line in lines) / max(1, size)
    return Row(text, confidence, max(height(line) for line in lines))
