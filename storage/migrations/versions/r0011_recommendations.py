"""What was recommended under an answer: once a case, with the figures that chose it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recommendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_recommendations_conversation_id")
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_recommendations_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_recommendations_conversation_id")),
    )
    op.create_index(op.f("ix_recommendations_team_id"), "recommendations", ["team_id"])
    op.create_index(op.f("ix_recommendations_turn_id"), "recommendations", ["turn_id"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")
