"""What came with a message, put into words: pictures are read, voice clips are taken by the transcript they came with.

Every file ends as read or as refused, with the reason kept; nothing here raises for what a file is. The file itself is
in memory while it is read, and nowhere afterwards.
"""

import logging
import re
import time
from typing import Protocol

from bot import wording
from bot.kit import Kit
from model.images import UnreadablePicture
from model.picture_reader import ReaderBusy, ReaderMissing, Reading
from model.picture_text import Encode, matters, seen
from model.types import UnderstudyError
from storage.attachments import Arrived, Attachment, Attachments
from storage.turns import Turn

log = logging.getLogger(__name__)
MOST_FILES = 4
"""Of one message, that are looked at."""
TRIES, PAUSE = 3, 1.5
"""How often, and after how many seconds, a voice clip is asked for its transcript: it is made after the message."""


class FileRefused(UnderstudyError):
    """A file that is not fetched: not there, not of the platform, too large or too slow."""


class NothingThere(Exception):
    """A file that can be opened and says nothing; its words are the reason that is kept."""


class Files(Protocol):
    """Where files come from."""

    def fetch(self, url: str, most: int) -> bytes:
        """A file of at most so many bytes.

        Raises:
            FileRefused: it is not fetched.
        """
        ...

    def find(self, file_id: str) -> Arrived | None:
        """What the platform says of a file now; none where it says nothing."""
        ...


class Reader(Protocol):
    def read(self, data: bytes) -> Reading:
        """Raises UnreadablePicture, ReaderBusy, ReaderMissing."""
        ...


class AttachmentDesk:
    """Reads what came with turns.

    Args:
        reader: of pictures; none where they are not to be read.
        most_bytes: of one file.
        encode: texts to vectors, for choosing what of a long page is near to the customer's words.
    """

    def __init__(
        self,
        kit: Kit,
        files: Files | None = None,
        reader: Reader | None = None,
        *,
        most_bytes: int = 10_000_000,
        encode: Encode | None = None,
        pause: float = PAUSE,
    ) -> None:
        self._kit, self._files, self._reader = kit, files, reader
        self._most, self._encode, self._pause = most_bytes, encode, pause

    def read(self, turn: Turn) -> str:
        """Put all that came with a turn into words, in SQL. Empty, or what to tell the customer of what is not read."""
        with self._kit.db.reading() as session:
            came = Attachments(session).of_turn(turn.id)
        for number, one in enumerate(came):
            if one.status == "received":
                self._one(turn, one) if number < MOST_FILES else self._refuse(one, "many")
        if any(one.status == "received" for one in came):
            with self._kit.db.reading() as session:
                came = Attachments(session).of_turn(turn.id)
        reasons = [one.reason for one in came if one.status == "refused" and one.reason]
        return wording.UNREAD.get(reasons[0], wording.UNREAD["broken"]) if reasons else ""

    def _one(self, turn: Turn, one: Attachment) -> None:
        try:
            words, part, confidence = self._voice(one) if one.kind == "voice" else self._picture(turn, one)
        except UnreadablePicture as error:
            self._refuse(one, error.reason, str(error))
        except NothingThere as error:
            self._refuse(one, str(error))
        except ReaderBusy as error:
            self._refuse(one, "busy", str(error))
        except ReaderMissing as error:
            log.warning("%s", error)
            self._refuse(one, "missing")
        except FileRefused as error:
            self._refuse(one, "fetch", str(error))
        except Exception:
            log.exception("attachment %s of turn %s was not read", one.id, turn.id)
            self._refuse(one, "broken")
        else:
            with self._kit.db.writing() as session:
                Attachments(session).read(one.id, words, part, confidence)

    def _picture(self, turn: Turn, one: Attachment) -> tuple[str, str, float]:
        """(all words, those that matter, confidence)."""
        if self._files is None or self._reader is None:
            raise ReaderMissing("expected that pictures are read, found PICTURES=off")
        if one.size > self._most:
            raise UnreadablePicture("large", f"expected at most {self._most:,} bytes, found {one.size:,}")
        url = one.url
        if not url and one.file_id:
            found = self._files.find(one.file_id)  # a channel shared with others names files by their id alone
            url = found.url if found is not None else ""
        reading = self._reader.read(self._files.fetch(url, self._most))
        found_in = seen(reading.lines)
        log.info("attachment %s: %d lines read in %.0f ms", one.id, len(reading.lines), reading.ms)
        if not found_in.readable:
            raise NothingThere("broken" if reading.lines else "wordless")
        return found_in.text, matters(found_in, self._kit.heard(turn).own, self._encode), found_in.confidence

    def _voice(self, one: Attachment) -> tuple[str, str, float]:
        """The transcript that came with it, or comes a little later; never made here."""
        said, url = one.text, one.url
        for _ in range(TRIES):
            if said or self._files is None:
                break
            time.sleep(self._pause)
            found = self._files.find(one.file_id)
            said, url = (found.text, found.url) if found is not None else ("", "")
        if url and self._files is not None:
            said = _more(self._files, url, self._most) or said
        if not said.strip():
            raise NothingThere("silent")
        return said, said, 1.0

    def _refuse(self, one: Attachment, reason: str, words: str = "") -> None:
        log.info("attachment %s of turn %s is not read (%s) %s", one.id, one.turn_id, reason, words)
        with self._kit.db.writing() as session:
            Attachments(session).refuse(one.id, reason)


def _more(files: Files, url: str, most: int) -> str:
    """The whole transcript, of which the message has the beginning only; empty where it does not come."""
    try:
        return spoken(files.fetch(url, most).decode("utf-8", "replace"))
    except FileRefused as error:
        log.info("the rest of a transcript is not read: %s", error)
        return ""


def spoken(vtt: str) -> str:
    """The words of a WebVTT file, without its times, names and notes."""
    blocks = re.split(r"\n\s*\n", vtt.replace("\r\n", "\n"))
    words = []
    for block in blocks:
        lines = block.strip().splitlines()
        at = next((i for i, line in enumerate(lines) if "-->" in line), None)
        if at is not None:
            words += [re.sub(r"<[^>]*>", "", line).strip() for line in lines[at + 1 :]]
    return " ".join(filter(None, words))
