"""Puts the parts of a running bot together, from settings. Knows every part and does nothing itself."""

from dataclasses import dataclass
from datetime import timedelta

from slack_sdk import WebClient

from bot.attachments import AttachmentDesk
from bot.bursts import Bursts
from bot.cases import Cases
from bot.catalogue import Catalogue
from bot.corrections import CorrectionDesk
from bot.desk import SupportDesk
from bot.explaining import Explaining
from bot.figures import Yardsticks
from bot.followups import FollowUps
from bot.gaps import GapDesk
from bot.homes import Homes
from bot.hours import parse, timezone
from bot.intake import Intake
from bot.introductions import Introductions
from bot.kit import Kit
from bot.knowledge import KnowledgeDesk
from bot.languages import languages_of
from bot.listeners.files import SlackFiles
from bot.listeners.slack import SlackSurface
from bot.models import Models
from bot.order_source import orders_of
from bot.people import People
from bot.privacy import PrivacyDesk
from bot.recommending import Recommending
from bot.redrafting import Redrafting
from bot.replies import Replies
from bot.routing import Thresholds
from bot.services import Services
from bot.settings import Settings
from bot.understanding import Understanding
from bot.waits import Patience, Waits
from bot.workers import Workers
from model.picture_reader import PictureReader
from storage.database import Database

LOCAL_CHANNEL, LOCAL_OWNER = "C0AGENTS", "U0AGENT"
WORKERS = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in this workspace."""

    team: str
    user: str
    url: str = ""


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
    followups = FollowUps(kit, understanding, replies, cases, corrections)
    quiet = timedelta(seconds=settings.burst_seconds)
    desk = SupportDesk(
        kit,
        Bursts(kit, understanding, replies, attached, cases, followups.joined, quiet),
        replies,
        cases,
        greet,
        also,
        lease_seconds=lease_seconds,
        grows_after=settings.stream_after_seconds,
    )
    workers = Workers(WORKERS)
    services = Services(
        kit=kit,
        intake=Intake(kit, quiet),
        desk=desk,
        cases=cases,
        waits=Waits(kit, cases, patience(settings)),
        corrections=corrections,
        followups=followups,
        understanding=understanding,
        workers=workers,
        homes=Homes(workers),
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
    desk.again = services.work_after
    redrafting = Redrafting(kit, replies, cases)
    corrections.redraft = lambda turn_id: services.later_of(turn_id, redrafting.anew)
    return services


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
