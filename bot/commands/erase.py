"""`understudy erase --user U`: takes a person's words out of the log."""

import argparse
import sys

NOT_REACHED = (
    "Not reached: models trained before now (the next training leaves these texts out), backups made before now, the "
    "memory of a bot that is running (restart it), and what stands in Slack itself. User ids, labels and times stay."
)


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "erase",
        help="take a person's words out of the log",
        description="Replaces the text of this person's messages, edits, feedback comments, the replies to them and "
        "corrections of them. Says how much it was and what it does not reach.",
    )
    parser.add_argument("--user", required=True, metavar="U", help="Slack user id, such as U012AB3CD")
    parser.add_argument("--team", metavar="T", help="Slack team id; without it, this deployment's team")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where nothing was left to erase, or the person at the keyboard said no."""
    from bot import settings
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
    with database.writing() as session:
        erased = redaction.erase_user(session, team, args.user)
    database.scrub()
    database.close()
    print(
        f"{args.user}: erased {erased.turns} messages with their replies, {erased.edits} edits, "
        f"{erased.comments} feedback comments, {erased.corrections} corrections."
    )
    print(NOT_REACHED)
    return 0 if erased.turns or erased.comments else 1


def _agreed(question: str) -> bool:
    from model.types import UnderstudyError

    if not sys.stdin.isatty():
        raise UnderstudyError("expected --yes where nobody can be asked, found no terminal. Add --yes.")
    return input(question).strip().lower() in ("y", "yes")
