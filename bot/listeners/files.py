"""Files of messages: what Slack says of them, and their bytes, fetched with the bot's token from Slack alone."""

import logging
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.attachments import FileRefused
from storage.attachments import Arrived

log = logging.getLogger(__name__)
SECONDS = 15.0
"""For one file, from the first byte asked for to the last one read."""
CLOUDS = ("slack.com", "slack-gov.com")
GONE = frozenset({"tombstone", "hidden_by_limit"})
PIECE = 64 * 1024


def arrived(file: Mapping[str, Any]) -> Arrived | None:
    """A file of an event; none for one that is not there any more."""
    if file.get("mode") in GONE:
        return None
    transcription = file.get("transcription") or {}
    preview = transcription.get("preview") or {}
    kind = str(file.get("mimetype") or "")
    spoken = file.get("subtype") in ("slack_audio", "slack_video") or kind.startswith(("audio/", "video/"))
    file_id, name, link = (str(file.get(key) or "") for key in ("id", "name", "permalink"))
    size = file.get("size")
    if spoken:
        complete = transcription.get("status") == "complete"
        said = str(preview.get("content") or "") if complete else ""
        more = str(file.get("vtt") or "") if complete and (preview.get("has_more") or not said) else ""
        return Arrived("voice", file_id[:255], name, more, link, text=said)
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    bytes_ = size if isinstance(size, int) and 0 <= size < 2**31 else 0
    return Arrived("file", file_id[:255], name, url, link, bytes_)


class SlackFiles:
    """Implements bot.attachments.Files."""

    def __init__(self, client: WebClient, seconds: float = SECONDS) -> None:
        self._client, self._seconds = client, seconds
        proxies = {"http": client.proxy, "https": client.proxy} if client.proxy else {}
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=client.ssl), _NoRedirect()
        )

    def find(self, file_id: str) -> Arrived | None:
        try:
            return arrived(self._client.files_info(file=file_id).get("file") or {})
        except SlackApiError as error:
            log.info("nothing known of file %s: %s", file_id, error.response.get("error"))
            return None

    def fetch(self, url: str, most: int) -> bytes:
        if not ours(url, self._client.base_url):
            # The request carries the bot's token: it goes to nobody else.
            raise FileRefused(f"expected an address of Slack's, found host {urlsplit(url).hostname!r}")
        asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._client.token}"})
        end = time.monotonic() + self._seconds
        try:
            with self._opener.open(asked, timeout=self._seconds) as answer:
                data = self._read(answer, most, end)
                kind = str(answer.headers.get("Content-Type") or "")
        except urllib.error.HTTPError as error:
            raise FileRefused(f"expected the file, found HTTP {error.code}") from None
        except (OSError, ValueError) as error:
            raise FileRefused(f"expected the file, found {type(error).__name__}") from None
        if kind.startswith("text/html") and data.lstrip()[:1] == b"<":
            raise FileRefused("expected the file, found a page to log in: has the app the scope files:read?")
        return data

    @staticmethod
    def _read(answer: Any, most: int, end: float) -> bytes:
        pieces, size = [], 0
        while piece := answer.read1(PIECE):
            size += len(piece)
            if size > most:
                raise FileRefused(f"expected at most {most:,} bytes, found more")
            if time.monotonic() > end:
                raise FileRefused("expected the file in time, found it slow")
            pieces.append(piece)
        return b"".join(pieces)


def ours(url: str, api: str) -> bool:
    """Whether an address is where the Web API is, or one of Slack's own hosts by https."""
    try:
        asked, home = urlsplit(url), urlsplit(api)
        port = asked.port
    except ValueError:
        return False
    if asked.username or asked.password or not asked.hostname:
        return False
    if (asked.scheme, asked.netloc) == (home.scheme, home.netloc):
        return True
    cloud = next((each for each in CLOUDS if _within(home.hostname or "", each)), None)
    return asked.scheme == "https" and port in (None, 443) and cloud is not None and _within(asked.hostname, cloud)


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Another address would get the token."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None
