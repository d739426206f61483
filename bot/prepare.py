"""Brings all that `run` needs: database, base models, starter shop, a first model. Twice changes nothing."""

import filecmp
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot.child import environment
from bot.home import registry_of
from bot.settings import Settings
from bot.team import team_of
from model.registry import Registry
from model.serving_file import ADAPTER_FILE
from model.types import STARTER, UnderstudyError
from storage.articles import Articles
from storage.database import Database
from storage.intents import Intents
from storage.keyvalues import KeyValues
from storage.utterances import Utterances

Say = Callable[[str], None]


def prepare(settings: Settings, *, with_starter: bool = False, say: Say = print) -> None:
    """Everything but starting.

    Raises:
        UnderstudyError: a base model is missing, or the first training fails.
        StorageError: the database cannot be reached or is newer than the code.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.url)
    try:
        database.migrate()
        with database.reading() as session:
            team = team_of(settings, session)
        if settings.local or with_starter:
            load_starter(database, team, say)
        if settings.local:
            freshen_starter(database, team, say)
        bring_models(settings, say)
        first_model(settings, database, team, say)
    finally:
        database.close()


def load_starter(database: Database, team: str, say: Say) -> None:
    """Put the starter shop in, once: what its owner has taken out stays out."""
    from model import starter

    with database.writing() as session:
        marks = KeyValues(session, team)
        if marks.get("starter_loaded"):
            return
        intents, articles = starter.intents(), starter.articles()
        for intent in intents:
            Intents(session, team).upsert(intent, STARTER)
        for article in articles:
            Articles(session, team).upsert(article, STARTER)
        added, _ = Utterances(session, team).add([*starter.utterances(), *starter.held_out()], STARTER)
        marks.set("starter_loaded", True)
    say(f"Loaded the starter shop: {len(intents)} intents, {added} utterances, {len(articles)} articles.")


def freshen_starter(database: Database, team: str, say: Say) -> None:
    """Bring the starter shop's answers and articles of today to a data folder that had them before, as far as they are
    still there and nobody has put something else in their place. The local workspace alone: in a real one no approved
    answer changes by itself.
    """
    from model import starter

    with database.writing() as session:
        intents, articles = Intents(session, team), Articles(session, team)
        answers = {row.name for row in intents.all() if row.source == STARTER}
        texts = {row.slug for row in articles.all(bodies=False) if row.source == STARTER}
        done = [intents.upsert(one, STARTER) for one in starter.intents() if one.name in answers]
        done += [articles.upsert(one, STARTER) for one in starter.articles() if one.id in texts]
    if changed := len(done) - done.count("same"):
        say(f"Brought {changed} answers and articles of the starter shop up to date.")


def bring_models(settings: Settings, say: Say) -> None:
    """Convert the base models into the cache, and make the committed response model the first version."""
    from model.encoder import base_encoder

    cache = settings.home / "cache"
    fresh = not cache.exists()
    if fresh:
        say("Preparing the base models (once, about half a minute) ...")
    base_encoder(cache, settings.intent_base)
    if settings.generator == "off" or settings.generator_url:
        return
    from model.base import generator_folder
    from model.serving_file import bring_serving_file

    base, registry = generator_folder(settings.response_base, cache), registry_of(settings.home, "response")
    if not settings.response_base and (version := seed_response(registry)) not in (None, "v1"):
        say(f"The response model of this release is live as {version}; back: `understudy rollback --kind response`.")
    if registry.current():
        bring_serving_file(base, registry.current_path())


def seed_response(registry: Registry) -> str | None:
    """The adapter that comes with the code serves from the first day, and a newer one in the place of an older, until
    the desk has trained its own. Once: who has gone back to the older one keeps it. Returns the version it made."""
    from model import starter

    adapter = starter.folder() / "adapter"
    versions = registry.versions()
    live = [each.manifest.get("source") for each in versions if each.live]
    if not (adapter / ADAPTER_FILE).is_file() or (versions and live != [STARTER]):
        return None
    if any(same(each.path / ADAPTER_FILE, adapter / ADAPTER_FILE) for each in versions):
        return None
    with registry.staging() as staging:
        for file in adapter.iterdir():
            if file.name != "manifest.json":
                shutil.copy2(file, staging / file.name)
        version = registry.publish(staging, {"source": STARTER})
    registry.promote(version)
    return version


def same(one: Path, other: Path) -> bool:
    """Whether both are files with the same content."""
    return one.is_file() and filecmp.cmp(one, other, shallow=False)


def first_model(settings: Settings, database: Database, team: str, say: Say) -> None:
    """Fine-tune the first intent classifier where there is none, in a child process as every training."""
    registry = registry_of(settings.home, "intent")
    if registry.current() is not None:
        return
    with database.reading() as session:
        rows = len(Utterances(session, team).all())
    if rows == 0:
        say("No utterances yet. Import yours with `understudy import FILE`, then run `understudy retrain`.")
        return
    say(f"Fine-tuning the first intent classifier on {rows} utterances (two to three minutes on two cores) ...")
    done = subprocess.run([sys.executable, "-m", "bot", "retrain"], env=environment(settings), check=False)
    if done.returncode != 0 or registry.current() is None:
        raise UnderstudyError(
            "expected a first intent model, but its training did not end well (see above). Try `understudy retrain`."
        )
