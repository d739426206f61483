"""Files for tests: pictures made byte by byte, honest and hostile. No decoder is needed to make them."""

import struct
import zlib


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *, claims: tuple[int, int] | None = None, extra: bytes = b"") -> bytes:
    """A white picture; `claims`: the size that its header has instead."""
    shown = claims or (width, height)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *shown, 8, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\xff" * width) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


ANIMATED = png(64, 64, extra=chunk(b"acTL", struct.pack(">II", 9999, 0)))
BOMB = png(1, 1, claims=(100_000, 100_000))
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n%...."
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
PROGRAM = b"MZ" + bytes(200)


def jpeg(width: int, height: int) -> bytes:
    """The header of a JPEG, with a thumbnail's place before it."""
    exif = b"\xff\xe1" + struct.pack(">H", 16) + b"Exif\0\0" + bytes(8)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + exif + frame + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\xff\xd9"


def gif(width: int, height: int, frames: int = 1, *, table: bool = True) -> bytes:
    """With a table of two colours, for all or for each picture, and a pause before each."""
    colours = bytes(6)
    shared = b"\x80\0\0" + colours if table else b"\0\0\0"
    own = b"\0" if table else b"\x80" + colours
    frame = (
        b"\x21\xf9\x04\0\x0a\0\0\0" + b"\x2c" + struct.pack("<HHHH", 0, 0, width, height) + own + b"\x02\x02\x4c\x01\0"
    )
    return b"GIF89a" + struct.pack("<HH", width, height) + shared + frame * frames + b"\x3b"


def webp(width: int, height: int, *, animated: bool = False) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + bytes([0x02 if animated else 0, 0, 0, 0]) + size
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
