"""The agents' Home, and the buttons on it."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import agents_home
from bot.listeners import agents_home_view, articles, config, ids, knowledge_blocks, modals, model_page, stats, training
from bot.listeners.guards import Body, user, value
from bot.listeners.parts import Block
from bot.services import Services
from bot.training import Training


def register(app: App, services: Services) -> None:
    for action_id, handler in {
        ids.HOME_STATS: lambda body: stats.page(services),
        ids.HOME_CONFIG: lambda body: config.view(services, user(body), ""),
        ids.HOME_SEARCH: lambda body: knowledge_blocks.search(),
        ids.HOME_ARTICLES: lambda body: articles.page(services),
        ids.HOME_MODEL: lambda body: model_page.page(services),
        ids.HOME_TRAIN: lambda body: _told(services, "Training", lambda it: it.start(user(body))),
        ids.HOME_ROLLBACK: lambda body: _rolled_back(services, body),
    }.items():
        _on(app, services, action_id, handler)


def _on(app: App, services: Services, action_id: str, view: Callable[[Body], Block]) -> None:
    """An agent's button that is answered by a modal."""

    def listen(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        if services.kit.people.is_agent(user(body)):
            client.views_open(trigger_id=body["trigger_id"], view=view(body))

    app.action(action_id)(listen)


def _told(services: Services, title: str, ask: Callable[[Training], str]) -> Block:
    """Ask the trainer, and show what it says."""
    return modals.message(title, training.asked(services, ask))


def _rolled_back(services: Services, body: Body) -> Block:
    return _told(services, "The model", lambda it: it.rollback(value(body), by=user(body)))


def home(services: Services, who: str) -> dict[str, Any]:
    """The Home of an agent."""
    kit = services.kit
    found = agents_home.overview(kit, services.understanding, services.yardsticks, services.training, who)
    return agents_home_view.agent(found, kit.people.mode(), services.gaps.count())
