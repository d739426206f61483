"""Slack things in, plain calls of the desk out. Builders of blocks are pure; handlers hold no logic of the desk."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.services import Services


def register(app: "App", services: "Services") -> None:
    """Every listener that manifest.json promises."""
    from bot.listeners import (
        actions,
        agents_home,
        articles,
        asking,
        commands,
        config,
        customers,
        filled,
        gaps,
        handing,
        home,
        intents_page,
        knowledge,
        messages,
        model_page,
        privacy,
        relabelling,
        requesting,
        review,
        shortcuts,
        stats,
        tools,
        training,
        views,
    )

    for module in (
        filled,
        messages,
        actions,
        customers,
        commands,
        asking,
        shortcuts,
        handing,
        requesting,
        views,
        relabelling,
        review,
        knowledge,
        gaps,
        config,
        privacy,
        agents_home,
        articles,
        intents_page,
        model_page,
        stats,
        tools,
        training,
        home,
    ):
        module.register(app, services)
