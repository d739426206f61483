"""Erasing a person's words. Rows, labels and figures stay; the words are replaced by a mark."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, delete, exists, func, or_, select, union, update

from storage import bursts
from storage.conversations import of_team
from storage.rows import changed
from storage.session import Session
from storage.tables import (
    ERASED,
    agent_replies,
    attachments,
    clicks,
    conversations,
    corrections,
    feedback,
    search_marks,
    settings_kv,
    turn_edits,
    turns,
    utcnow,
)

BY_COMMAND = "ask-"
"""How the event id begins of a question asked by the customers' command, which the bot posts for them."""
BY_AGENT = "request:"
"""How it begins of a message that an agent made a request, because nobody had asked the bot."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows lost their words."""

    turns: int
    edits: int
    comments: int
    corrections: int
    searches: int = 0
    replies: int = 0
    """Of agents, in the case."""


def redact_turns(session: Session, turn_ids: Sequence[int]) -> Erased:
    """Take the words out of these turns, their edits, feedback comments, corrections and searches for them.

    Where no words of the customer's are left in a case, what agents replied there goes too.
    """
    return _redact(session, list(turn_ids))


def erase_user(session: Session, team: str, user: str, customer_team: str = "") -> Erased:
    """Take out everything this user wrote or was told by agents, feedback on other people's turns, and that they were
    greeted.

    Args:
        customer_team: only in cases of this team's customer; empty for every team's.
    """
    mine = turns_of(team, user, customer_team)
    done = _redact(session, mine)
    # What was not answered yet never will be: there are no words left to answer.
    unanswered = turns.c.id.in_(mine) & turns.c.finished_at.is_(None)
    ended = {"status": "done", "lease_until": None, "reply_kind": "deleted", "finished_at": utcnow()}
    session.execute(update(turns).where(unanswered).values(**ended))
    comments = _blank(session, feedback, (feedback.c.team_id == team) & (feedback.c.user == user), "comment")
    session.execute(delete(settings_kv).where(settings_kv.c.team_id == team, settings_kv.c.key == f"introduced:{user}"))
    replies = _blank(session, agent_replies, _told(team, user, customer_team), "text")
    return replace(done, comments=done.comments + comments, replies=done.replies + replies)


def count_user(session: Session, team: str, user: str, customer_team: str = "") -> int:
    """How many turns of this user still have words."""
    mine = turns.c.id.in_(turns_of(team, user, customer_team))
    return int(session.execute(select(func.count()).where(mine, turns.c.text.not_in(("", ERASED)))).scalar_one())


def texts_of_user(session: Session, team: str, user: str, customer_team: str = "") -> set[str]:
    """Every wording of this user's messages that may have been learned."""
    ids = turns_of(team, user, customer_team)
    wordings = union(
        select(turns.c.text).where(turns.c.id.in_(ids)),
        select(turn_edits.c.text).where(turn_edits.c.turn_id.in_(ids)),
        select(corrections.c.text).where(corrections.c.turn_id.in_(ids)),
    )
    together = bursts.wordings(session, [int(row.id) for row in session.execute(ids)])
    return {*session.scalars(wordings), *together.values()} - {"", ERASED}


def cases_of_user(session: Session, team: str, user: str, customer_team: str = "") -> list[int]:
    """Ids of the cases with a card that shows words of this user, or did."""
    judged = select(feedback.c.turn_id).where(feedback.c.team_id == team, feedback.c.user == user)
    ids = turns_of(team, user, customer_team)
    query = (
        select(conversations.c.id)
        .join(turns, turns.c.conversation_id == conversations.c.id)
        .where(conversations.c.card_ts != "", or_(turns.c.id.in_(ids), turns.c.id.in_(judged)))
    )
    return sorted(set(session.scalars(query)))


def repeated_of_user(session: Session, team: str, user: str, customer_team: str = "") -> list[tuple[str, str]]:
    """(channel, ts) of the bot's own messages that repeat this user's question: those of the customers' command."""
    mine = turns.c.id.in_(turns_of(team, user, customer_team)) & turns.c.event_id.startswith(BY_COMMAND)
    query = select(turns.c.channel, turns.c.ts).where(mine).order_by(turns.c.id)
    return [(row.channel, row.ts) for row in session.execute(query)]


def turns_of(team: str, user: str, customer_team: str) -> Select[tuple[int]]:
    """Ids of this user's turns; `customer_team` as for `erase_user`."""
    query = select(turns.c.id).where(turns.c.team_id == team, turns.c.user == user)
    if not customer_team:
        return query
    joined = query.join(conversations, conversations.c.id == turns.c.conversation_id)
    return joined.where(of_team(team, customer_team))


def _told(team: str, user: str, customer_team: str) -> ColumnElement[bool]:
    """What agents replied to this user, and what this user replied as an agent."""
    c = conversations.c
    theirs = (c.team_id == team) & (c.customer == user)
    theirs &= of_team(team, customer_team) if customer_team else c.id.is_not(None)
    r = agent_replies.c
    return (r.team_id == team) & or_(r.conversation_id.in_(select(c.id).where(theirs)), r.agent == user)


def _wordless(ids: Any) -> ColumnElement[bool]:
    """Replies in the cases of these turns, where no turn has words any more."""
    r = agent_replies.c
    here = r.conversation_id.in_(select(turns.c.conversation_id).where(turns.c.id.in_(ids)))
    left = exists().where(turns.c.conversation_id == r.conversation_id, turns.c.text.not_in(("", ERASED)))
    return here & ~left


def _redact(session: Session, ids: Any) -> Erased:
    came = attachments.c.turn_id.in_(ids)
    _blank(session, attachments, came, "name", "url", "link", "text", "matters")
    # A number of theirs, where the customer chose an order.
    _blank(session, clicks, clicks.c.turn_id.in_(ids) & (clicks.c.kind == "which_order"), "value")
    # What is being read right now is not written any more either.
    session.execute(update(attachments).where(came, attachments.c.status == "received").values(status="refused"))
    worded = _blank(session, turns, turns.c.id.in_(ids), "text", "reply_text", "error")
    # Labelled and searched were the words of all that had joined the same turn.
    first = select(turns.c.joined_to).where(turns.c.id.in_(ids), turns.c.joined_to.is_not(None))
    _blank(session, corrections, corrections.c.turn_id.in_(first), "text")
    _blank(session, search_marks, search_marks.c.turn_id.in_(first), "query")
    return Erased(
        searches=_blank(session, search_marks, search_marks.c.turn_id.in_(ids), "query"),
        turns=worded,
        replies=_blank(session, agent_replies, _wordless(ids), "text"),
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
