"""What customers say of the bot: who wants nothing learned from them, and how satisfied they were with a case.

Cards held a customer's comment in their reason until now, where no erasing reached; they read it from the feedback.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opt_outs",
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("customer_team", sa.String(length=255), nullable=False),
        sa.Column("user", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "customer_team", "user", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_scores_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_scores_conversation_id")),
    )
    take_comments_out_of_cards()


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")


def take_comments_out_of_cards() -> None:
    """`Not helpful: outdated (it moved)` becomes `Not helpful: outdated`."""
    kept = sa.table("settings_kv", sa.column("team_id"), sa.column("key"), sa.column("value", sa.JSON()))
    connection = op.get_bind()
    for row in connection.execute(sa.select(kept).where(kept.c.key.like("card:%"))).all():
        value = json.loads(row.value) if isinstance(row.value, str) else row.value
        reason = str((value or {}).get("reason", ""))
        if reason.startswith("Not helpful") and " (" in reason:
            mine = (kept.c.team_id == row.team_id) & (kept.c.key == row.key)
            new = {**value, "reason": reason.partition(" (")[0]}
            connection.execute(sa.update(kept).where(mine).values(value=new))
