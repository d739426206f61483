"""What a file says of itself before anything decodes it: its kind by its first bytes, its size by its header. Pure.

A name proves nothing, and a decoder is no place to find out: a picture of a few kilobytes may unpack into gigabytes.
Only what passes here is given to the process that reads. Loads neither Pillow nor torch.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from model.types import UnderstudyError

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 20_000
SHORTEST_SIDE = 16
"""Pixels below which no letter has room."""

Kind = Literal["PNG", "JPEG", "WEBP", "GIF"]
Reason = Literal["empty", "large", "pixels", "small", "animated", "kind", "broken"]
"""`kind`: no picture that we read, such as SVG, PDF, HEIC or a program."""

_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers of a frame; the three others are tables."""
_HEIF = (b"heic", b"heix", b"hevc", b"heif", b"mif1", b"msf1", b"avif", b"avis")


class UnreadablePicture(UnderstudyError):
    """A file that is not decoded; `reason` says why."""

    def __init__(self, reason: Reason, words: str) -> None:
        super().__init__(words)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Header:
    """A picture as its header has it."""

    kind: Kind
    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


def header(data: bytes, most_bytes: int = MOST_BYTES) -> Header:
    """Look at a file without decoding it.

    Raises:
        UnreadablePicture: it is none, too large, animated, or contradicts itself.
    """
    if not data:
        raise UnreadablePicture("empty", "expected a picture, found an empty file")
    if len(data) > most_bytes:
        raise UnreadablePicture("large", f"expected at most {most_bytes:,} bytes, found {len(data):,}")
    try:
        found = _header(data)
    except (struct.error, IndexError, StopIteration):
        raise UnreadablePicture("broken", "expected a whole header, found one that ends too soon") from None
    if min(found.width, found.height) < SHORTEST_SIDE:
        raise UnreadablePicture("small", f"expected {SHORTEST_SIDE} pixels a side, found {found.width}x{found.height}")
    if found.pixels > MOST_PIXELS or max(found.width, found.height) > LONGEST_SIDE:
        raise UnreadablePicture("pixels", f"expected {MOST_PIXELS:,} pixels, found {found.width}x{found.height}")
    return found


def _header(data: bytes) -> Header:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _gif(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    raise UnreadablePicture("kind", f"expected PNG, JPEG, WebP or GIF, found {named(data)}")


def named(data: bytes) -> str:
    """What a file that is none of ours seems to be, for the log."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(rb"<\?xml|<!doctype svg|<svg", start) and b"<svg" in data[:4096].lower():
        return "SVG"
    if start.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    if start.startswith(b"%pdf"):
        return "PDF"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return "HEIC or AVIF"
    return "something else"


def _gif(data: bytes) -> Header:
    """An animation is told by its second picture. Extensions and pixels are stepped over, piece by piece."""
    width, height, flags = struct.unpack("<HHB", data[6:11])
    at, pictures = 13 + _colours(flags), 0
    while at < len(data) and data[at] in (0x21, 0x2C):
        if data[at] == 0x2C:
            pictures += 1
            at += 11 + _colours(data[at + 9])
        else:
            at += 2
        if pictures > 1:
            raise UnreadablePicture("animated", "expected one picture, found an animated GIF")
        while data[at]:
            at += 1 + data[at]
        at += 1
    return Header("GIF", width, height)


def _colours(flags: int) -> int:
    """Bytes of a table of colours, where there is one."""
    return 3 << (1 + (flags & 7)) if flags & 0x80 else 0


def _png(data: bytes) -> Header:
    """An animation is told by its `acTL`, and a file that ends before its pixels by the lack of `IDAT`."""
    chunks = _png_chunks(data)
    kind, start, length = next(chunks)
    if kind != b"IHDR" or length != 13:
        raise UnreadablePicture("broken", "expected IHDR at the head of a PNG, found another chunk")
    width, height = struct.unpack(">II", data[start : start + 8])
    kinds = [each for each, _, _ in chunks]
    if b"acTL" in kinds:
        raise UnreadablePicture("animated", "expected one picture, found an animated PNG")
    if b"IDAT" not in kinds:
        raise UnreadablePicture("broken", "expected pixels in the PNG, found none")
    return Header("PNG", width, height)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, length) up to IEND; one that is cut short is given too: the decoder says how far it goes."""
    at = 8
    while at + 8 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        kind = data[at + 4 : at + 8]
        yield kind, at + 8, length
        if kind == b"IEND":
            return
        at += 12 + length


def _jpeg(data: bytes) -> Header:
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            raise UnreadablePicture("broken", "expected a JPEG marker, found none")
        marker = data[at + 1]
        if marker in (0xD9, 0xDA):
            raise UnreadablePicture("broken", "expected the JPEG's size before its pixels, found none")
        if marker in _SOF:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Header("JPEG", width, height)
        standalone = marker == 0x01 or 0xD0 <= marker <= 0xD8
        at += 2 if standalone else 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]


def _webp(data: bytes) -> Header:
    kind = data[12:16]
    if kind == b"VP8X":
        if data[20] & 0x02:
            raise UnreadablePicture("animated", "expected one picture, found an animated WebP")
        return Header("WEBP", 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little"))
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = struct.unpack("<I", data[21:25])[0]
        return Header("WEBP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return Header("WEBP", width & 0x3FFF, height & 0x3FFF)
    raise UnreadablePicture("broken", "expected a WebP bitstream, found none")
