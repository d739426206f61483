"""Everything that is kept of one person, as it would be handed to them."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from storage.conversations import of_team
from storage.opt_outs import OptOuts
from storage.redaction import turns_of
from storage.session import Session
from storage.tables import (
    agent_replies,
    attachments,
    clicks,
    conversations,
    corrections,
    feedback,
    scores,
    turn_edits,
    turns,
)


def kept_of(session: Session, team: str, user: str, customer_team: str = "") -> dict[str, Any]:
    """Cases with their messages, the oldest first; plain values, times in ISO 8601.

    What was erased stands there as the mark that took its place: what is left of it is kept, too.

    Args:
        customer_team: only as a customer of this team; empty for every team's.
    """
    mine = turns_of(team, user, customer_team)
    theirs = select(conversations).where(conversations.c.team_id == team, conversations.c.customer == user)
    if customer_team:
        theirs = theirs.where(of_team(team, customer_team))
    of_turn = {
        "earlier_wordings": _by_turn(session, select(turn_edits).where(turn_edits.c.turn_id.in_(mine)), "text", "at"),
        "files": _by_turn(session, select(attachments).where(attachments.c.turn_id.in_(mine)), "kind", "name", "text"),
        "judgements": _by_turn(
            session, select(feedback).where(feedback.c.turn_id.in_(mine)), "value", "reason", "comment", "at"
        ),
        "clicks": _by_turn(
            session, select(clicks).where(clicks.c.turn_id.in_(mine), clicks.c.user == user), "kind", "value", "at"
        ),
        "labels_by_agents": _by_turn(
            session, select(corrections).where(corrections.c.turn_id.in_(mine)), "after", "better_answer", "note", "at"
        ),
    }
    messages: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in session.execute(select(turns).where(turns.c.id.in_(mine)).order_by(turns.c.id)).mappings():
        message = _plain(dict(row), "created_at", "text", "intent", "confidence", "out_of_scope", "reply_text")
        further = {name: found[row["id"]] for name, found in of_turn.items() if row["id"] in found}
        messages[row["conversation_id"]].append(message | further)
    wrote: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    cases_of = theirs.with_only_columns(conversations.c.id)
    replied = select(agent_replies).where(agent_replies.c.conversation_id.in_(cases_of))
    for row in session.execute(replied.order_by(agent_replies.c.id)).mappings():
        wrote[row["conversation_id"]].append(_plain(dict(row), "at", "text"))
    scored = select(scores).where(scores.c.conversation_id.in_(cases_of))
    given = {row.conversation_id: row.score for row in session.execute(scored)}
    cases = []
    for row in session.execute(theirs.order_by(conversations.c.id)).mappings():
        case = _plain(dict(row), "id", "channel", "opened_at", "state", "resolved_at")
        replies = {"agents_wrote": wrote[row["id"]]} if row["id"] in wrote else {}
        score = {"score": given[row["id"]]} if row["id"] in given else {}
        cases.append(case | score | replies | {"messages": messages.pop(row["id"], [])})
    # Messages in others' cases, where several people write in one thread.
    elsewhere = [message for found in messages.values() for message in found]
    return {
        "user": user,
        "learned_from": not OptOuts(session, team).has(customer_team or team, user),
        "cases": cases,
        "messages_in_other_cases": elsewhere,
    }


def _by_turn(session: Session, query: Select[Any], *names: str) -> dict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in session.execute(query).mappings():
        found[row["turn_id"]].append(_plain(dict(row), *names))
    return found


def _plain(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """These columns; times as text, and nothing that is empty."""
    values = {name: row[name] for name in names if row[name] not in (None, "")}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
