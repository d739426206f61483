"""What agents say of the desk and of turns: modes, "not a request", and corrections that belong together.

How the desk answers is a row for each change of a mode, and the latest of each subject counts.

Until now the desk's mode and the channels that are answered throughout stood among the small settings; they become
rows here, so that there is one place that says how the bot answers, and who said so.
"""

import json

import sqlalchemy as sa
from alembic import op

from storage.migrations.guards_0001 import changed, guard

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DISMISSED = ("id", "team_id", "turn_id", "dismissed", "state", "holder", "by", "at")
FIXED = ("id", "team_id", "scope", "subject", "mode", "threshold", "answer_all", "by", "at")


def upgrade() -> None:
    create_rules()
    take_over()
    create_dismissals()
    # The correction that an agent gave for another turn, where this one's text is nearly the same.
    op.add_column("corrections", sa.Column("part_of", sa.Integer(), nullable=True))
    append_only("desk_rules", "the rules of the desk", FIXED)
    append_only("dismissals", "what was called no request", DISMISSED)
    append_only("corrections", "corrections", ("part_of",), name="corrections_part", actions=("UPDATE",))


def append_only(
    table: str, what: str, fixed: tuple[str, ...], name: str = "", actions: tuple[str, ...] = ("UPDATE", "DELETE")
) -> None:
    lite = op.get_bind().dialect.name == "sqlite"
    message = f"{what} are append-only: add another instead"
    for action in actions:
        when = "true" if action == "DELETE" else changed(fixed, "IS NOT" if lite else "IS DISTINCT FROM")
        called = f"{name or table}_no_{action.lower()}"
        if lite:
            op.execute(
                f"CREATE TRIGGER {called} BEFORE {action} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            guard(called, table, action, when, message)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")


def create_dismissals() -> None:
    op.create_table(
        "dismissals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("holder", sa.String(length=255), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_dismissals_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissals")),
    )
    op.create_index(op.f("ix_dismissals_turn_id"), "dismissals", ["turn_id"])


def create_rules() -> None:
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
