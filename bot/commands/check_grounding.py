"""`understudy check-grounding`: whether replies say only what their sources say. Loads no torch."""

import argparse
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.grounding import Grounding
    from model.retriever import Encoder


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "check-grounding",
        help="check that replies say only what their sources say",
        description='Read JSON lines {"reply", "sources"} from standard input, perhaps with "question" and "allowed" '
        "(values that may be named besides, such as a first name); say of each whether it is grounded, and why not.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line: grounded, why")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.commands.classify import lines
    from bot.settings import load
    from model.encoder import base_encoder

    settings = load()
    encoder = base_encoder(settings.home / "cache", settings.intent_base)
    for number, line in enumerate(lines(), 1):
        if not line.strip():
            continue
        found = judge(line, number, encoder)
        if args.json:
            print(json.dumps({"grounded": found.ok, "why": list(found.reasons)}, ensure_ascii=False), flush=True)
        else:
            print(f"{number}: {'grounded' if found.ok else 'refused: ' + '; '.join(found.reasons)}", flush=True)
    return 0


def judge(line: str, number: int, encoder: "Encoder") -> "Grounding":
    """The verdict on one line.

    Raises:
        UnderstudyError: the line is no such object.
    """
    from model.grounding import Checker

    row = _row(line, number)
    checker = Checker(row["sources"], encoder, allowed=row["allowed"], question=row["question"])
    return checker.check_reply(row["reply"])


def _row(line: str, number: int) -> dict[str, Any]:
    from model.types import UnderstudyError

    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise UnderstudyError(f'line {number}: expected {{"reply", "sources"}} as JSON, found something else. Mend it.')
    row = {"question": "", "allowed": [], **row}
    for name in ("reply", "question"):
        if not isinstance(row.get(name), str):
            raise UnderstudyError(f"line {number}: {name}: expected text, found {row.get(name)!r}. Mend it.")
    for name in ("sources", "allowed"):
        if not isinstance(row.get(name), list) or not all(isinstance(each, str) for each in row[name]):
            raise UnderstudyError(f"line {number}: {name}: expected a list of texts, found {row.get(name)!r}. Mend it.")
    return row
