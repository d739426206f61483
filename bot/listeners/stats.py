"""`/support stats`: figures as text and as a picture, and the offer to let the bot answer an intent by itself."""

import logging
from collections.abc import Sequence

from slack_bolt import App
from slack_sdk import WebClient

from bot import figures, text
from bot.arguments import span
from bot.corrections import Refused
from bot.figures import Figures, Ripe
from bot.listeners import ids, modals, stats_blocks
from bot.listeners.actions import on_search, on_view
from bot.listeners.guards import Body, redraw
from bot.listeners.parts import Block
from bot.listeners.views import filtering
from bot.services import Services
from model.types import UnderstudyError

log = logging.getLogger(__name__)


def handle_stats(services: Services, command: Body, client: WebClient) -> tuple[str, list[Block]]:
    """The figures for the one who asked; the picture for the channel, where agents are among themselves there."""
    given = str(command.get("text") or "").split()[1:]
    try:
        length, intent = figures.wanted(given, services.corrections)
    except (UnderstudyError, Refused) as error:
        return text.sentence(error), []
    found = figures.figures(services.kit, services.yardsticks, length, intent)
    channel = str(command["channel_id"])
    if found.stats.turns and (channel == services.kit.people.channel() or channel.startswith("D")):
        picture(client, channel, found)
    return said(services, found)


def register(app: App, services: Services) -> None:
    for action_id in (ids.STATS_SPAN, ids.STATS_INTENT, ids.STATS_POST):
        on_view(app, services, action_id, handle_page)
    every = stats_blocks.EVERY
    on_search(app, ids.STATS_INTENT, lambda query: filtering(services.kit.catalogue.all(), query, every))


def handle_page(services: Services, body: Body, client: WebClient) -> None:
    """Draw the modal anew by what is chosen in it now; or post the picture of what it shows."""
    pressed, kept = body["actions"][0], modals.unpack(body["view"]["private_metadata"])
    picked, id = pressed.get("selected_option") or {}, pressed["action_id"]
    length = str(picked["value"]) if id == ids.STATS_SPAN else str(kept["span"])
    intent = picked if id == ids.STATS_INTENT else kept["intent"]
    view = page(services, length, intent, client if id == ids.STATS_POST else None)
    redraw(client, body["view"]["id"], view)


def page(
    services: Services, length: str = "7d", intent: Block = stats_blocks.EVERY, poster: WebClient | None = None
) -> Block:
    """The figures as a modal.

    Args:
        intent: the option that is chosen.
        poster: posts the picture of them into the agents' channel.
    """
    name = "" if intent == stats_blocks.EVERY else services.kit.catalogue.whole(str(intent["value"]))
    found = figures.figures(services.kit, services.yardsticks, span(length), name)
    last, channel = "", services.kit.people.channel()
    if poster is not None and not found.stats.turns:
        last = "There is nothing to draw yet."
    elif poster is not None:
        drawn = picture(poster, channel, found)
        last = f"Posted to <#{channel}>." if drawn else "The picture could not be made: the figures here are all."
    lines = figures.lines(services.kit, found, services.yardsticks.minutes)
    offers = [(each.intent, figures.offer(each)) for each in offered(services, name)]
    return stats_blocks.view(lines, offers, length, intent, last)


def said(services: Services, found: Figures) -> tuple[str, list[Block]]:
    """Words, and the blocks that go with them."""
    lines = figures.lines(services.kit, found, services.yardsticks.minutes)
    offers = offered(services, found.intent)
    return "\n".join(lines), stats_blocks.stats(lines, [(each.intent, figures.offer(each)) for each in offers])


def offered(services: Services, intent: str = "") -> Sequence[Ripe]:
    """Intents that the bot may answer by itself."""
    return [each for each in figures.ripe(services.kit, services.yardsticks) if intent in ("", each.intent)]


def picture(client: WebClient, channel: str, found: Figures) -> bool:
    """Draw the figures and post them. False where that does not work: the text has everything."""
    try:
        from bot import plot

        client.files_upload_v2(
            channel=channel,
            content=plot.draw(found),
            filename="statistics.png",
            title=f"The last {figures.spoken(found.span)}",
            alt_txt=plot.told(found),
        )
    except Exception as error:
        # Without matplotlib, without the scope, in a channel where the bot is not: nothing that an agent must know.
        log.warning("no picture of the figures in %s: %s", channel, error)
        return False
    return True
