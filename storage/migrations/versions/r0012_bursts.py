"""Messages that belong together: which turn one has joined, and when each came that may be one of several."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turns", sa.Column("joined_to", sa.Integer(), nullable=True))
    op.add_column("turns", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_turns_joined_to"), "turns", ["joined_to"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")
