"""`/support stats`: figures as text and as a picture, and the offer to let the bot answer an intent by itself."""

import logging
from collections.abc import Sequence

from slack_sdk import WebClient

from bot import figures, text
from bot.corrections import Refused
from bot.figures import Figures, Ripe
from bot.listeners import stats_blocks
from bot.listeners.guards import Body
from bot.listeners.parts import Block
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
