"""Tables of the knowledge gaps: what agents replied themselves, and which questions were dealt with. Part of
storage.tables."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint

from storage.columns import key, metadata, name, text, time, turn

agent_replies = Table(
    "agent_replies",
    metadata,
    key(),
    name("team_id"),
    Column("conversation_id", Integer, ForeignKey("conversations.id"), nullable=False, index=True),
    name("agent"),
    name("source"),
    # Of the message or the form that it came by: what is delivered again is one row.
    Column("key", String(255), nullable=False),
    text("text"),
    time("at"),
    UniqueConstraint("team_id", "key"),
)

gap_marks = Table(
    "gap_marks",
    metadata,
    key(),
    name("team_id"),
    turn(),
    name("kind"),
    # The one click that marked these turns, by which it is taken back.
    name("deed", index=True),
    name("article", default=""),
    name("by"),
    time("at"),
    UniqueConstraint("team_id", "turn_id"),
)
