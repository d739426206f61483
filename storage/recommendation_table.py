"""The table of recommendations. What was opened of them stands in `clicks`."""

from sqlalchemy import Column, ForeignKey, Integer, Table, UniqueConstraint

from storage.columns import json, key, metadata, name, time, turn

recommendations = Table(
    "recommendations",
    metadata,
    key(),
    name("team_id", index=True),
    Column("conversation_id", Integer, ForeignKey("conversations.id"), nullable=False),
    turn(),
    # [article, score, probability by the log, nearness] each.
    json("shown"),
    name("version"),
    time("at"),
    # One a case: the unique key is what holds it.
    UniqueConstraint("conversation_id"),
)
