"""What a file's first bytes say of its size in pixels, and what they may be."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.workspace.files import GIF, JPEG, PNG, measure, pixels


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG"])
@given(width=st.integers(1, 400), height=st.integers(1, 400))
def test_a_pictures_size(kind: str, width: int, height: int) -> None:
    written = io.BytesIO()
    Image.new("RGB", (width, height)).save(written, kind)
    assert pixels(written.getvalue()) == (width, height)


@given(start=st.sampled_from([b"", PNG, GIF, JPEG]), rest=st.binary(max_size=60))
def test_any_bytes_are_survived(start: bytes, rest: bytes) -> None:
    found = pixels(start + rest)
    assert found is None or min(found) > 0


def test_only_a_pictures_file_gets_a_size() -> None:
    written = io.BytesIO()
    Image.new("RGB", (3, 2)).save(written, "PNG")
    picture, text = {"mimetype": "image/png"}, {"mimetype": "text/plain"}
    measure(picture, written.getvalue())
    measure(text, written.getvalue())
    assert (picture, text) == ({"mimetype": "image/png", "original_w": 3, "original_h": 2}, {"mimetype": "text/plain"})
