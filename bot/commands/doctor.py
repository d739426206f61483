"""`understudy doctor`: looks at everything the bot needs, and says what to do."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.checkup import Finding


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "doctor",
        help="check tokens, scopes, database, models and disk, and say what to do",
        description="Look at everything the bot needs. Each line is ok, warn or fail, with what to do. Ends with 1 "
        "when something fails.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    findings = []
    for finding in looked_at():
        findings.append(finding)
        if not args.json:
            print(f"{finding.level:<5}{finding.about:<16}{finding.words}", flush=True)
    if args.json:
        print(json.dumps([asdict(finding) for finding in findings]))
    return 1 if any(finding.level == "fail" for finding in findings) else 0


def looked_at() -> "Iterator[Finding]":
    """The settings first; without them nothing else can be looked at."""
    from bot import settings as settings_module
    from bot.checkup import Finding, checkup
    from model.types import UnderstudyError

    try:
        settings = settings_module.load()
    except UnderstudyError as error:
        yield Finding("fail", "settings", str(error))
        return
    yield Finding("ok", "settings", "for the local workspace" if settings.local else "for a real workspace")
    yield from checkup(settings)
