"""Message shortcuts for agents, which work inside a thread and without a card: "Correct this answer" and "Why this
answer", and how every one of them begins."""

import contextlib
import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import wording
from bot.corrections import Refused
from bot.listeners import blocks, modals
from bot.listeners.guards import Body, redraw, user
from bot.listeners.relabelling import open_relabel
from bot.manifest import EXPLAIN_SHORTCUT, RELABEL_SHORTCUT
from bot.services import Services

log = logging.getLogger(__name__)
NOT_THIS = "Not this one"
Handler = Callable[[Services, Body, WebClient], None]


def register(app: App, services: Services) -> None:
    on_shortcut(app, services, RELABEL_SHORTCUT, handle_relabel)
    on_shortcut(app, services, EXPLAIN_SHORTCUT, handle_explain)


def on_shortcut(app: App, services: Services, callback_id: str, handler: Handler) -> None:
    """Acknowledge, then do it."""

    def listen(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        handler(services, body, client)

    app.shortcut(callback_id)(listen)


def handle_relabel(services: Services, body: Body, client: WebClient) -> None:
    """Open the relabel modal for the message's turn, or a modal that says why not."""
    on_turn(services, body, client, lambda turn_id: open_relabel(services, client, body, turn_id, "shortcut"))


def handle_explain(services: Services, body: Body, client: WebClient) -> None:
    """Say in a modal what the card's Explain whispers: the bot may be a stranger where the shortcut is used."""

    def show(turn_id: int) -> None:
        in_modal(body, client, "Why this answer", lambda: services.explaining.of_turn(turn_id))

    on_turn(services, body, client, show)


def in_modal(body: Body, client: WebClient, title: str, job: Callable[[], str]) -> None:
    """Open a modal first, for its trigger lives three seconds; then say in it what comes of the job, in mrkdwn.

    Where it is too late for a modal the job is done all the same.
    """
    window = ""
    with contextlib.suppress(SlackApiError):
        opened = client.views_open(trigger_id=body["trigger_id"], view=modals.message(title, "One moment…"))
        window = str(opened["view"]["id"])
    try:
        view = modals.message(title, job(), escape=False)
    except Refused as refusal:
        view = modals.message(NOT_THIS, str(refusal))
    except Exception:
        log.exception("a shortcut of %s failed", user(body))
        view = modals.message(title, wording.FAILED)
    if window:
        redraw(client, window, view)


def on_turn(services: Services, body: Body, client: WebClient, job: Callable[[int], object]) -> None:
    """Do what an agent asked of the message's turn; else a modal says why not."""
    for_agents(services, body, client, lambda: job(turn_of(services, body)))


def for_agents(services: Services, body: Body, client: WebClient, job: Callable[[], object]) -> None:
    """Do what an agent asked for; else a modal says why not."""
    try:
        if not services.kit.people.is_agent(user(body)):
            raise Refused(wording.ONLY_AGENTS)
        job()
    except Refused as refusal:
        client.views_open(trigger_id=body["trigger_id"], view=modals.message(NOT_THIS, str(refusal)))


def turn_of(services: Services, body: Body) -> int:
    """The turn of a shortcut's message: by the metadata of our own reply, else by the message's timestamp.

    Raises:
        Refused: it is of none.
    """
    message = body["message"]
    metadata = message.get("metadata") or {}
    ours = message.get("user") == services.kit.bot
    if ours and metadata.get("event_type") == blocks.EVENT_TYPE:
        return int((metadata.get("event_payload") or {}).get("turn_id") or 0)
    return services.corrections.at(str(body["channel"]["id"]), str(message["ts"])).id
