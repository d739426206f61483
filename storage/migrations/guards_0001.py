"""The triggers of revision 0001: corrections are append-only, a turn's prediction is written once.

Frozen like the revision itself: a later change is a later revision.
"""

from alembic import op

PREDICTION = (
    "intent",
    "confidence",
    "oos_score",
    "out_of_scope",
    "prediction_source",
    "intent_version",
    "predicted_at",
)
FIXED = ("id", "turn_id", "before", "after", "by", "at", "source", "model_version", "undoes")
WORDS = ("text", "better_answer", "note")
ERASED = "[erased]"


def create() -> None:
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgres()


def changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f'NEW."{name}" {differs} OLD."{name}"' for name in columns)


def not_erased(differs: str) -> str:
    return " OR ".join(
        f"""(NEW."{name}" {differs} OLD."{name}" AND coalesce(NEW."{name}", '') NOT IN ('', '{ERASED}'))"""
        for name in WORDS
    )


def correction_changed(differs: str) -> str:
    """Rows of no team may be given to one, once."""
    team = f"""(NEW.team_id {differs} OLD.team_id AND OLD.team_id <> '')"""
    return f"{changed(FIXED, differs)} OR {team} OR {not_erased(differs)}"


def guard_sqlite() -> None:
    differs = "IS NOT"
    op.execute(
        f"CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections WHEN {correction_changed(differs)} "
        "BEGIN SELECT RAISE(ABORT, 'corrections are append-only: add another instead'); END"
    )
    op.execute(
        "CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections "
        "BEGIN SELECT RAISE(ABORT, 'corrections are append-only: redact the text instead'); END"
    )
    op.execute(
        "CREATE TRIGGER turns_predicted_once BEFORE UPDATE ON turns "
        f"WHEN OLD.predicted_at IS NOT NULL AND ({changed(PREDICTION, differs)} OR NEW.ranking IS NOT OLD.ranking) "
        "BEGIN SELECT RAISE(ABORT, 'a prediction is written once'); END"
    )


def guard_postgres() -> None:
    differs = "IS DISTINCT FROM"
    guard("corrections_no_update", "corrections", "UPDATE", correction_changed(differs), "corrections are append-only")
    guard("corrections_no_delete", "corrections", "DELETE", "true", "corrections are append-only")
    ranking = "NEW.ranking::text IS DISTINCT FROM OLD.ranking::text"
    again = f"OLD.predicted_at IS NOT NULL AND ({changed(PREDICTION, differs)} OR {ranking})"
    guard("turns_predicted_once", "turns", "UPDATE", again, "a prediction is written once")


def guard(name: str, table: str, action: str, when: str, message: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()")
