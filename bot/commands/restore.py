"""`understudy restore FILE`: puts a backup back."""

import argparse
from pathlib import Path


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "restore",
        help="put a backup back, with the bot stopped",
        description="Puts the database and the models of a backup back. What was there is kept beside it, in a folder "
        "whose name ends in .before-restore-<time>.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import backups, settings
    from bot.commands.backup import describe

    kept = backups.restore(settings.load(), args.file)
    print(f"restored {describe(kept.database, kept.models)} from {args.file}")
    if kept.former:
        print(f"what was there before is in {kept.former}")
    return 0
