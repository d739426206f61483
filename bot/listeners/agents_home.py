"""The agents' Home, and the buttons on it."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import agents_home, figures
from bot.listeners import agents_home_view, config, ids, stats, stats_blocks
from bot.listeners.guards import Body, user
from bot.services import Services


def register(app: App, services: Services) -> None:
    @app.action(ids.HOME_STATS)
    def open_stats(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        handle_stats(services, body, client)

    @app.action(ids.HOME_CONFIG)
    def open_config(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        if services.kit.people.is_agent(user(body)):
            client.views_open(trigger_id=body["trigger_id"], view=config.view(services, user(body), ""))


def home(services: Services, who: str) -> dict[str, Any]:
    """The Home of an agent."""
    kit = services.kit
    found = agents_home.overview(kit, services.understanding, services.yardsticks, services.training, who)
    return agents_home_view.agent(found, kit.people.mode(), services.gaps.count())


def handle_stats(services: Services, body: Body, client: WebClient) -> None:
    """The figures of the last seven days in a modal."""
    if not services.kit.people.is_agent(user(body)):
        return
    found = figures.figures(services.kit, services.yardsticks)
    lines = figures.lines(services.kit, found, services.yardsticks.minutes)
    offers = [(each.intent, figures.offer(each)) for each in stats.offered(services)]
    client.views_open(trigger_id=body["trigger_id"], view=stats_blocks.view(lines, offers))
