"""One module a command: `add(subparsers)` stays light, `run(args) -> int` imports what it needs."""

MODULES: tuple[str, ...] = ("workspace", "train", "evaluate", "classify")
"""In the order of `--help`."""
