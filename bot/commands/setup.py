"""`understudy setup`: brings all that `run` needs, without starting."""

import argparse
from typing import Any


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "setup",
        help="prepare database, models and the starter shop",
        description="Prepare all that `run` needs, without starting: the database, the base models, and, for the "
        "local workspace, the starter shop and its first model. Doing it again changes nothing.",
    )
    parser.add_argument("--with-starter", action="store_true", help="load the starter shop into a real workspace")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import prepare, settings

    prepare.prepare(settings.load(), with_starter=args.with_starter)
    return 0
