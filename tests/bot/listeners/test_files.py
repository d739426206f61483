"""Files of events, and how they are fetched: with the token, from Slack alone, within limits."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from slack_sdk import WebClient

from bot.attachments import FileRefused
from bot.listeners.files import SlackFiles, arrived, ours
from storage.attachments import Arrived

CLOUD = "https://slack.com/api/"


@pytest.mark.parametrize(
    ("url", "api", "taken"),
    [
        ("https://files.slack.com/files-pri/T1-F1/shot.png", CLOUD, True),
        ("https://acme.enterprise.slack.com/files/F1", CLOUD, True),
        ("https://files.slack-gov.com/F1", "https://slack-gov.com/api/", True),
        ("http://127.0.0.1:8765/files-pri/F1/x", "http://127.0.0.1:8765/api/", True),
        ("http://files.slack.com/F1", CLOUD, False),
        ("https://files.slack.com:8443/F1", CLOUD, False),
        ("https://files.slack.com@evil.example/F1", CLOUD, False),
        ("https://user@files.slack.com/F1", CLOUD, False),
        ("https://slack.com.evil.example/F1", CLOUD, False),
        ("https://evilslack.com/F1", CLOUD, False),
        ("https://files.slack-gov.com/F1", CLOUD, False),
        ("https://files.slack.com/F1", "http://127.0.0.1:8765/api/", False),
        ("http://127.0.0.1:8766/F1", "http://127.0.0.1:8765/api/", False),
        ("http://169.254.169.254/latest", CLOUD, False),
        ("file:///etc/passwd", CLOUD, False),
        ("https://[bad", CLOUD, False),
        ("", CLOUD, False),
    ],
)
def test_the_token_goes_to_slack_alone(url: str, api: str, taken: bool) -> None:
    assert ours(url, api) is taken


class Shelf(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Authorization", "")))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/file")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8" if self.path == "/login" else "image/png")
        self.end_headers()
        pieces = {"/file": [b"abc"], "/login": [b"<!doctype html>"], "/endless": [b"x" * 1000] * 50}
        try:
            for piece in pieces.get(self.path, []):
                self.wfile.write(piece)
            for _ in range(100 if self.path == "/slow" else 0):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def shelf() -> Iterator[str]:
    Shelf.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Shelf) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def files(shelf: str, seconds: float = 15.0) -> SlackFiles:
    return SlackFiles(WebClient(token="xoxb-1", base_url=f"{shelf}/api/"), seconds)


def test_a_file_is_fetched_with_the_token(shelf: str) -> None:
    assert files(shelf).fetch(f"{shelf}/file", 3) == b"abc"
    assert Shelf.asked == [("/file", "Bearer xoxb-1")]


@pytest.mark.parametrize(
    ("path", "most", "why"),
    [
        ("/file", 2, "at most 2 bytes"),
        ("/endless", 20_000, "at most"),
        ("/away", 100, "HTTP 302"),
        ("/none", 100, "HTTP 404"),
        ("/login", 100, "files:read"),
        ("/slow", 10_000, "in time"),
    ],
)
def test_limits_hold_and_no_redirect_is_followed(shelf: str, path: str, most: int, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        files(shelf, 0.4 if path == "/slow" else 15).fetch(shelf + path, most)
    assert [asked for asked, _ in Shelf.asked] == [path]


def test_a_strange_host_is_not_even_asked(shelf: str) -> None:
    with pytest.raises(FileRefused, match="address of Slack's"):
        files("http://127.0.0.1:9").fetch(f"{shelf}/file", 10)
    assert Shelf.asked == []


def test_what_slack_says_of_files() -> None:
    shot = {"id": "F1", "name": "a.png", "mimetype": "image/png", "url_private": "u", "permalink": "p", "size": 9}
    assert arrived(shot) == Arrived("file", "F1", "a.png", "u", "p", 9)
    assert arrived(shot | {"size": "huge", "url_private_download": "d"}) == Arrived("file", "F1", "a.png", "d", "p", 0)
    assert arrived({"id": "F1", "mode": "tombstone"}) is None
    assert arrived({"id": "F1", "file_access": "check_file_info"}) == Arrived("file", "F1")


def test_what_slack_says_of_voice_clips() -> None:
    clip = {
        "id": "F2",
        "name": "a.m4a",
        "subtype": "slack_audio",
        "mimetype": "audio/mp4",
        "permalink": "p",
        "vtt": "v",
    }

    def heard(**transcription: object) -> Arrived | None:
        return arrived(clip | {"transcription": transcription})

    whole = {"content": "hi there", "has_more": False}
    assert heard(status="complete", preview=whole) == Arrived("voice", "F2", "a.m4a", "", "p", text="hi there")
    more = heard(status="complete", preview=whole | {"has_more": True})
    assert more == Arrived("voice", "F2", "a.m4a", "v", "p", text="hi there")
    assert heard(status="processing") == Arrived("voice", "F2", "a.m4a", "", "p")
