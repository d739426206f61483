"""The process that reads: that it reads is told where rapidocr is installed; how it is held in bounds, everywhere."""

import importlib.util
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from model import picture_reader
from model.images import UnreadablePicture
from model.picture_reader import PictureReader, ReaderBusy, ReaderMissing
from tests.model import pictures

PAGE = pictures.png(300, 200)
ODD = ("tests.model.odd_reader",)
"""A program that answers as the width of the picture says."""
HANGS, DIES, TALKS = pictures.png(301, 200), pictures.png(302, 200), pictures.png(303, 200)


@contextmanager
def odd(monkeypatch: pytest.MonkeyPatch, **more: object) -> Iterator[PictureReader]:
    monkeypatch.setattr(picture_reader, "installed", lambda: True)
    reader = PictureReader(program=ODD, **{"seconds": 30.0, **more})  # type: ignore[arg-type]
    try:
        yield reader
    finally:
        reader.close()


def test_it_starts_with_the_first_picture_and_reads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(monkeypatch) as reader:
        assert reader.pid == 0
        assert reader.read(PAGE).lines[0].text == "hello"
        first = reader.pid
        assert reader.read(PAGE).lines[0].text == "hello"
        assert reader.pid == first != 0
    assert reader.pid == 0


@pytest.mark.parametrize(("file", "seconds"), [(HANGS, 0.5), (DIES, 30.0), (TALKS, 30.0)])
def test_one_that_hangs_dies_or_talks_nonsense_costs_one_picture(
    monkeypatch: pytest.MonkeyPatch, file: bytes, seconds: float
) -> None:
    with odd(monkeypatch, seconds=seconds) as reader:
        with pytest.raises(UnreadablePicture):
            reader.read(file)
        assert reader.pid == 0
        reader._seconds = 30.0
        assert reader.read(PAGE).lines[0].text == "hello"


def test_it_ends_when_nobody_sends_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(monkeypatch, idle=0.2) as reader:
        reader.read(PAGE)
        until = time.monotonic() + 10
        while reader.pid and time.monotonic() < until:
            time.sleep(0.02)
        assert reader.pid == 0
        assert reader.read(PAGE).lines


def test_more_than_may_wait_are_turned_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(monkeypatch, seconds=3.0, waiting=0) as reader:

        def hang() -> None:
            with suppress(UnreadablePicture):
                reader.read(HANGS)

        hanging = threading.Thread(target=hang)
        hanging.start()
        while not reader.pid:
            time.sleep(0.01)
        since = time.monotonic()
        with pytest.raises(ReaderBusy):
            reader.read(PAGE)
        assert time.monotonic() - since < 1
        hanging.join()


def test_the_process_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setenv("GENERATOR_API_KEY", "secret")
    with odd(monkeypatch) as reader:
        names = reader.read(pictures.png(304, 200)).lines[0].text.split()
    assert "PATH" in names
    assert not {"SLACK_BOT_TOKEN", "GENERATOR_API_KEY"} & set(names)


def test_what_is_not_installed_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_reader, "installed", lambda: False)
    with pytest.raises(ReaderMissing, match=r"^expected .* found nothing installed: pip install 'understudy\[ocr\]'"):
        PictureReader().read(PAGE)


def test_no_process_is_started_for_what_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(monkeypatch) as reader:
        for file in (pictures.SVG, pictures.BOMB, pictures.ANIMATED, b""):
            with pytest.raises(UnreadablePicture):
                reader.read(file)
        assert reader.pid == 0


@pytest.fixture(scope="module")
def reader() -> Iterator[PictureReader]:
    made = PictureReader(seconds=90)
    yield made
    made.close()


@pytest.mark.skipif(not picture_reader.installed(), reason="PICTURES ARE NOT READ: rapidocr is not installed")
class TestTheRealOne:
    """With the models of the wheel, on pictures that Pillow draws."""

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_words_are_read(self, reader: PictureReader, kind: str) -> None:
        found = reader.read(drawn(["Payment declined", "Order 10042"], kind))
        assert [line.text for line in found.lines] == ["Payment declined", "Order 10042"]

    def test_dark_and_see_through_pages_are_read(self, reader: PictureReader) -> None:
        for mode, ground, ink in (("RGB", "#202020", "#e0e0e0"), ("RGBA", (0, 0, 0, 0), (0, 0, 0, 255))):
            found = reader.read(drawn(["Payment declined"], "PNG", mode=mode, ground=ground, ink=ink))
            assert [line.text for line in found.lines] == ["Payment declined"], mode

    @pytest.mark.parametrize(("orientation", "back"), [(3, 180), (6, 90), (8, 270)])
    def test_a_picture_that_a_camera_turned_is_read_upright(
        self, reader: PictureReader, orientation: int, back: int
    ) -> None:
        found = reader.read(drawn(["Payment declined"], "JPEG", orientation=orientation, back=back))
        assert [line.text for line in found.lines] == ["Payment declined"]

    def test_broken_files_cost_nothing_but_themselves(self, reader: PictureReader) -> None:
        whole = drawn(["Payment declined"] * 8, "PNG")
        pid = 0
        for file in (whole[: len(whole) // 2], pictures.png(40, 40, claims=(900, 900)), pictures.jpeg(300, 300)):
            with pytest.raises(UnreadablePicture):
                reader.read(file)
            assert reader.pid == (pid or reader.pid)
            pid = reader.pid
        assert reader.read(drawn(["Payment declined"], "PNG")).lines

    def test_an_empty_page_has_no_lines(self, reader: PictureReader) -> None:
        assert reader.read(pictures.png(300, 200)).lines == ()

    def test_it_is_of_low_priority(self, reader: PictureReader) -> None:
        reader.read(PAGE)
        assert os.getpriority(os.PRIO_PROCESS, reader.pid) >= min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)


def drawn(
    lines: list[str], kind: str, *, mode: str = "RGB", orientation: int = 0, back: int = 0, **more: object
) -> bytes:
    import io

    from PIL import Image, ImageDraw, ImageFont

    page = Image.new(mode, (700, 60 + 70 * len(lines)), more.get("ground", "white"))  # type: ignore[arg-type]
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(36)
    for number, text in enumerate(lines):
        pen.text((40, 30 + 70 * number), text, fill=more.get("ink", "black"), font=font)  # type: ignore[arg-type]
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
        page = page.rotate(back, expand=True)
    out = io.BytesIO()
    page.save(out, kind, **({"exif": exif} if orientation else {}))
    return out.getvalue()


def test_pillow_is_there_where_the_rest_is() -> None:
    assert not picture_reader.installed() or importlib.util.find_spec("PIL") is not None
