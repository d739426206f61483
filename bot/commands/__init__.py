"""One module a command: `add(subparsers)` stays light, `run(args) -> int` imports what it needs."""

MODULES: tuple[str, ...] = (
    "run",
    "setup",
    "workspace",
    "import_",
    "intents",
    "train",
    "evaluate",
    "classify",
    "explain",
    "search",
    "evaluate_search",
    "reply",
    "check_grounding",
    "evaluate_response",
    "retrain",
    "versions",
    "promote",
    "rollback",
    "status",
    "doctor",
    "backup",
    "restore",
    "export",
    "erase",
)
"""In the order of `--help`."""
