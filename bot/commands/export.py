"""`understudy export`: the log as JSON lines."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from storage.session import Session


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "export",
        help="write the log out as JSON lines",
        description="Writes turns, corrections or utterances, one JSON object a line. Utterances and corrections have "
        "`text` and `label`, so that `import` and `train` read them.",
    )
    parser.add_argument("--what", choices=("turns", "corrections", "utterances"), default="turns")
    parser.add_argument(
        "--user", metavar="U", help="everything that is kept of this person instead, as one JSON object"
    )
    parser.add_argument("--out", type=Path, metavar="F", help="a file; standard output without it")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import settings
    from bot.team import team_of
    from storage.database import Database

    loaded = settings.load()
    database = Database(loaded.url)
    database.check_revision()
    with database.reading() as session:
        team = team_of(loaded, session)
        rows = iter([_person(session, team, args.user)]) if args.user else _rows(session, team, args.what)
        if args.out is None:
            _write(rows, sys.stdout)
        else:
            count = _to_file(rows, args.out)
            print(f"{args.out}: {f'what is kept of {args.user}' if args.user else f'{count} {args.what}'}")
    database.close()
    return 0


def _rows(session: "Session", team: str, what: str) -> Iterator[dict[str, Any]]:
    from storage.corrections import Corrections
    from storage.turns import Turns
    from storage.utterances import Utterances

    if what == "turns":
        yield from (asdict(turn) for turn in Turns(session).each(team))
    elif what == "corrections":
        standing = {row.id for row in Corrections(session).effective(team)}
        for row in Corrections(session).all(team):
            yield {"text": row.text, "label": row.after, "stands": row.id in standing, **asdict(row)}
    else:
        for utterance in Utterances(session, team).all():
            yield {"text": utterance.text, "label": utterance.label, **asdict(utterance)}


def _person(session: "Session", team: str, user: str) -> dict[str, Any]:
    from storage.personal import kept_of

    return kept_of(session, team, user)


def _to_file(rows: Iterator[dict[str, Any]], out: Path) -> int:
    from model.types import UnderstudyError

    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as stream:
            count = _write(rows, stream)
        os.replace(beside, out)
    except OSError as error:
        raise UnderstudyError(f"expected a file that can be written, found {out}: {error.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)
    return count


def _write(rows: Iterator[dict[str, Any]], stream: TextIO) -> int:
    count = 0
    for row in rows:
        print(json.dumps(row, default=_plain, ensure_ascii=False), file=stream)
        count += 1
    return count


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
