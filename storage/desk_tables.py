"""Tables of what agents decide: how the desk answers, and which turns were no request. Part of storage.tables."""

from sqlalchemy import Column, Float, Index, Table

from storage.columns import flag as _flag
from storage.columns import key as _id
from storage.columns import metadata
from storage.columns import name as _name
from storage.columns import time as _time
from storage.columns import turn as _turn

dismissals = Table(
    "dismissals",
    metadata,
    _id(),
    _name("team_id"),
    _turn(),
    _flag("dismissed"),
    _name("state", default=""),
    _name("holder", default=""),
    _name("by"),
    _time("at"),
)

desk_rules = Table(
    "desk_rules",
    metadata,
    _id(),
    _name("team_id"),
    _name("scope"),
    _name("subject", default=""),
    _name("mode", default=""),
    Column("threshold", Float),
    _flag("answer_all"),
    _name("by", default=""),
    _time("at"),
    Index(None, "team_id", "scope", "subject"),
)
