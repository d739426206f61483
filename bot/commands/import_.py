"""`understudy import FILE|DIR`: a team's own utterances, articles and intents."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.importing import Report


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "import",
        help="bring your own utterances, articles and intents",
        description="Takes utterances (.csv with a header text,label; .jsonl with those keys), articles (.md, or a "
        "folder of them) or intents (.json). Says what it took and what it refused, line by line; the same file twice "
        "changes nothing.",
    )
    parser.add_argument("path", type=Path, metavar="FILE|DIR")
    parser.add_argument("--replace", action="store_true", help="take the starter shop's content out first")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read all, then write all in one transaction."""
    from bot import importing, settings
    from bot.team import team_of
    from storage.database import Database

    content = importing.read(args.path)
    loaded = settings.load()
    database = Database(loaded.url)
    database.prepare()
    with database.writing() as session:
        report = importing.store(session, team_of(loaded, session), content, args.replace)
    database.close()
    print(_as_json(report) if args.json else _as_text(report))
    return 0


def _as_json(report: "Report") -> str:
    return json.dumps(
        {
            "added": report.added,
            "known": report.known,
            "removed": report.removed,
            "new_intents": report.new_intents,
            "unused": [{"where": unused.where, "why": unused.why} for unused in report.unused],
            "refused": [{"where": refused.where, "why": refused.why} for refused in report.refused],
        },
        ensure_ascii=False,
    )


def _as_text(report: "Report") -> str:
    lines = [f"refused {refused.where}: {refused.why}" for refused in report.refused]
    lines += [f"took out {count} starter {kind}" for kind, count in report.removed.items() if count]
    for kind, added in report.added.items():
        lines.append(f"{kind}: {added} new or changed, {report.known[kind]} known before")
    if report.new_intents:
        lines.append(
            f"{len(report.new_intents)} intents have no approved answer yet: {', '.join(report.new_intents)}. "
            "Bring answers as intents (.json), or articles that name them."
        )
    lines += [f"never used, look at it: {unused.where} holds {unused.why}" for unused in report.unused]
    if report.refused:
        lines.append(f"refused: {len(report.refused)}")
    if report.added.get("utterances"):
        lines.append("Next: `understudy retrain` learns the new utterances.")
    return "\n".join(lines)
