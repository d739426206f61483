"""The shortcut "Open a request": what a customer wrote among people becomes a case that waits for one of them."""

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.corrections import Refused
from bot.listeners.guards import Body, user
from bot.listeners.messages import KEPT_SUBTYPES, incoming
from bot.listeners.shortcuts import for_agents, in_modal, on_shortcut
from bot.manifest import REQUEST_SHORTCUT
from bot.services import Services

TITLE = "Open a request"


def register(app: App, services: Services) -> None:
    on_shortcut(app, services, REQUEST_SHORTCUT, handle_request)


def handle_request(services: Services, body: Body, client: WebClient) -> None:
    """Make the message a case, and say in a modal what came of it."""
    for_agents(services, body, client, lambda: in_modal(body, client, TITLE, lambda: requested(services, body, client)))


def requested(services: Services, body: Body, client: WebClient) -> str:
    """A line for the agent.

    Raises:
        Refused: that message cannot be a request.
    """
    channel, found = str(body["channel"]["id"]), body["message"]
    message = incoming(found, channel)
    if message is None or found.get("subtype") not in KEPT_SUBTYPES:
        raise Refused("That message is a bot's, or Slack's own: only a customer's can be a request.")
    if not _there(client, channel):
        raise Refused("I am not in that channel, so I could not tell the customer. Invite me there first (/invite).")
    opened = services.requesting.open(message, user(body))
    if opened.case_id:
        services.work(opened.case_id)
        # Behind the turn's own work, whose card says only that a person is needed.
        services.later(opened.case_id, lambda: services.cases.show(opened.case_id, opened.reason, opened.turn_id))
    return opened.words


def _there(client: WebClient, channel: str) -> bool:
    """Whether the bot is where it would have to speak."""
    try:
        # Said of channels alone; of what is not public, Slack tells nothing at all to those who are not in it.
        return bool(client.conversations_info(channel=channel)["channel"].get("is_member", True))
    except SlackApiError:
        return False
