"""Pictures in a real browser: those that the bot posts, those that a customer drops or pastes, and those too big."""

import io
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from slack_sdk import WebClient

from bot.workspace.files import LARGEST_FILE
from bot.workspace.server import Server

from .browsing import field, open_page, window
from .conftest import Recorder

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, ws: Server) -> Iterator[Page]:
    one = open_page(browser, ws.url)
    yield one
    assert one.problems == []  # type: ignore[attr-defined]
    one.context.close()


def png(width: int, height: int, colour: str = "teal") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, "PNG")
    return written.getvalue()


# Files let go over a node, or pasted into it, as the browser itself would tell of them.
GIVE = """(node, [kind, files]) => {
  const data = new DataTransfer();
  for (const [name, type, bytes] of files) {
    const content = typeof bytes === "number" ? new Uint8Array(bytes) : Uint8Array.from(bytes);
    data.items.add(new File([content], name, { type }));
  }
  const told = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  node.dispatchEvent(told);
}"""


def give(node: Locator, kind: str, *files: tuple[str, str, bytes | int]) -> None:
    plain = [(name, sort, list(what) if isinstance(what, bytes) else what) for name, sort, what in files]
    node.evaluate(GIVE, [kind, plain])


def loaded(picture: Locator) -> int:
    """The picture's own width once it is there: 0 where it could not be shown."""
    return int(picture.evaluate("async (node) => { await node.decode(); return node.naturalWidth; }"))


def test_a_plot_of_the_bot_stands_in_the_message_with_its_alt_text(page: Page, client: WebClient) -> None:
    client.files_upload_v2(
        channel="D0MIA",
        content=png(960, 480),
        filename="week.png",
        title="The last week",
        alt_txt="Answered alone: 41 of 60",
        initial_comment="The last *week*",
    )
    message = window(page, "U0MIA").locator(".message", has_text="The last week")
    shown = message.get_by_role("img", name="Answered alone: 41 of 60")
    expect(shown).to_be_visible()
    assert loaded(shown) == 960
    assert (shown.get_attribute("width"), shown.get_attribute("height")) == ("480", "240")
    box = shown.bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(2, abs=0.05)


def test_an_image_block_is_shown_from_a_file_of_the_workspace(page: Page, client: WebClient, ws: Server) -> None:
    told = client.files_upload_v2(channel="D0MIA", content=png(30, 20), filename="a.png")
    url = ws.url + ws.world.state.files[told["file"]["id"]]["url_page"]
    block = {"type": "image", "image_url": url, "alt_text": "A small picture"}
    client.chat_postMessage(channel="D0MIA", text="x", blocks=[block])
    assert loaded(window(page, "U0MIA").get_by_role("img", name="A small picture")) == 30


def test_dropped_and_pasted_pictures_wait_and_go_as_one_message(page: Page, recorder: Recorder) -> None:
    mia = window(page, "U0MIA")
    messages = mia.locator(".messages")
    give(messages, "dragover", ("mug.png", "image/png", png(4, 4)))
    expect(mia).to_have_class("client dragging")
    give(messages, "drop", ("mug.png", "image/png", png(40, 30)))
    expect(mia).to_have_class("client")
    give(field(mia), "paste", ("image.png", "image/png", png(20, 10, "coral")))
    give(field(mia), "paste", ("notes.txt", "text/plain", b"wrong colour"))
    tray = mia.get_by_role("list", name="Files to send")
    expect(tray.get_by_role("listitem")).to_have_count(3)
    tray.get_by_role("button", name="Take out notes.txt").click()
    field(mia).fill("it came broken")
    # Another place has another draft.
    mia.locator('.place[data-place="C0HELP"]').click()
    expect(tray).to_be_hidden()
    mia.locator('.place[data-place="D0MIA"]').click()
    expect(field(mia)).to_have_value("it came broken")
    field(mia).press("Enter")
    sent = mia.locator(".message", has_text="it came broken")
    expect(sent.locator("img")).to_have_count(2)
    assert [loaded(picture) for picture in sent.locator("img").all()] == [40, 20]
    expect(tray).to_be_hidden()
    expect(field(mia)).to_have_value("")
    told = (recorder.next()["event"] for _ in range(9))
    event = next(one for one in told if one.get("subtype") == "file_share")
    assert event["text"] == "it came broken"
    assert [(file["name"], file["original_w"]) for file in event["files"]] == [("mug.png", 40), ("image.png", 20)]


def test_a_file_that_is_too_big_or_empty_is_refused_with_a_line(page: Page) -> None:
    mia = window(page, "U0MIA")
    give(field(mia), "paste", ("film.png", "image/png", LARGEST_FILE + 1), ("mug.png", "image/png", png(4, 4)))
    expect(mia.get_by_role("alert").filter(has_text="film.png")).to_have_text(
        "film.png has 20.0 MB; a file has at most 20.0 MB."
    )
    expect(mia.locator(".tray-file")).to_have_count(1)
    give(field(mia), "paste", ("nothing.txt", "text/plain", 0))
    expect(mia.locator(".composer .trouble")).to_contain_text("nothing.txt is empty")
    field(mia).press_sequentially("x")
    expect(mia.locator(".composer .trouble")).to_be_hidden()


def test_a_picture_to_try_it_with_is_two_clicks_away(browser: Browser, ws: Server, tmp_path: Path) -> None:
    (tmp_path / "parcel-late.png").write_bytes(png(30, 20))
    (tmp_path / "notes.txt").write_text("no picture")
    ws.world.pictures = tmp_path
    page = open_page(browser, ws.url)
    mia = window(page, "U0MIA")
    clip = mia.get_by_role("button", name="Attach a file")
    clip.click()
    expect(page.get_by_role("menuitem")).to_have_text(
        ["A file of yours…", "Picture: parcel late", "A voice clip of what I typed"]
    )
    page.get_by_role("menuitem", name="parcel late").click()
    expect(mia.get_by_role("list", name="Files to send")).to_contain_text("parcel-late.png")
    field(mia).press("Enter")
    expect(mia.get_by_role("img", name="parcel-late.png")).to_be_visible()
    for name in ("notes.txt", "..%2Fnotes.txt", "gone.png"):
        assert page.request.get(f"{ws.url}/ui/pictures/{name}").status == 404
    (tmp_path / "parcel-late.png").unlink()
    clip.click()
    page.get_by_role("menuitem", name="parcel late").click()
    expect(page.get_by_text("parcel-late.png is not there any more.")).to_be_visible()
    page.context.close()


def test_what_was_typed_goes_as_a_voice_clip_with_its_transcript(browser: Browser, ws: Server, tmp_path: Path) -> None:
    ws.world.pictures = tmp_path
    (tmp_path / "parcel-late.png").write_bytes(png(30, 20))
    page = open_page(browser, ws.url)
    mia = window(page, "U0MIA")

    def speak() -> None:
        mia.get_by_role("button", name="Attach a file").click()
        page.get_by_role("menuitem", name="A voice clip").click()

    speak()
    expect(mia.locator(".composer .trouble")).to_contain_text("Type first what is to be said")
    field(mia).fill("where is my <b>parcel</b>")
    speak()
    expect(mia.locator(".message .voice")).to_contain_text("where is my <b>parcel</b>")
    expect(field(mia)).to_have_value("")
    [file] = [one for one in ws.world.state.files.values() if one.get("subtype")]
    assert file["transcription"]["preview"] == {"content": "where is my <b>parcel</b>", "has_more": False}
    with wave.open(io.BytesIO(ws.world.state.contents[file["id"]])) as clip:
        assert (clip.getnframes(), clip.getframerate()) == (800, 8000)
    assert page.problems == []  # type: ignore[attr-defined]
    page.context.close()
