"""Slack's file object, and how large a picture is, so that the page keeps its place free while it loads."""

import mimetypes
import struct

from .ids import fresh
from .state import Json

LARGEST_FILE = 20_000_000
"""Bytes."""
LONGEST_ALT = 1000
PREVIEW = 300
"""Letters of a transcript that come with the message."""
PNG, GIF, JPEG = b"\x89PNG\r\n\x1a\n", b"GIF8", b"\xff\xd8"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers that say how large the picture is."""


def make_file(url: str, name: str, size: int, user: str, alt: str = "") -> Json:
    """A file nobody has sent yet; `url_page` is where the page finds its bytes. alt: what a picture shows, in words."""
    file_id, name = fresh("F"), name.replace("/", "_")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    private = f"{url}/files-pri/{file_id}/{name}"
    file: Json = {
        "id": file_id,
        "name": name,
        "title": name,
        "mimetype": kind,
        "filetype": name.rpartition(".")[2].lower() or "binary",
        "pretty_type": kind.rpartition("/")[2].upper(),
        "user": user,
        "size": size,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": private,
        "url_private_download": private,
        "permalink": private,
        "url_page": f"/ui/files/{file_id}/{name}",
    }
    return file | ({"alt_txt": alt[:LONGEST_ALT]} if alt else {})


def speak(file: Json, words: str, vtt: str) -> None:
    """Make it a voice clip in which these words are said; `vtt` is where the whole transcript lies."""
    beginning = {"content": words[:PREVIEW], "has_more": len(words) > PREVIEW}
    file |= {"subtype": "slack_audio", "transcription": {"status": "complete", "locale": "en-US", "preview": beginning}}
    file["vtt"] = vtt


def transcript(words: str) -> bytes:
    """As WebVTT."""
    return f"WEBVTT\n\n1\n00:00:00.000 --> 00:00:10.000\n{' '.join(words.split())}\n".encode()


def measure(file: Json, contents: bytes) -> None:
    """Write a picture's width and height into its file object, where its first bytes say them."""
    found = pixels(contents)
    if found and str(file["mimetype"]).startswith("image/"):
        file["original_w"], file["original_h"] = found


def pixels(contents: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF or JPEG; None for anything else, or where it ends too soon."""
    try:
        if contents.startswith(PNG):
            width, height = struct.unpack_from(">II", contents, 16)
        elif contents.startswith(GIF):
            width, height = struct.unpack_from("<HH", contents, 6)
        elif contents.startswith(JPEG):
            width, height = _jpeg(contents)
        else:
            return None
    except (struct.error, IndexError):
        return None
    return (width, height) if width and height else None


def _jpeg(contents: bytes) -> tuple[int, int]:
    at = 2
    while True:
        while contents[at + 1] == 0xFF:
            at += 1
        marker, length = contents[at + 1], struct.unpack_from(">H", contents, at + 2)[0]
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", contents, at + 5)
            return width, height
        at += 2 + max(length, 2)


def told(file: Json) -> Json:
    """The file as Slack would give it."""
    return {key: file[key] for key in file if key != "url_page"}
