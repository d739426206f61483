"""Indexes that keep what is asked all day as quick with years of messages as with none."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DROPPED = (
    ("conversations", "state"),
    ("turns", "user"),
    ("turns", "status"),
    ("turns", "created_at"),
    ("turns", "joined_to"),
    ("corrections", "team_id"),
)
ADDED = (
    ("conversations", ("team_id", "state"), ""),
    ("conversations", ("team_id", "customer", "opened_at"), ""),
    ("conversations", ("team_id", "waiting_since"), "waiting_since IS NOT NULL"),
    ("turns", ("team_id", "user", "created_at"), ""),
    ("turns", ("team_id",), "status IN ('received', 'working', 'posted')"),
    ("turns", ("team_id", "created_at"), ""),
    # Of the messages that have joined none SQLite would else believe that they are few.
    ("turns", ("joined_to",), "joined_to IS NOT NULL"),
    ("notices", ("team_id",), "sent_at IS NULL"),
    ("corrections", ("team_id", "at"), ""),
    ("corrections", ("undoes",), "undoes IS NOT NULL"),
    ("corrections", ("part_of",), "part_of IS NOT NULL"),
)


def upgrade() -> None:
    for table, column in DROPPED:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    for table, columns, where in ADDED:
        only = sa.text(where) if where else None
        name = op.f(f"ix_{table}_{'_'.join(columns)}")
        op.create_index(name, table, list(columns), sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")
