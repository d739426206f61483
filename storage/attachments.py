"""What came with a message: pictures and voice clips. Kept are their place and the words in them, never the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, select, update

from storage.attachment_table import attachments
from storage.rows import changed, insert_all, read
from storage.session import Session
from storage.tables import utcnow

Status = Literal["received", "read", "refused"]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file as its message names it."""

    kind: Literal["file", "voice"]
    file_id: str = ""
    name: str = ""
    url: str = ""
    link: str = ""
    """For people."""
    size: int = 0
    """Bytes."""
    text: str = ""
    """Of a voice clip: what was said in it, where that came with the message."""


@dataclass(frozen=True, slots=True)
class Attachment:
    id: int
    team_id: str
    turn_id: int
    kind: Literal["file", "voice"]
    file_id: str
    name: str
    url: str
    link: str
    size: int
    status: Status
    reason: str
    """Why it was refused, in a word."""
    text: str
    """All that was read in it."""
    matters: str
    """The part of that which is read with the message."""
    confidence: float | None
    at: datetime


_OF_TURNS = (
    select(attachments).where(attachments.c.turn_id.in_(bindparam("turns", expanding=True))).order_by(attachments.c.id)
)


class Attachments:
    def __init__(self, session: Session) -> None:
        self._session = session

    def arrived(self, team: str, turn_id: int, files: Sequence[Arrived]) -> None:
        """Write down what came with a turn's message."""
        rows = [
            {
                "team_id": team,
                "turn_id": turn_id,
                "kind": file.kind,
                "file_id": file.file_id,
                "name": file.name,
                "url": file.url,
                "link": file.link,
                "size": file.size,
                "text": file.text,
                "at": utcnow(),
            }
            for file in files
        ]
        insert_all(self._session, attachments, rows)

    def of_turn(self, turn_id: int) -> list[Attachment]:
        """In the order of the message."""
        return self.of_turns([turn_id])

    def of_turns(self, ids: Sequence[int]) -> list[Attachment]:
        """The same of several turns, one after another."""
        rows = self._session.execute(_OF_TURNS, {"turns": list(ids)}).mappings()
        found = [read(Attachment, row) for row in rows]
        return sorted(found, key=lambda each: ids.index(each.turn_id)) if len(ids) > 1 else found

    def read(self, attachment_id: int, text: str, matters: str, confidence: float) -> bool:
        """What it says, once; False where that was written, or erased, before."""
        return self._done(attachment_id, status="read", text=text, matters=matters, confidence=confidence)

    def refuse(self, attachment_id: int, reason: str) -> bool:
        """It is not read."""
        return self._done(attachment_id, status="refused", reason=reason)

    def _done(self, attachment_id: int, **values: object) -> bool:
        c = attachments.c
        # One whose message was deleted meanwhile is not `received` any more.
        fresh = (c.id == attachment_id, c.status == "received")
        return changed(self._session, update(attachments).where(*fresh).values(**values)) == 1
