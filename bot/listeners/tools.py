"""The rarer tools on the agents' Home: a menu whose entries open a modal each."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.listeners import commands, ids, intents_page, modals, privacy, tools_blocks
from bot.listeners.guards import Body, user, value
from bot.listeners.parts import Block
from bot.listeners.views import setup_form
from bot.services import Services


def register(app: App, services: Services) -> None:
    @app.action(ids.HOME_MORE)
    def more(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        handle(services, body, client)


def handle(services: Services, body: Body, client: WebClient) -> None:
    """Open what was chosen, for who may have it."""
    people, wanted = services.kit.people, value(body)
    allowed = people.may_set_up if wanted in tools_blocks.OWNERS else people.is_agent
    if wanted in OPENED and allowed(user(body)):
        client.views_open(trigger_id=body["trigger_id"], view=OPENED[wanted](services))


OPENED: dict[str, Callable[[Services], Block]] = {
    tools_blocks.INTENTS: intents_page.page,
    tools_blocks.PRIVACY: lambda services: privacy.choose(),
    tools_blocks.SETUP: setup_form,
    tools_blocks.COMMANDS: lambda services: modals.message("Commands", commands.usage(services), escape=False),
}
