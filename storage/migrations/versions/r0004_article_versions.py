"""Every version of an article is kept, and what agents say of a search: sent to a customer, or wrong.

What stands in the articles now becomes their first kept version; nobody knows who wrote it.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.guards_0001 import changed, guard

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CONTENT = ("slug", "version", "title", "body", "locale", "updated", "source")
FIXED = ("id", *CONTENT, "by", "at")
MESSAGE = "versions of articles are append-only: add another instead"


def upgrade() -> None:
    create_versions()
    create_marks()
    names = ", ".join(f'"{name}"' for name in ("team_id", *CONTENT, "intents"))
    op.execute(
        f"INSERT INTO article_versions ({names}, \"by\", at) SELECT {names}, '', CURRENT_TIMESTAMP FROM articles "
        "ORDER BY id"
    )
    if op.get_bind().dialect.name == "sqlite":
        for action, when in (("UPDATE", rewritten("IS NOT", "")), ("DELETE", "true")):
            op.execute(
                f"CREATE TRIGGER article_versions_no_{action.lower()} BEFORE {action} ON article_versions WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
    else:
        guard("article_versions_no_update", "article_versions", "UPDATE", rewritten("IS DISTINCT FROM"), MESSAGE)
        guard("article_versions_no_delete", "article_versions", "DELETE", "true", MESSAGE)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that `understudy backup` made before the update")


def create_versions() -> None:
    op.create_table(
        "article_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("intents", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("locale", sa.String(length=255), nullable=False),
        sa.Column("updated", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_versions")),
    )
    op.create_index(op.f("ix_article_versions_team_id_slug"), "article_versions", ["team_id", "slug"])


def create_marks() -> None:
    op.create_table(
        "search_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_search_marks_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_marks")),
    )
    op.create_index(op.f("ix_search_marks_team_id"), "search_marks", ["team_id"])
    op.create_index(op.f("ix_search_marks_turn_id"), "search_marks", ["turn_id"])


def rewritten(differs: str, cast: str = "::text") -> str:
    """Versions of no team may be given to one, once."""
    given = f"(NEW.team_id {differs} OLD.team_id AND OLD.team_id <> '')"
    return f"{changed(FIXED, differs)} OR NEW.intents{cast} {differs} OLD.intents{cast} OR {given}"
