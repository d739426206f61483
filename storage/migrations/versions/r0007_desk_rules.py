"""How the desk answers: a row for each change of a mode, and the latest of each subject counts.

Until now the desk's mode and the channels that are answered throughout stood among the small settings; they become
rows here, so that there is one place that says how the bot answers, and who said so.
"""

import json

import sqlalchemy as sa
from alembic import op

from storage.migrations.guards_0001 import changed, guard

revision = "0007"
down_revision = "0004"
branch_labels = None
depends_on = None

FIXED = ("id", "team_id", "scope", "subject", "mode", "threshold", "answer_all", "by", "at")
MESSAGE = "the rules of the desk are append-only: add another instead"


def upgrade() -> None:
    create()
    take_over()
    if op.get_bind().dialect.name == "sqlite":
        for action, when in (("UPDATE", changed(FIXED, "IS NOT")), ("DELETE", "true")):
            op.execute(
                f"CREATE TRIGGER desk_rules_no_{action.lower()} BEFORE {action} ON desk_rules WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
    else:
        guard("desk_rules_no_update", "desk_rules", "UPDATE", changed(FIXED, "IS DISTINCT FROM"), MESSAGE)
        guard("desk_rules_no_delete", "desk_rules", "DELETE", "true", MESSAGE)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")


def create() -> None:
    op.create_table(
        "desk_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("scope", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("mode", sa.String(length=255), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("answer_all", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_rules")),
    )
    op.create_index(op.f("ix_desk_rules_team_id_scope_subject"), "desk_rules", ["team_id", "scope", "subject"])


def take_over() -> None:
    """What was chosen so far; nobody knows who chose it."""
    kept = sa.table("settings_kv", sa.column("team_id"), sa.column("key"), sa.column("value"))
    query = sa.select(kept.c.team_id, kept.c.key, sa.cast(kept.c.value, sa.Text)).where(
        kept.c.key.in_(("mode", "answer_all"))
    )
    for team, key, packed in op.get_bind().execute(query).all():
        value = json.loads(packed) if packed else None
        if key == "mode" and value:
            insert(team, "desk", "", str(value), False)
        for channel in value or () if key == "answer_all" else ():
            insert(team, "channel", str(channel), "", True)
    op.get_bind().execute(sa.delete(kept).where(kept.c.key.in_(("mode", "answer_all"))))


def insert(team: str, scope: str, subject: str, mode: str, answer_all: bool) -> None:
    op.get_bind().execute(
        sa.text(
            'INSERT INTO desk_rules (team_id, scope, subject, mode, answer_all, "by", at) '
            "VALUES (:team, :scope, :subject, :mode, :answer_all, '', CURRENT_TIMESTAMP)"
        ),
        {"team": team, "scope": scope, "subject": subject, "mode": mode, "answer_all": answer_all},
    )
