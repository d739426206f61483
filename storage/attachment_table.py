"""The table of what came with a message: its own file, for storage/tables.py is long."""

from sqlalchemy import Column, Float, ForeignKey, Integer, Table

from storage.columns import key, metadata, name, text, time

attachments = Table(
    "attachments",
    metadata,
    key(),
    name("team_id"),
    Column("turn_id", Integer, ForeignKey("turns.id"), nullable=False, index=True),
    name("kind"),
    name("file_id", default=""),
    text("name"),
    text("url"),
    text("link"),
    Column("size", Integer, nullable=False, default=0),
    # What was read, once; never the file itself.
    name("status", default="received"),
    name("reason", default=""),
    text("text"),
    text("matters"),
    Column("confidence", Float),
    time("at"),
)
