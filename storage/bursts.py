"""Requests that came in pieces: several messages that are one turn, the first of them.

A message that follows another closely is written with `joined_to` set. It waits there until the desk has read it: then
it is `joined` and its words belong to the first one's, or it is parted and stands alone.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update

from storage.rows import changed
from storage.session import Session
from storage.tables import ERASED, turn_edits, turns

JOINED = "joined"
"""Kind of a turn that was read as a part of another one."""
AT_ONCE = 500
"""So many turns are asked for in one query."""


def is_joined() -> ColumnElement[bool]:
    """Turns that have joined another one."""
    return turns.c.joined_to.is_not(None) & (turns.c.reply_kind == JOINED)


_FOLLOWED = (
    select(turns.c.joined_to).where(turns.c.joined_to.in_(bindparam("ids", expanding=True)), is_joined()).distinct()
)


def newest_first(session: Session, team: str, channel: str, user: str) -> int:
    """The first message of this user's newest burst in a channel; 0 for none."""
    c = turns.c
    mine = and_(c.team_id == team, c.channel == channel, c.user == user, c.joined_to.is_(None), c.heard_at.is_not(None))
    return int(session.execute(select(c.id).where(mine).order_by(c.ts.desc(), c.id.desc()).limit(1)).scalar() or 0)


def join(session: Session, turn_id: int) -> bool:
    """Count a turn's words to those of the one that it follows; False where it stands alone."""
    mine = (turns.c.id == turn_id) & turns.c.joined_to.is_not(None)
    return changed(session, update(turns).where(mine).values(reply_kind=JOINED)) == 1


def part(session: Session, turn_id: int, conversation_id: int, thread_ts: str = "", *, alone: bool = False) -> None:
    """Let a turn stand alone, in its own case; what came after it and is not read yet follows it there.

    Args:
        alone: whether nothing can join it.
    """
    first = session.execute(select(turns.c.joined_to, turns.c.ts).where(turns.c.id == turn_id)).one()
    own = {"joined_to": None, "conversation_id": conversation_id, "thread_ts": thread_ts}
    session.execute(update(turns).where(turns.c.id == turn_id).values(**own, **({"heard_at": None} if alone else {})))
    if alone or first.joined_to is None:
        return
    behind = and_(
        turns.c.joined_to == first.joined_to,
        turns.c.ts > first.ts,
        turns.c.status.in_(("received", "working")),
        turns.c.reply_kind != JOINED,
    )
    session.execute(update(turns).where(behind).values(joined_to=turn_id, conversation_id=conversation_id))


def wordings(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """What each of these turns says, of those that others have joined: a line a message, as they were last worded."""
    asked, found = list(ids), {}
    for start in range(0, len(asked), AT_ONCE):
        found.update(_wordings(session, asked[start : start + AT_ONCE]))
    return found


def _wordings(session: Session, ids: Sequence[int]) -> dict[int, str]:
    firsts = list(session.scalars(_FOLLOWED, {"ids": list(ids)}))
    if not firsts:
        return {}
    newest = select(func.max(turn_edits.c.id)).where(turn_edits.c.turn_id == turns.c.id).correlate(turns)
    later = select(turn_edits.c.text).where(turn_edits.c.id == newest.scalar_subquery()).correlate(turns)
    query = (
        select(turns.c.id, turns.c.joined_to, turns.c.text, later.scalar_subquery().label("later"))
        .where(or_(turns.c.id.in_(firsts), turns.c.joined_to.in_(firsts) & is_joined()))
        .order_by(turns.c.ts, turns.c.id)
    )
    lines: dict[int, list[str]] = {}
    for row in session.execute(query):
        lines.setdefault(row.joined_to or row.id, []).append(row.text if row.later is None else row.later)
    return {first: joint(said) for first, said in lines.items()}


def joint(lines: Iterable[str]) -> str:
    """The lines of several messages; a message that was taken back says nothing, unless all were."""
    said = list(lines)
    return "\n".join(line for line in said if line not in ("", ERASED)) or (ERASED if ERASED in said else "")
