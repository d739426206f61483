"""Statements about turns that every message runs, some of them a dozen times; see `storage.session`."""

from sqlalchemy import bindparam, select, update

from storage import bursts
from storage.tables import turn_edits, turns
from storage.turn import UNFINISHED

_C = turns.c
ONE = select(turns).limit(1)
BY_ID = ONE.where(_C.id == bindparam("turn"))
IN_CHANNEL = ONE.where(_C.team_id == bindparam("team"), _C.channel == bindparam("place"))
BY_TS = IN_CHANNEL.where(_C.ts == bindparam("at"))
BY_REPLY_TS = IN_CHANNEL.where(_C.reply_ts == bindparam("at"))
# Slack's timestamps have a fixed width: their order as text is their order in time.
ALL = select(turns).order_by(_C.ts, _C.id)
OF_CASE = ALL.where(_C.conversation_id == bindparam("case"))
# Letter by letter what the index of them says: a value that is bound would not be found there.
UNFINISHED_ONES = ALL.where(_C.status.in_(bindparam("open", UNFINISHED, expanding=True, literal_execute=True)))
OPEN_OF_CASE = OF_CASE.where(_C.status.in_(UNFINISHED)).limit(1)
FIRSTS_OF_CASES = ALL.where(_C.conversation_id.in_(bindparam("cases", expanding=True)), _C.joined_to.is_(None))
PIECES_OF_CASE = OF_CASE.where(bursts.is_joined())
FOLLOWING = ALL.where(_C.joined_to == bindparam("first"))
JOINED = FOLLOWING.where(bursts.is_joined())
BEFORE = ALL.where(
    _C.team_id == bindparam("team"),
    _C.user == bindparam("who"),
    _C.joined_to.is_(None),
    _C.id < bindparam("turn"),
    _C.created_at >= bindparam("since"),
)
LAST_OF = (
    select(turns)
    .where(
        _C.team_id == bindparam("team"),
        _C.channel == bindparam("place"),
        _C.user == bindparam("who"),
        _C.joined_to.is_(None),
        _C.created_at >= bindparam("since"),
    )
    .order_by(_C.id.desc())
    .limit(1)
)
EDITS = select(turn_edits).where(turn_edits.c.turn_id.in_(bindparam("turns", expanding=True))).order_by(turn_edits.c.id)
SET = update(turns).where(_C.id == bindparam("turn"))
SET_UNPREDICTED = SET.where(_C.predicted_at.is_(None))
