"""`understudy backup FILE`: database and models at one moment, while the bot runs."""

import argparse
from pathlib import Path


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "backup",
        help="keep the database and the models in one file",
        description="Writes a .tar.gz of the SQLite database and the model versions, as they are at one moment. The "
        "bot may run meanwhile. A PostgreSQL database is backed up with pg_dump.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--models-only", action="store_true", help="leave the database out")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import backups, settings

    kept = backups.backup(settings.load(), args.file, args.models_only)
    megabytes = args.file.stat().st_size / 1e6
    print(f"{args.file} ({megabytes:.1f} MB): {describe(kept.database, kept.models)}")
    return 0


def describe(database: bool, models: dict[str, str | None]) -> str:
    """What a backup holds, in words."""
    parts = ["the database"] if database else []
    parts += [f"the {kind} model {version}" for kind, version in models.items() if version]
    return ", ".join(parts) or "nothing but an empty models folder"
