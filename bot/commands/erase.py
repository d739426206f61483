"""`understudy erase --user U`: takes a person's words out of the log."""

import argparse
import sys


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "erase",
        help="take a person's words out of the log",
        description="Replaces the text of this person's messages, edits, feedback comments, the replies to them, "
        "corrections of them and searches for them. Says how much it was, which models had learned from it, and what "
        "it does not reach. A bot that runs follows within seconds.",
    )
    parser.add_argument("--user", required=True, metavar="U", help="Slack user id, such as U012AB3CD")
    parser.add_argument("--team", metavar="T", help="Slack team id; without it, this deployment's team")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where nothing was left to erase, or the person at the keyboard said no."""
    from bot import erasing, settings
    from bot.team import team_of
    from storage import redaction
    from storage.database import Database

    loaded = settings.load()
    database = Database(loaded.url)
    database.check_revision()
    with database.reading() as session:
        team = args.team or team_of(loaded, session)
        count = redaction.count_user(session, team, args.user)
    if not args.yes and not _agreed(f"Erase the words of {count} messages of {args.user}? [y/N] "):
        print("Nothing was erased.")
        return 1
    erased = erasing.erase(database, team, loaded.home, args.user)
    database.close()
    print(f"{args.user}: erased {erased.count}.")
    print(erased.weights)
    print(erasing.NOT_REACHED)
    return 0 if erased.rows.turns or erased.rows.comments else 1


def _agreed(question: str) -> bool:
    from model.types import UnderstudyError

    if not sys.stdin.isatty():
        raise UnderstudyError("expected --yes where nobody can be asked, found no terminal. Add --yes.")
    return input(question).strip().lower() in ("y", "yes")
