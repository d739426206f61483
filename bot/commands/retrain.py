"""`understudy retrain`: one training run, start to verdict. The bot starts it as a child process."""

import argparse
import json
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.claims import Busy
    from bot.retrain import Outcome, Progress, Workshop
    from bot.retrain_response import ResponseShop
    from bot.settings import Settings
    from storage.database import Database

NICE = 10
THREADS = 2


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "retrain",
        help="fine-tune again on all labels, and promote what proves better",
        description="Fine-tune again on utterances and corrections, compare with the live version on the same rows, "
        "and promote what proves better. Ends with 1 when the live version is kept.",
    )
    parser.add_argument("--dry-run", action="store_true", help="train and judge, but publish nothing")
    parser.add_argument("--force", action="store_true", help="also when no label is new")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--team", default="", help=argparse.SUPPRESS)
    parser.add_argument("--parent-pipe", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import settings as settings_module
    from bot.claims import Busy, Cancelled
    from bot.commands.train import progress_bar
    from bot.parent import Parent
    from bot.team import team_of
    from model.types import UnderstudyError
    from storage.database import Database

    # Customers' messages come first.
    os.nice(NICE)
    settings = settings_module.load()
    db = Database(settings.url)
    try:
        db.check_revision()
        with db.reading() as session:
            team = args.team or team_of(settings, session)
        parent = Parent() if args.parent_pipe else None
        with progress_bar(quiet=args.json or not sys.stderr.isatty()) as tell:
            outcomes = train_all(settings, db, team, args, tell, parent)
    except Busy as error:
        raise UnderstudyError(_busy(error)) from None
    except Cancelled as error:
        print(f"Stopped: {error}. Nothing changed.", file=sys.stderr)
        return 1
    finally:
        db.close()
    report(outcomes, as_json=args.json)
    return 0 if all(outcome.ok for outcome in outcomes.values()) else 1


def train_all(
    settings: "Settings", db: "Database", team: str, args: argparse.Namespace, tell: "Progress", parent: Any
) -> dict[str, "Outcome"]:
    """The intent model, search, recommendations, and the response model where it has something to learn."""
    from bot.recommend_learning import learn_recommendations
    from bot.retrain import retrain
    from bot.retrain_search import learn_search
    from model.encoder import base_encoder

    held = parent.watch if parent is not None else lambda claim: None
    shop = workshop(settings, db, team)
    intent = retrain(shop, force=args.force, dry_run=args.dry_run, progress=tell, held=held)
    encoder = base_encoder(settings.home / "cache", settings.intent_base)
    search = learn_search(db, team, encoder, dry_run=args.dry_run)
    recommend = learn_recommendations(db, team, encoder, dry_run=args.dry_run, held=held)
    written = response(settings, db, team, args.dry_run, tell, held)
    return {"intent": intent, "search": search, "recommend": recommend, "response": written}


def response(settings: "Settings", db: "Database", team: str, dry_run: bool, tell: "Progress", held: Any) -> "Outcome":
    """Train the response model, or say why not. Its failure takes nothing from the intent model's verdict."""
    from bot.retrain_response import left_alone, retrain_response
    from model.types import UnderstudyError

    if settings.generator == "off" or not settings.retrain_response_minutes:
        return left_alone("GENERATOR is off, or RETRAIN_RESPONSE_MINUTES is 0")
    if settings.generator_url:
        return left_alone("replies are written at GENERATOR_URL, whose model is not ours to train")
    if not settings.slack_text_may_train_generator:
        return left_alone("TRAIN_GENERATOR_ON_SLACK_TEXT does not allow it")
    try:
        return retrain_response(response_shop(settings, db, team), dry_run=dry_run, progress=tell, held=held)
    except UnderstudyError as error:
        return left_alone(str(error).rstrip("."))


def response_shop(settings: "Settings", db: "Database", team: str) -> "ResponseShop":
    """The real trainer and the real generator of this data folder."""
    from bot.home import registry_of
    from bot.retrain_response import ResponseShop
    from model import starter
    from model.base import generator_folder
    from model.encoder import base_encoder
    from model.response_rows import read_rows

    cache = settings.home / "cache"

    def train(rows: Any, out: Any, **more: Any) -> dict[str, Any]:
        from model.finetune_response import train_response

        base = generator_folder(settings.response_base, cache)
        return train_response(rows, out, base_folder=base, minutes=settings.retrain_response_minutes, epochs=1, **more)

    def load(folder: Any) -> Any:
        from model.generator import Limits, ResponseGenerator

        base = generator_folder(settings.response_base, cache)
        # A busy machine must not cut the replies of one version shorter than those of the other.
        limits = Limits(seconds=90.0)
        return ResponseGenerator.load(folder, base, threads=min(THREADS, os.cpu_count() or 1), limits=limits)

    return ResponseShop(
        db,
        team,
        registry_of(settings.home, "response"),
        lambda: base_encoder(cache, settings.intent_base),
        train,
        load,
        lambda: read_rows(starter.folder() / "response.jsonl").rows,
        lambda: read_rows(starter.folder() / "response_test.jsonl").rows,
        starter.folder() / "adapter",
        settings.retrain_response_minutes,
    )


def workshop(settings: "Settings", db: "Database", team: str) -> "Workshop":
    """The real trainer and the real models of this data folder."""
    from bot.home import registry_of
    from bot.retrain import Workshop
    from model.classifier import IntentClassifier
    from model.encoder import base_encoder

    registry = registry_of(settings.home, "intent")
    return Workshop(
        db,
        team,
        registry,
        lambda: base_encoder(settings.home / "cache", settings.intent_base),
        partial(_train, how=settings.intent_adapt, unfinished=registry.unfinished),
        IntentClassifier.load,
        base=settings.intent_base,
    )


def _train(*args: Any, **more: Any) -> dict[str, object]:
    import torch

    from model.finetune_intent import train_intent

    torch.set_num_threads(min(THREADS, os.cpu_count() or 1))
    return train_intent(*args, **more)


def report(outcomes: dict[str, "Outcome"], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({kind: _facts(outcome) for kind, outcome in outcomes.items()}))
        return
    for outcome in _told(outcomes):
        for line in outcome.words:
            print(line)
        if outcome.seconds:
            print(f"{outcome.rows} rows, {outcome.seconds:.0f} s.")


def _told(outcomes: dict[str, "Outcome"]) -> "list[Outcome]":
    """What is worth a line: of a desk's first training not what had nothing to learn yet."""
    intent = outcomes.get("intent")
    first = intent is not None and intent.status == "promoted" and not intent.champion
    return [each for each in outcomes.values() if not (first and each.status == "nothing" and not each.rows)]


def _facts(outcome: "Outcome") -> dict[str, object]:
    return {
        "status": outcome.status,
        "champion": outcome.champion,
        "challenger": outcome.challenger,
        "verdict": list(outcome.words),
        "rows": outcome.rows,
        "seconds": outcome.seconds,
        "figures": dict(outcome.figures),
    }


def _busy(error: "Busy") -> str:
    by = f", {error.run.claimed_by} since {error.run.started_at:%H:%M} UTC" if error.run else ""
    return f"expected no other training, found one that runs{by}. Wait for its end; a dead one expires in 2 minutes."
