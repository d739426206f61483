"""Erasing a person's words. Rows, labels and figures stay; the words are replaced by a mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, case, delete, or_, select, update
from sqlalchemy.orm import Session

from storage.rows import changed
from storage.tables import ERASED, attachments, corrections, feedback, search_marks, settings_kv, turn_edits, turns


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows lost their words."""

    turns: int
    edits: int
    comments: int
    corrections: int


def redact_turns(session: Session, turn_ids: Sequence[int]) -> Erased:
    """Take the words out of these turns, their edits, feedback comments and corrections."""
    return _redact(session, list(turn_ids))


def erase_user(session: Session, team: str, user: str) -> Erased:
    """Take out everything this user wrote, also feedback on other people's turns, and that they were greeted."""
    ids = select(turns.c.id).where(turns.c.team_id == team, turns.c.user == user)
    done = _redact(session, ids)
    comments = _blank(session, feedback, (feedback.c.team_id == team) & (feedback.c.user == user), "comment")
    session.execute(delete(settings_kv).where(settings_kv.c.team_id == team, settings_kv.c.key == f"introduced:{user}"))
    return Erased(done.turns, done.edits, done.comments + comments, done.corrections)


def count_user(session: Session, team: str, user: str) -> int:
    """How many turns of this user still have words."""
    query = select(turns.c.id).where(turns.c.team_id == team, turns.c.user == user, turns.c.text != ERASED)
    return len(session.execute(query).all())


def _redact(session: Session, ids: Any) -> Erased:
    _blank(session, search_marks, search_marks.c.turn_id.in_(ids), "query")
    came = attachments.c.turn_id.in_(ids)
    _blank(session, attachments, came, "name", "url", "link", "text", "matters")
    # What is being read right now is not written any more either.
    session.execute(update(attachments).where(came, attachments.c.status == "received").values(status="refused"))
    return Erased(
        turns=_blank(session, turns, turns.c.id.in_(ids), "text", "reply_text", "error"),
        edits=_blank(session, turn_edits, turn_edits.c.turn_id.in_(ids), "text"),
        comments=_blank(session, feedback, feedback.c.turn_id.in_(ids), "comment"),
        corrections=_blank(session, corrections, corrections.c.turn_id.in_(ids), "text", "better_answer", "note"),
    )


def _blank(session: Session, table: Table, which: ColumnElement[bool], *names: str) -> int:
    """Put the mark where there were words; empty fields stay empty. Returns how many rows changed."""
    columns = [table.c[name] for name in names]
    worded = or_(*(column.not_in(("", ERASED)) for column in columns))
    values = {column.name: case((column.not_in(("",)), ERASED), else_=column) for column in columns}
    return changed(session, update(table).where(which, worded).values(**values))
