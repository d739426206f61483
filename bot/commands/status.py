"""`understudy status`: what is live, what is new, what ran last. Loads no torch."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.database import Database


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "status",
        help="show versions, labels, the last training and disk use",
        description="Show what is live, how many labels are new, how the last training ended and what the data takes.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import settings as settings_module
    from storage.database import Database

    settings = settings_module.load()
    db = Database(settings.url)
    db.check_revision()
    facts = gathered(settings, db)
    db.close()
    print(json.dumps(facts) if args.json else "\n".join(lines(facts)))
    return 0


def gathered(settings: "Settings", db: "Database") -> dict[str, Any]:
    """Everything, as `--json` prints it."""
    from bot import pausing
    from bot.knowledge import listed
    from bot.launch import running
    from bot.material import gather
    from bot.retrain import last_read
    from bot.team import team_of
    from storage.training_runs import TrainingRuns
    from storage.utterances import Utterances

    with db.reading() as session:
        team = team_of(settings, session)
        # Not what search and recommendations learn in the same night: their verdicts stand with the run's.
        trained = [run for kind in ("intent", "response") if (run := TrainingRuns(session, team).latest(kind))]
        last = max(trained, key=lambda run: run.started_at, default=None)
        rests = pausing.standing(session, team)
        utterances = len(Utterances(session, team).all())
        articles = listed(session, team, settings.article_stale_days)
    return {
        "workspace": "local" if settings.local else "slack",
        "team": team,
        "bot": running(settings.home),
        "live": {kind: _live(settings, kind) for kind in ("intent", "response")},
        "utterances": utterances,
        "articles": len(articles),
        "stale_articles": {each.slug: list(each.stale) for each in articles if each.stale},
        "new_labels": gather(db, team, last_read(db, team)).new_labels,
        "last_training": None
        if last is None
        else {
            "kind": last.kind,
            "status": last.status,
            "started": last.started_at.isoformat(),
            "verdict": last.verdict.splitlines(),
            "error": last.error,
        },
        "next_training": None if rests else _next(settings),
        "training_paused": rests.since.isoformat() if rests else None,
        "database": db.where,
        "bytes": {name: _size(settings.home / name) for name in ("understudy.db", "models", "cache")},
        "home": str(settings.home),
    }


def lines(facts: dict[str, Any]) -> list[str]:
    """The same for a person."""
    from bot.versions import since

    last = facts["last_training"]
    ended = "none yet"
    if last:
        verdict = since(last["verdict"][0], facts["live"][last["kind"]]) if last["verdict"] else ""
        ended = f"{last['started'][:16].replace('T', ' ')} UTC, {last['kind']}: "
        ended += verdict or last["error"] or last["status"]
    coming = "paused in Slack" if facts["training_paused"] else facts["next_training"] or "no schedule"
    sizes = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in facts["bytes"].items())
    return [
        f"workspace      {facts['workspace']} {facts['team']}".rstrip(),
        f"bot            {'runs, process ' + str(facts['bot']) if facts['bot'] else 'does not run'}",
        *(f"{kind + ' model':<15}{version or 'none is live'}" for kind, version in facts["live"].items()),
        f"utterances     {facts['utterances']}",
        f"articles       {_articles(facts['articles'], facts['stale_articles'])}",
        f"new labels     {facts['new_labels']}",
        f"last training  {ended}",
        f"next training  {coming}",
        f"database       {facts['database']}",
        f"on disk        {sizes} in {facts['home']}",
    ]


def _articles(count: int, stale: dict[str, list[str]]) -> str:
    """`44, 2 are stale: returns (not updated for 400 days), fees (about refund, which is archived)`."""
    if not stale:
        return str(count)
    shown = ", ".join(f"{slug} ({'; '.join(why)})" for slug, why in list(stale.items())[:5])
    more = f" and {len(stale) - 5} more" if len(stale) > 5 else ""
    return f"{count}, {len(stale)} are stale: {shown}{more}"


def _live(settings: "Settings", kind: str) -> str | None:
    from bot.home import registry_of

    return registry_of(settings.home, kind).current()


def _next(settings: "Settings") -> str | None:
    from bot.hours import timezone
    from bot.scheduler import cron

    zone = timezone(settings.timezone)
    if not settings.retrain_cron.strip():
        return None
    when = cron(settings.retrain_cron, zone).get_next_fire_time(None, datetime.now(UTC))
    return f"{when:%Y-%m-%d %H:%M %Z}" if when else None


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
