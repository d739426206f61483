"""Cuts an article into passages: paragraphs that can be quoted, each with the title and heading it stands under."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.injection import addressed_to_machine
from model.types import Article

LONGEST = 600
"""Characters; longer paragraphs are cut between sentences."""
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_BOUNDARY = re.compile(r"[.!?]+[\"'”’)]*(\s+)(?=[\"'“‘(*_]*[^\W_a-z]|[\"'“‘(*_]*[£€$])")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|approx|incl|max|min|no|nos|mr|mrs|ms|dr|st|vs)\.$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One passage and where it stands."""

    article_id: str
    title: str
    heading: str
    text: str

    @property
    def in_context(self) -> str:
        """What is indexed: "Norway takes 6-9 days" says little without the title above it."""
        return ". ".join(part for part in (self.title, self.heading, self.text) if part)


def pieces(article: Article) -> list[Piece]:
    """The passages of one article, in order."""
    return [
        Piece(article.id, article.title, heading, part)
        for heading, paragraphs in _sections(article.body)
        for paragraph in _joined(paragraphs)
        for part in cut(paragraph)
    ]


def not_for_customers(article: Article) -> list[tuple[str, str]]:
    """(what it holds, the passage) for each that speaks to the machine: it is neither written from nor quoted."""
    return [(what, piece.text) for piece in pieces(article) if (what := addressed_to_machine(piece.text))]


def sentences(text: str) -> list[str]:
    """The sentences of `text`, in order; a line break ends one too."""
    return [sentence for line in text.splitlines() for sentence in _of_line(line)]


def cut(paragraph: str, longest: int = LONGEST) -> list[str]:
    """`paragraph` in parts of at most `longest` characters, between sentences where there are any."""
    if len(paragraph) <= longest:
        return [paragraph]
    parts: list[str] = []
    for sentence in sentences(paragraph):
        for bit in textwrap.wrap(sentence, longest):
            if parts and len(parts[-1]) + 1 + len(bit) <= longest:
                parts[-1] = f"{parts[-1]} {bit}"
            else:
                parts.append(bit)
    return parts


def _of_line(line: str) -> Iterator[str]:
    start = 0
    for match in _BOUNDARY.finditer(line):
        end = match.start(1)
        if _ABBREVIATION.search(line, start, end):
            continue
        if line[start:end].strip():
            yield line[start:end].strip()
        start = match.end(1)
    if line[start:].strip():
        yield line[start:].strip()


def _sections(body: str) -> Iterator[tuple[str, list[str]]]:
    """(heading, paragraphs) in order; the first section has no heading."""
    heading, lines = "", list[str]()
    for line in body.splitlines():
        if match := _HEADING.match(line):
            yield heading, _paragraphs(lines)
            heading, lines = match.group(1), []
        else:
            lines.append(line)
    yield heading, _paragraphs(lines)


def _paragraphs(lines: Sequence[str]) -> list[str]:
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    return [block.strip() for block in blocks if block.strip()]


def _joined(paragraphs: Sequence[str]) -> Iterator[str]:
    """Lines that announce ("You can pay with:") go together with what they announce."""
    waiting = ""
    for paragraph in paragraphs:
        whole = f"{waiting}\n{paragraph}" if waiting else paragraph
        if paragraph.endswith(":"):
            waiting = whole
            continue
        waiting = ""
        yield whole
    if waiting:
        yield waiting
