"""The tables. Every row has a team; every time is UTC.

The triggers that hold corrections, dismissals, intent events, article versions and desk rules append-only and a turn's
prediction written once stand in the migrations alone: they guard the data against every program, this one included.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.attachment_table import attachments as attachments
from storage.columns import Utc as Utc
from storage.columns import flag as _flag
from storage.columns import json as _json
from storage.columns import key as _id
from storage.columns import metadata as metadata
from storage.columns import name as _name
from storage.columns import text as _text
from storage.columns import time as _time
from storage.columns import turn as _turn
from storage.columns import utcnow as utcnow
from storage.desk_tables import desk_rules as desk_rules
from storage.desk_tables import dismissals as dismissals
from storage.gap_tables import agent_replies as agent_replies
from storage.gap_tables import gap_marks as gap_marks
from storage.knowledge_tables import article_versions as article_versions
from storage.knowledge_tables import articles as articles
from storage.knowledge_tables import search_marks as search_marks
from storage.recommendation_table import recommendations as recommendations

ERASED = "[erased]"
"""Stands where a person's words were, once they have been redacted."""


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0, server_default="0")


def _only(where: str, *columns: str) -> Index:
    """An index of the few rows for which it holds: it costs the others nothing."""
    return Index(None, *columns, sqlite_where=text(where), postgresql_where=text(where))


conversations = Table(
    "conversations",
    metadata,
    _id(),
    _name("team_id"),
    _name("channel"),
    _name("thread_ts"),
    _name("customer"),
    _name("customer_team", default=""),
    _name("state", default="bot"),
    Column("holder", String(255)),
    _flag("is_test"),
    _time("opened_at"),
    _time("updated_at"),
    _time("resolved_at", nullable=True),
    _name("card_channel", default=""),
    _name("card_ts", default=""),
    Column("strikes", Integer, nullable=False, default=0),
    _flag("silent_notice"),
    _count("moves"),
    _count("shown"),
    _time("waiting_since", nullable=True),
    _time("holder_at", nullable=True),
    UniqueConstraint("team_id", "channel", "thread_ts"),
    Index(None, "team_id", "channel", "customer"),
    Index(None, "team_id", "card_channel", "card_ts"),
    Index(None, "team_id", "state"),
    Index(None, "team_id", "customer", "opened_at"),
    _only("waiting_since IS NOT NULL", "team_id", "waiting_since"),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    _name("team_id"),
    Column("conversation_id", Integer, ForeignKey("conversations.id"), nullable=False),
    Column("wait", Integer, nullable=False),
    _name("kind"),
    _name("about", default=""),
    _time("lease_until"),
    Column("attempts", Integer, nullable=False, default=1),
    _time("sent_at", nullable=True),
    UniqueConstraint("conversation_id", "wait", "kind"),
    _only("sent_at IS NULL", "team_id"),
)

turns = Table(
    "turns",
    metadata,
    _id(),
    _name("team_id"),
    Column("conversation_id", Integer, ForeignKey("conversations.id"), nullable=False, index=True),
    _name("channel"),
    _name("ts"),
    _name("user"),
    _name("event_id", default=""),
    _text("text"),
    _name("status", default="received"),
    _time("lease_until", nullable=True),
    Column("attempts", Integer, nullable=False, default=0),
    # The prediction: written once, together.
    Column("intent", String(255)),
    Column("confidence", Float),
    Column("oos_score", Float),
    Column("out_of_scope", Boolean),
    _json("ranking"),
    Column("prediction_source", String(255)),
    Column("intent_version", String(255)),
    _time("predicted_at", nullable=True),
    _json("requests"),
    Column("in_context", Boolean),
    # What was done with it.
    Column("route", String(255)),
    _text("reply_text"),
    _name("reply_ts", default=""),
    _name("reply_kind", default=""),
    _name("response_version", default=""),
    _json("article_ids"),
    _json("timings"),
    _text("error"),
    _time("created_at"),
    _time("finished_at", nullable=True),
    # Where it stands, if not in its case's thread.
    Column("thread_ts", String(255), nullable=False, default="", server_default=text("''")),
    # The turn that it follows closely and is read together with; see storage/bursts.py.
    Column("joined_to", Integer),
    _time("heard_at", nullable=True),
    UniqueConstraint("team_id", "channel", "ts"),
    Index(None, "team_id", "channel", "reply_ts"),
    Index(None, "team_id", "user", "created_at"),
    _only("status IN ('received', 'working', 'posted')", "team_id"),
    Index(None, "team_id", "created_at"),
    _only("joined_to IS NOT NULL", "joined_to"),
)

turn_edits = Table("turn_edits", metadata, _id(), _name("team_id"), _turn(), _text("text"), _time("at"))

clicks = Table(
    "clicks",
    metadata,
    _id(),
    _name("team_id"),
    _turn(),
    _name("user"),
    _name("kind"),
    _name("value", default=""),
    _time("at"),
    UniqueConstraint("turn_id", "user", "kind", "value"),
)

feedback = Table(
    "feedback",
    metadata,
    _id(),
    _name("team_id"),
    _turn(),
    _name("user"),
    _name("value"),
    _name("reason", default=""),
    _text("comment"),
    _time("at"),
    UniqueConstraint("turn_id", "user"),
)

corrections = Table(
    "corrections",
    metadata,
    _id(),
    _name("team_id"),
    _turn(nullable=True),
    _text("text"),
    _name("before", default=""),
    _name("after"),
    Column("better_answer", Text),
    _name("by"),
    _time("at"),
    _name("source"),
    _name("model_version", default=""),
    _text("note"),
    Column("undoes", Integer, ForeignKey("corrections.id")),
    # Given along with that one, whose text is nearly the same.
    Column("part_of", Integer),
    Index(None, "team_id", "at"),
    _only("undoes IS NOT NULL", "undoes"),
    _only("part_of IS NOT NULL", "part_of"),
)

opt_outs = Table(
    "opt_outs",
    metadata,
    *(Column(each, String(255), primary_key=True) for each in ("team_id", "customer_team", "user")),
    _time("at"),
)

scores = Table(
    "scores",
    metadata,
    _id(),
    _name("team_id"),
    Column("conversation_id", Integer, ForeignKey("conversations.id"), nullable=False, unique=True),
    Column("score", Integer, nullable=False),
    _time("at"),
)

utterances = Table(
    "utterances",
    metadata,
    _id(),
    _name("team_id"),
    _text("text"),
    _name("label"),
    _name("fingerprint"),
    _name("source"),
    _time("at"),
    UniqueConstraint("team_id", "fingerprint"),
)

intents = Table(
    "intents",
    metadata,
    _id(),
    _name("team_id"),
    _name("name"),
    _name("title"),
    _text("description"),
    Column("answer", Text),
    _flag("compose"),
    _flag("small_talk"),
    _flag("handoff"),
    _name("source"),
    _flag("archived"),
    UniqueConstraint("team_id", "name"),
)

intent_events = Table(
    "intent_events",
    metadata,
    _id(),
    _name("team_id", index=True),
    _name("kind"),
    _name("name"),
    _name("into", default=""),
    _name("by"),
    _time("at"),
)

training_runs = Table(
    "training_runs",
    metadata,
    _id(),
    _name("team_id"),
    _name("kind"),
    _name("status", default="claimed"),
    _name("claimed_by"),
    _time("heartbeat_at"),
    _time("started_at"),
    _time("finished_at", nullable=True),
    _name("champion", default=""),
    _name("challenger", default=""),
    Column("rows", Integer, nullable=False, default=0),
    _json("figures"),
    _text("verdict"),
    _text("error"),
    # 1 while the run is active, else null: the unique key is what lets only one in.
    Column("slot", Integer, unique=True),
)

settings_kv = Table(
    "settings_kv",
    metadata,
    Column("team_id", String(255), primary_key=True),
    Column("key", String(255), primary_key=True),
    _json("value"),
)

processed_events = Table(
    "processed_events",
    metadata,
    Column("team_id", String(255), primary_key=True),
    Column("event_id", String(255), primary_key=True),
    _time("at", index=True),
)
