"""The thread of a turn that stands beside its case's: a word of thanks on its own belongs to the case that is open."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turns", sa.Column("thread_ts", sa.String(length=255), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")
