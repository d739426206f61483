"""One module a command: `add(subparsers)` stays light, `run(args) -> int` imports what it needs."""

MODULES: tuple[str, ...] = (
    "workspace",
    "import_",
    "train",
    "evaluate",
    "classify",
    "export",
    "erase",
    "backup",
    "restore",
)
"""In the order of `--help`."""
