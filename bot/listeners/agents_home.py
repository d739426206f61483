"""The agents' Home, and the buttons on it."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot import agents_home
from bot.listeners import (
    agents_home_view,
    articles,
    config,
    ids,
    knowledge_blocks,
    modals,
    model_page,
    review_page,
    stats,
    training,
)
from bot.listeners.actions import on_view
from bot.listeners.guards import Body, user, value
from bot.listeners.parts import Block
from bot.services import Services
from bot.training import Training


def register(app: App, services: Services) -> None:
    for action_id, handler in {
        ids.HOME_REVIEW: lambda services, body, client: review_page.first(services),
        ids.HOME_STATS: lambda services, body, client: stats.page(services),
        ids.HOME_CONFIG: lambda services, body, client: config.view(services, user(body), ""),
        ids.HOME_SEARCH: lambda services, body, client: knowledge_blocks.search(),
        ids.HOME_ARTICLES: lambda services, body, client: articles.page(services),
        ids.HOME_MODEL: lambda services, body, client: model_page.page(services),
        ids.HOME_TRAIN: lambda services, body, client: _told(services, "Training", lambda it: it.start(user(body))),
        ids.HOME_ROLLBACK: lambda services, body, client: _rolled_back(services, body),
    }.items():
        on_view(app, services, action_id, handler)


def _told(services: Services, title: str, ask: Callable[[Training], str]) -> Block:
    """Ask the trainer, and show what it says."""
    return modals.message(title, training.asked(services, ask))


def _rolled_back(services: Services, body: Body) -> Block:
    return _told(services, "The model", lambda it: it.rollback(value(body), by=user(body)))


def home(services: Services, who: str) -> dict[str, Any]:
    """The Home of an agent."""
    kit = services.kit
    found = agents_home.overview(kit, services.understanding, services.yardsticks, services.training, who)
    gaps = services.gaps.shown()
    if services.gaps.due():
        services.workers.submit("gaps", lambda: _count_gaps(services, who, gaps), "gaps")
    return agents_home_view.agent(found, kit.people.mode(), gaps or 0)


def _count_gaps(services: Services, who: str, before: int | None) -> None:
    """Group what was asked, which takes seconds where it was much: nobody's Home waits for it."""
    if services.gaps.count() != (before or 0):
        services.homes.stale(who)
