"""Mia drops files, through sockets: a screenshot with and without words, and what is no picture."""

from collections.abc import Iterator

import pytest

from bot import wording
from bot.listeners import ids
from model import picture_reader
from tests.e2e.conftest import House, a_house, shown
from tests.model import pictures
from tests.model.test_picture_reader import drawn

READS = pytest.mark.skipif(not picture_reader.installed(), reason="PICTURES ARE NOT READ: rapidocr is not installed")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_house(tmp_path_factory.mktemp("pictures"), picture_seconds=90.0) as made:
        yield made


def reply(house: House, name: str, contents: bytes, text: str = "") -> str:
    ts = house.mia.upload(house.mia.dm, name, contents, text)
    found = house.mia.wait_message(lambda one: one.get("thread_ts") == ts and "bot_id" in one, timeout=90)
    return str(found["text"])


@READS
def test_a_screenshot_alone_is_answered(house: House) -> None:
    assert "on its way" in reply(house, "shot.png", drawn(["Your parcel", "Order 10042"], "PNG"))


@READS
def test_unclear_words_are_read_with_the_screenshot(house: House) -> None:
    page = drawn(["Refund pending", "Order 10042"], "JPEG")
    assert "Five working days" in reply(house, "shot.jpg", page, "what does this mean??")


@READS
def test_agents_see_what_was_read_and_the_file(house: House) -> None:
    ts = house.mia.upload(house.mia.dm, "shot.webp", drawn(["Order 10077"], "WEBP"), "a human please")
    card = house.card(lambda one: "10077" in shown(one))
    assert "Read from <http" in shown(card)
    assert "% sure" in shown(card)
    [picture] = [block for block in card["blocks"] if block["type"] == "image"]
    assert "10077" in picture["alt_text"]
    assert house.server.world.state.files[picture["slack_file"]["id"]]["name"] == "shot.webp"
    house.mia.delete(house.mia.dm, ts)
    card = house.card(lambda one: one["ts"] == card["ts"] and "10077" not in shown(one))
    assert "image" not in [block["type"] for block in card["blocks"]]


@READS
def test_a_card_whose_picture_is_gone_is_drawn_without_it(house: House) -> None:
    ts = house.mia.upload(house.mia.dm, "shot.png", drawn(["Order 10088"], "PNG"), "a human please, again")
    card = house.card(lambda one: "10088" in shown(one) and '"image"' in shown(one))
    picture = next(block for block in card["blocks"] if block["type"] == "image")
    house.server.world.state.files.pop(picture["slack_file"]["id"])
    house.alex.click(card, ids.TAKE)
    card = house.card(lambda one: one["ts"] == card["ts"] and "taken by" in shown(one))
    assert '"image"' not in shown(card)
    assert "10088" in shown(card)
    house.mia.delete(house.mia.dm, ts)


@pytest.mark.parametrize("said", ["where is my parcel", f"well, {'you know, ' * 40}where is my parcel"])
def test_a_voice_clip_is_understood_by_its_transcript_and_agents_read_it(house: House, said: str) -> None:
    ts = house.mia.upload(house.mia.dm, "voice.wav", b"RIFF----WAVE", said=said)
    answered = house.mia.wait_message(lambda one: one.get("thread_ts") == ts and "bot_id" in one)
    assert "on its way" in answered["text"]
    house.mia.click(answered, ids.PERSON)
    card = house.card(lambda one: "Said in <http" in shown(one) and "voice.wav" in shown(one))
    assert "where is my parcel" in shown(card)


@READS
def test_a_wrong_name_does_not_matter(house: House) -> None:
    assert "on its way" in reply(house, "notes.txt", drawn(["Your parcel"], "PNG"))


@pytest.mark.parametrize(
    ("name", "contents", "why"),
    [
        ("photo.png", pictures.PROGRAM, "kind"),
        ("logo.svg", pictures.SVG, "kind"),
        ("logo.png", pictures.SVG, "kind"),
        ("bomb.png", pictures.BOMB, "pixels"),
        ("dance.png", pictures.ANIMATED, "animated"),
        ("dance.gif", pictures.gif(64, 64, frames=3), "animated"),
        ("half.png", pictures.png(64, 64)[:30], "broken"),
        ("big.png", pictures.png(64, 64) + bytes(10_000_001), "large"),
    ],
)
def test_what_is_hostile_or_no_picture_is_refused_politely(house: House, name: str, contents: bytes, why: str) -> None:
    assert reply(house, name, contents).startswith(wording.UNREAD[why])


def test_where_nothing_reads_pictures_words_are_asked_for(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert house.bot.services.pictures is not None
    house.bot.services.pictures.close()
    monkeypatch.setattr(picture_reader, "installed", lambda: False)
    assert reply(house, "shot.png", pictures.png(300, 200)).startswith(wording.NO_WORDS)
    assert "pip install 'understudy[ocr]'" in caplog.text
    assert "on its way" in reply(house, "shot.png", pictures.png(300, 200), "where is my parcel?")
