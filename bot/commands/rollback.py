"""`understudy rollback [VERSION]`: go back to an earlier version."""

import argparse
from typing import Any

from bot.commands.versions import KINDS, registry_of


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "rollback",
        help="go back to an earlier version",
        description="Go back to the earlier version that was live before, or to a named one. A running bot follows "
        "within a second. The later one is had again by its name.",
    )
    parser.add_argument("version", nargs="?", help="such as v3 (default: the earlier one that was live before)")
    parser.add_argument("--kind", choices=KINDS, default="intent", help="which model (default: intent)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import settings as settings_module
    from bot.rollbacks import rolled_back

    print(f"{args.kind} {rolled_back(registry_of(settings_module.load(), args.kind), args.version)}")
    return 0
