"""Composition root of the running bot: settings in, a bot that can be started and closed out."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot import models as model_files
from bot.attachments import AttachmentDesk
from bot.cases import Cases
from bot.catalogue import Catalogue
from bot.corrections import CorrectionDesk
from bot.desk import SupportDesk
from bot.explaining import Explaining
from bot.figures import Yardsticks
from bot.followups import FollowUps
from bot.gaps import GapDesk
from bot.hours import parse, timezone
from bot.intake import Intake
from bot.introductions import Introductions
from bot.kit import Kit
from bot.knowledge import KnowledgeDesk
from bot.languages import languages_of
from bot.learning import Learning
from bot.ledger import SIDES, read_sides
from bot.listeners import register
from bot.listeners.files import SlackFiles
from bot.listeners.slack import SlackSurface
from bot.models import Models
from bot.order_source import orders_of
from bot.people import People
from bot.privacy import PrivacyDesk
from bot.recommending import Recommending
from bot.replies import Replies
from bot.routing import Thresholds
from bot.services import Services
from bot.settings import Settings
from bot.understanding import Understanding
from bot.waits import Patience, Waits
from bot.workers import Workers
from model.picture_reader import PictureReader
from model.types import UnderstudyError
from storage.corrections import Corrections
from storage.database import Database
from storage.events import Events

log = logging.getLogger(__name__)
LOCAL_CHANNEL, LOCAL_OWNER = "C0AGENTS", "U0AGENT"
WORKERS = 4
PRUNED_EVERY = 86_400.0
EVENTS_KEPT = timedelta(days=7)
"""Slack gives a delivery up after minutes; longer than this nobody asks whether it came before."""
LISTENERS = 10
"""Bolt's default of five would let five slow clicks block every command."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in this workspace."""

    team: str
    user: str
    url: str = ""


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


def compose(
    settings: Settings, db: Database, client: WebClient, identity: Identity, models: Models, lease_seconds: float
) -> Services:
    """The desk and everything around it."""
    surface = SlackSurface(client)
    mode = "draft" if settings.drafts else "automatic"
    people = People(db, identity.team, surface, bot=identity.user, fixed=settings.agents, mode=mode)
    if settings.local and not people.ready():
        people.set_up(LOCAL_CHANNEL, [LOCAL_OWNER])
    languages = languages_of(settings.languages, models.served)
    hours = parse(settings.opening_hours, timezone(settings.timezone))
    kit = Kit(
        db,
        identity.team,
        identity.user,
        surface,
        people,
        Catalogue(db, identity.team),
        languages,
        hours,
        orders=orders_of(settings, identity.team),
    )
    understanding = Understanding(models.classifier, models.memory, kit.catalogue.small_talk, kit.catalogue.names)
    thresholds = Thresholds(settings.answer_threshold, settings.ambiguity_margin)
    context = timedelta(minutes=settings.context_minutes)
    replies = Replies(kit, models.responder, thresholds, context=context, tone=settings.tone)
    cases = Cases(kit)
    corrections = CorrectionDesk(kit, understanding, cases)
    most = round(settings.picture_megabytes * 1_000_000)
    pictures = picture_reader(settings, most)
    encode = models.memory.encode
    gaps = GapDesk(kit, encode, models.classifier)

    def forget() -> None:
        models.forget()
        gaps.forget()

    attached = AttachmentDesk(kit, SlackFiles(client), pictures, most_bytes=most, encode=models.memory.encode)
    on, without = settings.recommend == "auto", settings.unrecommended
    also = Recommending(kit, models.recommender, models.responder, on=on, without=without)
    greet = Introductions(kit)
    desk = SupportDesk(
        kit,
        understanding,
        replies,
        cases,
        greet,
        attached,
        also,
        lease_seconds=lease_seconds,
        grows_after=settings.stream_after_seconds,
    )
    return Services(
        kit=kit,
        intake=Intake(kit),
        desk=desk,
        cases=cases,
        waits=Waits(kit, cases, patience(settings)),
        corrections=corrections,
        followups=FollowUps(kit, understanding, replies, cases, corrections),
        understanding=understanding,
        workers=Workers(WORKERS),
        explaining=Explaining(kit, understanding, corrections, also),
        recommending=also,
        knowledge=KnowledgeDesk(kit, cases, models.responder, models.forget, settings.article_stale_days),
        privacy=PrivacyDesk(kit, cases, models.memory, settings.home, forget),
        gaps=gaps,
        pictures=pictures,
        commands=(settings.command_support, settings.command_relabel, settings.command_ask),
        yardsticks=Yardsticks(
            timezone(settings.timezone),
            settings.minutes_a_case,
            settings.automatic_share,
            settings.automatic_drafts,
        ),
    )


def picture_reader(settings: Settings, most_bytes: int) -> PictureReader | None:
    """What reads pictures; its process starts with the first one. None where they are not to be read."""
    if settings.pictures == "off":
        return None
    return PictureReader(seconds=settings.picture_seconds, most_bytes=most_bytes)


def patience(settings: Settings) -> Patience:
    """How long cases may wait."""
    return Patience(
        agents=timedelta(minutes=settings.remind_agents_minutes),
        owners=timedelta(minutes=settings.remind_owners_minutes),
        customer=timedelta(minutes=settings.tell_customer_minutes),
        holder=timedelta(hours=settings.holder_silent_hours),
    )


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
