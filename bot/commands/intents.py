"""`understudy intents`: list, add, rename, merge, archive and restore intents. Loads no torch."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.intents import Listed

BY = "command line"


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "intents",
        help="list, add, rename, merge, archive or restore intents",
        description="list · add NAME [TITLE] · rename OLD NEW · merge FROM INTO · archive NAME · restore NAME. Labels "
        "that were given stay as they are written and are read in today's names, by the running bot within seconds.",
    )
    parser.add_argument("action", nargs="?", default="list", metavar="ACTION", help="default: list")
    parser.add_argument("words", nargs="*", metavar="WORD", help="the names the action takes")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import intents, settings
    from bot.team import team_of
    from storage.database import Database

    loaded = settings.load()
    database = Database(loaded.url)
    database.check_revision()
    try:
        with database.reading() as session:
            team = team_of(loaded, session)
        if args.action == "list" and not args.words:
            print(told(intents.listed(database, team), args.json))
        else:
            done = intents.change(database, team, BY, args.action, args.words)
            print(json.dumps({"done": done}, ensure_ascii=False) if args.json else done)
    finally:
        database.close()
    return 0


def told(found: "list[Listed]", as_json: bool) -> str:
    from bot.intents import line

    if as_json:
        rows = [asdict(each) | {"changed": each.changed.isoformat() if each.changed else None} for each in found]
        return json.dumps({"intents": rows}, ensure_ascii=False)
    return "\n".join(line(each) for each in found) or "none yet: add one, or import utterances."
