"""`understudy promote VERSION`: make a version live by hand."""

import argparse
from typing import Any

from bot.commands.versions import KINDS, registry_of


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "promote",
        help="make a version live",
        description="Make a version live, whatever its verdict said. A running bot follows within a second.",
    )
    parser.add_argument("version", help="such as v3; see `understudy versions`")
    parser.add_argument("--kind", choices=KINDS, default="intent", help="which model (default: intent)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import settings as settings_module

    registry = registry_of(settings_module.load(), args.kind)
    former = registry.current()
    registry.promote(args.version)
    if former == args.version:
        print(f"{args.kind} {args.version} is live already.")
    else:
        print(f"{args.kind} {args.version} is live" + (f"; before it {former}." if former else "."))
    return 0
