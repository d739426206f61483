"""What `understudy doctor` looks at. Each check gives one finding and never raises."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.settings import Settings
from model.types import STARTER, UnderstudyError
from storage.errors import StorageError

Level = Literal["ok", "warn", "fail"]
NEEDED, WANTED = 600_000_000, 3_000_000_000
"""Bytes of free disk: a training needs the first, a few versions and backups the second."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and what to do where it is not well."""

    level: Level
    about: str
    words: str


Check = Callable[[Settings], Finding]


def checkup(settings: Settings) -> Iterator[Finding]:
    """Every check in turn; one that breaks is a finding too."""
    for about, check in CHECKS.items():
        try:
            yield check(settings)
        except (UnderstudyError, StorageError) as error:
            yield Finding("fail", about, str(error))
        except Exception as error:
            yield Finding("fail", about, f"expected to look at it, found {type(error).__name__}: {error}. Report this.")


def check_slack(settings: Settings) -> Finding:
    """The tokens' form was checked when the settings were read; here Slack is asked."""
    if settings.without_tokens:
        return Finding("ok", "slack", "no tokens: `understudy run --local` starts the local workspace")
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    client = WebClient(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, timeout=10)
    token = "SLACK_BOT_TOKEN"
    try:
        found = client.auth_test()
        token = "SLACK_APP_TOKEN"
        client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        said = error.response.get("error")
        page = "OAuth & Permissions" if token == "SLACK_BOT_TOKEN" else "Basic Information, App-Level Tokens"
        words = f"{token}: expected one that Slack takes, found {said!r}. Copy it again from the app's page, {page}."
        return Finding("fail", "slack", words)
    except OSError as error:
        words = f"expected Slack at {settings.slack_api_url}, found {error}. Look at the network and SLACK_API_URL."
        return Finding("fail", "slack", words)
    missing = missing_scopes(dict(found.headers))
    if missing:
        words = f"expected every scope of manifest.json, found {', '.join(missing)} missing. Update the app's manifest "
        return Finding("fail", "slack", words + "and install it again.")
    return Finding("ok", "slack", f"{found.get('team')} ({found.get('team_id')}) as {found.get('user')}")


def missing_scopes(headers: dict[str, Any]) -> list[str]:
    """Scopes of the manifest that the token has not; none where Slack does not say which it has."""
    from bot.manifest import SCOPES

    told = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    if not told:
        return []
    granted = {scope.strip() for scope in str(told).split(",")}
    return [scope for scope in SCOPES if scope not in granted]


def check_folder(settings: Settings) -> Finding:
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home):
            pass
    except OSError as error:
        words = f"expected a folder that this user may write, found {error.strerror}: {home}. Set DATA_DIR in .env."
        return Finding("fail", "data folder", words)
    return Finding("ok", "data folder", str(home))


def check_disk(settings: Settings) -> Finding:
    place = next(each for each in (settings.home, *settings.home.parents) if each.exists())
    free = shutil.disk_usage(place).free
    level: Level = "ok" if free >= WANTED else "warn" if free >= NEEDED else "fail"
    cure = "" if level == "ok" else f". A training needs {NEEDED // 1_000_000} MB: free some, or move DATA_DIR."
    return Finding(level, "disk", f"{free / 1e9:.1f} GB free{cure}")


def check_database(settings: Settings) -> Finding:
    from storage.database import Database

    db = Database(settings.url)
    try:
        db.check_revision()
        return Finding("ok", "database", db.where)
    finally:
        db.close()


def check_encoder(settings: Settings) -> Finding:
    from model.encoder import base_encoder

    encoder = base_encoder(settings.home / "cache", settings.intent_base)
    encoder.encode(["hello"])
    return Finding("ok", "base encoder", f"version {encoder.version}")


def check_intent_model(settings: Settings) -> Finding:
    from bot.home import registry_of
    from model.classifier import IntentClassifier

    registry = registry_of(settings.home, "intent")
    classifier = IntentClassifier.load(registry.current_path())
    classifier.predict(["hello"])
    return Finding("ok", "intent model", f"{registry.current()}, {len(classifier.intents)} intents")


def check_response_model(settings: Settings) -> Finding:
    """That everything is there and can be read; loading it takes a gigabyte, so that is left to the bot."""
    if settings.generator == "off":
        return Finding("ok", "response model", "GENERATOR=off: approved answers and quoted passages only")
    if settings.generator_url:
        return check_endpoint(settings)
    from bot.home import registry_of
    from model.base import generator_folder

    base = generator_folder(settings.response_base, settings.home / "cache")
    registry = registry_of(settings.home, "response")
    if registry.current() is None:
        words = "none is live, so replies are quoted, not written. Run `understudy setup`, or set GENERATOR=off."
        return Finding("warn", "response model", words)
    _read_tensors(registry.current_path() / "adapter_model.safetensors")
    return Finding("ok", "response model", f"{registry.current()} over {base.name}")


def check_endpoint(settings: Settings) -> Finding:
    """Has a sentence of our own written there; no customer's words are sent."""
    from bot.endpoint import endpoint_of, readable_on_the_way
    from model.prompt import Draft
    from model.responder import GeneratorUnavailable

    writer = endpoint_of(settings)
    assert writer is not None
    where = f"{settings.generator_model} at {settings.generator_url}"
    try:
        said = writer.write(Draft("Are you open on Mondays?", ("We are open from Monday to Friday.",)))
    except GeneratorUnavailable as error:
        words = f"expected a reply from {where}, found: {error}. Approved texts go out meanwhile. "
        return Finding("fail", "response model", words + "Look at that server, and GENERATOR_URL, _MODEL, _API_KEY.")
    if not said:
        words = f"{where} answers, but with no whole sentence. Is it an instruction-tuned model?"
        return Finding("warn", "response model", words)
    if readable_on_the_way(settings):
        words = f"{where} answers, but over http: customers' words go there unencrypted. Use https."
        return Finding("warn", "response model", words)
    return Finding("ok", "response model", f"{where}; customers' words go there")


def _read_tensors(file: Path) -> None:
    from safetensors import safe_open

    try:
        with safe_open(str(file), framework="np") as stored:
            stored.keys()
    except Exception as error:
        raise UnderstudyError(
            f"expected a response model that loads, found {file} broken ({type(error).__name__}). "
            "Go back: `understudy rollback --kind response`."
        ) from None


def check_schedule(settings: Settings) -> Finding:
    from bot.digest import at
    from bot.hours import parse, timezone
    from bot.scheduler import cron

    zone = timezone(settings.timezone)
    parse(settings.opening_hours, zone)
    at(settings.digest_time)
    if not settings.retrain_cron.strip():
        return Finding("warn", "schedule", "RETRAIN_CRON is empty: nothing is learned unless somebody starts it")
    cron(settings.retrain_cron, zone)
    return Finding("ok", "schedule", f"{settings.retrain_cron} in {settings.timezone}")


def check_content(settings: Settings) -> Finding:
    from bot.team import team_of
    from storage.articles import Articles
    from storage.database import Database
    from storage.utterances import Utterances

    db = Database(settings.url)
    try:
        db.check_revision()
        with db.reading() as session:
            team = team_of(settings, session)
            rows = Utterances(session, team).all()
            articles = Articles(session, team).all()
    finally:
        db.close()
    starter = [*(row.source for row in rows), *(row.source for row in articles)].count(STARTER)
    words = f"{len(rows)} utterances, {len(articles)} articles"
    if not rows:
        return Finding("warn", "content", f"{words}. Bring yours: `understudy import FILE`.")
    if starter and not settings.local:
        words = f"{words}; {starter} of them are the starter shop's, which is not yours. "
        return Finding("warn", "content", words + "Take it out: `understudy import FILE --replace`.")
    return Finding("ok", "content", words)


def check_pictures(settings: Settings) -> Finding:
    from model.picture_reader import INSTALL, installed

    if settings.pictures == "off":
        return Finding("ok", "pictures", "PICTURES=off: customers who send one are asked for words")
    if not installed():
        return Finding("warn", "pictures", f"not read, customers are asked for words. Install it: {INSTALL}")
    return Finding("ok", "pictures", "read when they come")


def check_orders(settings: Settings) -> Finding:
    from bot.order_file import read
    from bot.order_source import file_of, lookup_of

    lookup_of(settings)
    path = file_of(settings)
    if path is None:
        words = f"looked up by {settings.orders_module}" if settings.orders_module else "none: answers tell of no order"
        return Finding("ok", "orders", words)
    rows = read(path)
    if rows.refused:
        return Finding("warn", "orders", f"{path}: {rows.said()}. Correct them; the others are used.")
    return Finding("ok", "orders", f"{rows.count} of {len(rows.of)} customers in {path}")


def check_processor(settings: Settings) -> Finding:
    cores = os.cpu_count() or 1
    if cores < 2:
        return Finding("warn", "processor", "1 core: answers wait while a training runs. Two are better.")
    return Finding("ok", "processor", f"{cores} cores")


CHECKS: dict[str, Check] = {
    "data folder": check_folder,
    "disk": check_disk,
    "processor": check_processor,
    "database": check_database,
    "base encoder": check_encoder,
    "intent model": check_intent_model,
    "response model": check_response_model,
    "pictures": check_pictures,
    "orders": check_orders,
    "schedule": check_schedule,
    "content": check_content,
    "slack": check_slack,
}
