"""`understudy ...`: reads the words of the command line and hands over. Loads no torch, no database, no Slack."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from bot.commands import MODULES
from model.types import UnderstudyError
from storage.errors import StorageError


def parser() -> argparse.ArgumentParser:
    """The whole command line; each command adds itself."""
    root = argparse.ArgumentParser(
        prog="understudy", description="A support bot for Slack that learns from its agents."
    )
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in MODULES:
        importlib.import_module(f"bot.commands.{name}").add(commands)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 done but the answer is no, 2 wrong input or configuration."""
    # Before numpy is loaded: for one message's vectors a pool of threads costs half as much again as it computes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except (UnderstudyError, StorageError) as error:
        print(f"understudy: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`); python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
