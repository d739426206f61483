"""The message shortcut "Correct this answer": shortcuts are what works inside a thread without a card."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import wording
from bot.corrections import Refused
from bot.listeners import blocks, modals
from bot.listeners.guards import Body, user
from bot.listeners.relabelling import open_relabel
from bot.manifest import RELABEL_SHORTCUT
from bot.services import Services


def register(app: App, services: Services) -> None:
    @app.shortcut(RELABEL_SHORTCUT)
    def relabel(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        handle_relabel(services, body, client)


def handle_relabel(services: Services, body: Body, client: WebClient) -> None:
    """Open the relabel modal for the message's turn, or a modal that says why not."""
    on_turn(services, body, client, lambda turn_id: open_relabel(services, client, body, turn_id, "shortcut"))


def on_turn(services: Services, body: Body, client: WebClient, job: Callable[[int], object]) -> None:
    """Do what an agent asked of the message's turn; else a modal says why not."""
    try:
        if not services.kit.people.is_agent(user(body)):
            raise Refused(wording.ONLY_AGENTS)
        job(_turn(services, body))
    except Refused as refusal:
        client.views_open(trigger_id=body["trigger_id"], view=modals.message("Not this one", str(refusal)))


def _turn(services: Services, body: Body) -> int:
    """The turn of a shortcut's message: by the metadata of our own reply, else by the message's timestamp."""
    message = body["message"]
    metadata = message.get("metadata") or {}
    ours = message.get("user") == services.kit.bot
    if ours and metadata.get("event_type") == blocks.EVENT_TYPE:
        return int((metadata.get("event_payload") or {}).get("turn_id") or 0)
    return services.corrections.at(str(body["channel"]["id"]), str(message["ts"])).id
