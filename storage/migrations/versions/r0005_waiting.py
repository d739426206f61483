"""Since when a case waits, when its holder last stirred, how often it has moved and which move its card shows; and the
notices of each wait.

What waits or is held now counts from when it was last touched.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("moves", "shown"):
        op.add_column("conversations", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name, state in (("waiting_since", "waiting"), ("holder_at", "human")):
        op.add_column("conversations", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        op.execute(f"UPDATE conversations SET {name} = updated_at WHERE state = '{state}'")
    op.create_index(
        op.f("ix_conversations_team_id_card_channel_card_ts"), "conversations", ["team_id", "card_channel", "card_ts"]
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("wait", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_notices_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("conversation_id", "wait", "kind", name=op.f("uq_notices_conversation_id_wait_kind")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")
