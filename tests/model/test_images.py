import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.images import MOST_PIXELS, UnreadablePicture, header, named
from tests.model import pictures

MADE = {"PNG": pictures.png, "JPEG": pictures.jpeg, "GIF": pictures.gif, "WEBP": pictures.webp}


@pytest.mark.parametrize("kind", MADE)
@given(width=st.integers(16, 900), height=st.integers(16, 900))
def test_kind_and_size_stand_in_the_first_bytes(kind: str, width: int, height: int) -> None:
    found = header(MADE[kind](width, height))  # type: ignore[operator]
    assert (found.kind, found.width, found.height) == (kind, width, height)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (pictures.SVG, "kind"),
        (b"\xef\xbb\xbf  <svg/>", "kind"),
        (pictures.PDF, "kind"),
        (pictures.HEIC, "kind"),
        (pictures.PROGRAM, "kind"),
        (pictures.BOMB, "pixels"),
        (pictures.jpeg(65_000, 65_000), "pixels"),
        (pictures.webp(16_000, 16_000), "pixels"),
        (pictures.gif(60_000, 60_000), "pixels"),
        (pictures.jpeg(30_000, 100), "pixels"),
        (pictures.png(3, 3), "small"),
        (pictures.gif(0, 0), "small"),
        (pictures.ANIMATED, "animated"),
        (pictures.webp(64, 64, animated=True), "animated"),
        (pictures.gif(64, 64, frames=2), "animated"),
        (pictures.gif(64, 64, frames=2, table=False), "animated"),
        (pictures.gif(64, 64)[:-4], "broken"),
        (pictures.png(64, 64)[:20], "broken"),
        (pictures.png(64, 64)[:33], "broken"),
        (pictures.jpeg(64, 64)[:12], "broken"),
        (b"RIFF\0\0\0\0WEBPVP8X", "broken"),
        (b"\xff\xd8\xff\xd9", "broken"),
    ],
)
def test_what_is_hostile_or_no_picture_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePicture) as refused:
        header(data)
    assert refused.value.reason == reason


def test_the_limit_of_bytes_holds() -> None:
    data = pictures.png(64, 64)
    assert header(data, len(data)).pixels == 64 * 64
    with pytest.raises(UnreadablePicture, match="found"):
        header(data, len(data) - 1)


@given(start=st.sampled_from([make(40, 40) for make in MADE.values()]), data=st.data())
def test_whatever_the_bytes_are_the_answer_is_a_header_or_a_refusal(start: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(start)))
    noise = data.draw(st.binary(max_size=60))
    try:
        found = header(start[:cut] + noise)
    except UnreadablePicture:
        return
    assert 0 < found.pixels <= MOST_PIXELS


def test_the_log_is_told_what_it_seems_to_be() -> None:
    assert [named(each) for each in (pictures.SVG, pictures.PDF, pictures.HEIC, pictures.PROGRAM)] == [
        "SVG",
        "PDF",
        "HEIC or AVIF",
        "something else",
    ]


def test_neither_decoder_nor_torch_is_loaded() -> None:
    script = (
        "import sys, model.images, model.picture_reader, model.picture_text;"
        "print([each for each in ('PIL', 'torch', 'cv2', 'onnxruntime', 'rapidocr') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
