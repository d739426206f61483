"""What agents reply to customers themselves, and which unanswered questions were dealt with."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_agent_replies_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_replies")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_agent_replies_team_id_key")),
    )
    op.create_index(op.f("ix_agent_replies_conversation_id"), "agent_replies", ["conversation_id"])
    op.create_table(
        "gap_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("deed", sa.String(length=255), nullable=False),
        sa.Column("article", sa.String(length=255), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_gap_marks_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_marks")),
        sa.UniqueConstraint("team_id", "turn_id", name=op.f("uq_gap_marks_team_id_turn_id")),
    )
    op.create_index(op.f("ix_gap_marks_turn_id"), "gap_marks", ["turn_id"])
    op.create_index(op.f("ix_gap_marks_deed"), "gap_marks", ["deed"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")
