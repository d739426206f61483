"""`understudy run`: the bot; with `--local` the local workspace beside it."""

import argparse
from typing import Any


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser("run", help="start the bot", description="Start the bot and keep it running.")
    parser.add_argument("--local", action="store_true", help="start the local workspace too, and connect to it")
    parser.add_argument("--auto", action="store_true", help="like --local where .env holds neither Slack token")
    parser.add_argument("--port", type=int, help="first port to try for the local workspace (WORKSPACE_PORT)")
    parser.add_argument("--with-starter", action="store_true", help="load the starter shop into a real workspace")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import launch, settings
    from model.types import UnderstudyError

    overrides = {"workspace_port": args.port} if args.port else {}
    found = settings.load(**overrides)
    if args.local and not found.without_tokens:
        raise UnderstudyError(
            "--local: expected no Slack tokens beside it, found both. Empty them in .env, or leave --local out."
        )
    if found.without_tokens and not (args.local or args.auto):
        raise UnderstudyError(
            "expected SLACK_BOT_TOKEN and SLACK_APP_TOKEN, found neither. "
            "Set both in .env, or try the local workspace: understudy run --local."
        )
    return launch.local(found) if found.without_tokens else launch.real(found, with_starter=args.with_starter)
