"""What is done with intents is kept as events, append-only like the corrections."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.guards_0001 import changed, guard

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FIXED = ("id", "kind", "name", "into", "by", "at")
MESSAGE = "events of intents are append-only: add another instead"


def upgrade() -> None:
    op.create_table(
        "intent_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("into", sa.String(length=255), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_events")),
    )
    op.create_index(op.f("ix_intent_events_team_id"), "intent_events", ["team_id"])
    if op.get_bind().dialect.name == "sqlite":
        for action, when in (("UPDATE", rewritten("IS NOT")), ("DELETE", "true")):
            op.execute(
                f"CREATE TRIGGER intent_events_no_{action.lower()} BEFORE {action} ON intent_events WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
    else:
        guard("intent_events_no_update", "intent_events", "UPDATE", rewritten("IS DISTINCT FROM"), MESSAGE)
        guard("intent_events_no_delete", "intent_events", "DELETE", "true", MESSAGE)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")


def rewritten(differs: str) -> str:
    """Events of no team may be given to one, once."""
    return f"{changed(FIXED, differs)} OR (NEW.team_id {differs} OLD.team_id AND OLD.team_id <> '')"
