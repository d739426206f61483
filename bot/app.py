"""Composition root of the running bot: settings in, a bot that can be started and closed out."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot import models as model_files
from bot.composing import Identity, compose
from bot.learning import Learning
from bot.ledger import SIDES, read_sides
from bot.listeners import register
from bot.models import Models
from bot.services import Services
from bot.settings import Settings
from model.types import UnderstudyError
from storage.corrections import Corrections
from storage.database import Database
from storage.events import Events

log = logging.getLogger(__name__)
PRUNED_EVERY = 86_400.0
EVENTS_KEPT = timedelta(days=7)
"""Slack gives a delivery up after minutes; longer than this nobody asks whether it came before."""
LISTENERS = 10
"""Bolt's default of five would let five slow clicks block every command."""


class Bot:
    """A composed bot. `start` connects and picks up what a former process left; `close` ends in order."""

    def __init__(
        self,
        settings: Settings,
        services: Services,
        app: App,
        models: Models,
        identity: Identity,
        learning: Learning,
        sweep: float,
    ) -> None:
        self.settings, self.services, self.app, self.models, self.identity = settings, services, app, models, identity
        self.learning = learning
        self._sweep = sweep
        self._handler = SocketModeHandler(app, settings.slack_app_token.get_secret_value())
        self._stop = threading.Event()
        self._pruned = float("-inf")
        self._thread = threading.Thread(target=self._keep_house, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Connect over Socket Mode; returns at once."""
        if self.settings.url.startswith("sqlite"):
            # One process on this data folder: whoever held a lease before is gone. With replicas leases must run out.
            self.services.desk.free()
        self.models.on_swap(lambda _: self._release())
        self.models.start()
        self._release()
        self._handler.connect()  # type: ignore[no-untyped-call]
        self._thread.start()
        self.learning.start()

    def close(self) -> None:
        """Take no more messages, finish the ones at work, close models and database."""
        self._stop.set()
        self.learning.close()
        self._handler.close()  # type: ignore[no-untyped-call]
        self.services.workers.close()
        if self.services.pictures is not None:
            self.services.pictures.close()
        if self._thread.is_alive():
            self._thread.join(5)
        self.models.close()
        self.services.kit.db.close()

    def _keep_house(self) -> None:
        """At the start, and every few seconds: lost turns, what changed in SQL, and cases that wait too long."""
        services = self.services
        chores = (
            self._prune,
            services.work_unfinished,
            self._follow_privacy,
            self.models.refresh,
            services.watch_waits,
        )
        while True:
            for chore in chores:
                try:
                    chore()
                except Exception:
                    log.exception("housekeeping failed; it tries again in %s s", self._sweep)
            if self._stop.wait(self._sweep):
                return

    def _prune(self) -> None:
        if time.monotonic() - self._pruned > PRUNED_EVERY:
            self._pruned = time.monotonic()
            with self.services.kit.db.writing() as session:
                Events(session).prune(datetime.now(UTC) - EVENTS_KEPT)

    def _follow_privacy(self) -> None:
        if self.services.privacy.changed():
            self._release()

    def _release(self) -> None:
        """Bring the override memory to the corrections that the live model has not learned."""
        with self.services.kit.db.reading() as session:
            standing = Corrections(session).effective(self.services.kit.team)
        sides = read_sides(self.settings.home / "models" / "intent" / SIDES)
        tested = {key for key, side in sides.items() if side == "test"}
        self.services.understanding.reload(standing, tested)


def build(
    settings: Settings,
    *,
    models: Models | None = None,
    lease_seconds: float = 120.0,
    sweep_seconds: float = 10.0,
) -> Bot:
    """Compose a bot.

    Args:
        models: in the place of those of the data folder.
        lease_seconds: how long a turn may be worked before it is taken as lost.
        sweep_seconds: how often lost turns are looked for.

    Raises:
        UnderstudyError, StorageError: one line that says what is missing and what to do.
    """
    if settings.without_tokens:
        raise UnderstudyError(
            "expected SLACK_BOT_TOKEN and SLACK_APP_TOKEN, found neither. Set both in .env, or say `run --local`."
        )
    token = settings.slack_bot_token.get_secret_value()
    client = WebClient(token=token, base_url=settings.slack_api_url, timeout=15)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
    identity = identify(client)
    db = Database(settings.url)
    db.migrate()
    db.adopt(identity.team)
    models = models or model_files.load(settings, db, identity.team)
    services = compose(settings, db, client, identity, models, lease_seconds)
    learning = Learning(settings, services)
    services = services.with_training(learning.control)
    app = App(
        client=client,
        token_verification_enabled=False,
        listener_executor=ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener"),
    )
    register(app, services)
    return Bot(settings, services, app, models, identity, learning, sweep_seconds)


def identify(client: WebClient) -> Identity:
    """Ask Slack who the token is.

    Raises:
        UnderstudyError: Slack refuses the token, or cannot be reached.
    """
    try:
        found = client.auth_test()
    except SlackApiError as error:
        raise UnderstudyError(
            f"SLACK_BOT_TOKEN: expected a token that Slack takes, found {error.response.get('error')!r}. "
            "Copy the bot token again from your app's page, OAuth & Permissions."
        ) from None
    except OSError as error:
        raise UnderstudyError(
            f"expected Slack at {client.base_url}, found {error}. Look at the network and SLACK_API_URL."
        ) from None
    return Identity(str(found["team_id"]), str(found["user_id"]), str(found.get("url") or ""))


def serve(
    settings: Settings,
    stop: threading.Event | None = None,
    *,
    on_ready: Callable[[], object] = lambda: None,
) -> None:
    """Run a bot until `stop` is set, or for ever. `on_ready` is called once it is connected."""
    bot = build(settings)
    bot.start()
    log.info("connected to %s as %s", bot.identity.team, bot.identity.user)
    on_ready()
    try:
        (stop or threading.Event()).wait()
    finally:
        bot.close()
