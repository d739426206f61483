"""A prediction may hold several requests, and may have been read in context; both are written once like the rest of it.

Columns are added, not the table made anew: SQLite would drop what hangs on it.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.guards_0001 import PREDICTION, changed, guard

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turns", sa.Column("requests", sa.JSON(), nullable=True))
    op.add_column("turns", sa.Column("in_context", sa.Boolean(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgres()


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")


def guard_sqlite() -> None:
    differs = "IS NOT"
    lists = f"NEW.ranking {differs} OLD.ranking OR NEW.requests {differs} OLD.requests"
    op.execute("DROP TRIGGER turns_predicted_once")
    op.execute(
        "CREATE TRIGGER turns_predicted_once BEFORE UPDATE ON turns WHEN OLD.predicted_at IS NOT NULL AND "
        f"({changed((*PREDICTION, 'in_context'), differs)} OR {lists}) "
        "BEGIN SELECT RAISE(ABORT, 'a prediction is written once'); END"
    )


def guard_postgres() -> None:
    differs = "IS DISTINCT FROM"
    lists = " OR ".join(f"NEW.{name}::text {differs} OLD.{name}::text" for name in ("ranking", "requests"))
    op.execute("DROP TRIGGER turns_predicted_once ON turns")
    op.execute("DROP FUNCTION turns_predicted_once()")
    again = f"OLD.predicted_at IS NOT NULL AND ({changed((*PREDICTION, 'in_context'), differs)} OR {lists})"
    guard("turns_predicted_once", "turns", "UPDATE", again, "a prediction is written once")
