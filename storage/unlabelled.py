"""The messages that nobody has labelled: what a live bot has most of."""

from collections.abc import Collection

from sqlalchemy import Select, exists, select

from storage.bursts import wordings
from storage.corrections import not_undone
from storage.dismissals import dismissed
from storage.opt_outs import opted_out
from storage.session import Session
from storage.tables import ERASED, conversations, corrections, turns


def texts(session: Session, team: str, limit: int, without: Collection[str] = ()) -> list[str]:
    """The newest `limit` messages that the model took for one of its intents and no agent has judged, oldest first.

    Without agents' own tests, without erased ones and those of customers who want nothing learned from them, and
    without what was refused as out of scope: what strangers ask would be taught as one of the intents.

    Args:
        without: intents whose messages are left out: they are in nobody's use any more.
    """
    query = (
        _unjudged(team)
        .where(turns.c.out_of_scope.is_(False), turns.c.intent.not_in(list(without)), ~opted_out())
        .limit(limit)
    )
    return [words for _, words in _worded(session, query)][::-1]


def newest(session: Session, team: str, limit: int) -> list[tuple[int, str]]:
    """(turn, text) of the newest messages that no agent has judged, newest first; out of scope or not."""
    query = _unjudged(team).where(turns.c.predicted_at.is_not(None)).limit(limit)
    return _worded(session, query)


def _worded(session: Session, query: Select[tuple[int, str]]) -> list[tuple[int, str]]:
    """(turn, words), where several messages are one turn all of theirs."""
    rows = session.execute(query).all()
    together = wordings(session, [row.id for row in rows])
    return [(row.id, together.get(row.id, row.text)) for row in rows]


def _unjudged(team: str) -> Select[tuple[int, str]]:
    """Ids and texts of customers' messages that still have words, newest first."""
    judged = exists().where(corrections.c.turn_id == turns.c.id, not_undone())
    return (
        select(turns.c.id, turns.c.text)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(
            turns.c.team_id == team,
            turns.c.text.not_in(("", ERASED)),
            conversations.c.is_test.is_(False),
            ~judged,
            ~dismissed(),
        )
        .order_by(turns.c.created_at.desc(), turns.c.id.desc())
    )
