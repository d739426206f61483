"""`/ask`: a customer's question from anywhere in the workspace becomes a case in their direct messages."""

import logging
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import text, wording
from bot.addressing import Incoming
from bot.intake import Accepted
from bot.listeners.messages import carry
from bot.services import Services
from bot.values import Said
from model.types import Intent
from storage.redaction import BY_COMMAND

log = logging.getLogger(__name__)


def register(app: App, services: Services) -> None:
    @app.command(services.commands[2])
    def ask(ack: Ack, command: dict[str, Any], client: WebClient, respond: Any) -> None:
        ack()
        try:
            words = handle_ask(services, command, client)
        except Exception:
            log.exception("a question could not be taken")
            words = wording.FAILED
        respond(text=words, response_type="ephemeral")


def handle_ask(services: Services, command: dict[str, Any], client: WebClient) -> str:
    """Open the case as a message there would, and give a link to it."""
    who, question = str(command["user_id"]), str(command.get("text") or "").strip()
    if not question:
        return wording.ASK_WHAT.format(command=services.commands[2])
    if not services.kit.people.ready():
        return wording.NOT_READY
    message = asked(services, client, who, question, str(command.get("team_id") or ""))
    return taken(services, message, services.intake.accept(message, event_of(message)))


def ask_topic(services: Services, client: WebClient, who: str, intent: Intent) -> str:
    """A topic that somebody pressed becomes a case in their direct messages, as if they had written its title; gives a
    link to it."""
    if not services.kit.people.ready():
        return wording.NOT_READY
    message = asked(services, client, who, intent.title or intent.name)
    return taken(services, message, services.intake.topic(message, event_of(message), intent.name))


def taken(services: Services, message: Incoming, accepted: Accepted) -> str:
    """Have a question worked; says where its answer comes: below itself, or where a person has the case it joined."""
    carry(services, message, accepted)
    if accepted.joined and accepted.case is not None:
        return wording.ASKED_JOINED.format(link=linked(services, message.channel, accepted.case.thread_ts))
    return wording.ASKED.format(link=linked(services, message.channel, message.ts))


def linked(services: Services, channel: str, ts: str) -> str:
    """A case in somebody's direct messages, in mrkdwn."""
    link = services.kit.surface.link(channel, ts)
    return f"<{link}|{wording.ASKED_LINK}>" if link else wording.ASKED_LINK


def asked(services: Services, client: WebClient, who: str, question: str, team: str = "") -> Incoming:
    """The question in somebody's direct messages, as a message of theirs.

    A person's own message cannot be posted for them: the bot repeats the question, and the case hangs on that.
    """
    channel = str(client.conversations_open(users=[who])["channel"]["id"])
    ts = services.kit.surface.say(channel, "", Said(wording.YOU_ASKED.format(question=question), 0))
    return Incoming(channel, ts, who, text.escape(question), user_team=team)


def event_of(message: Incoming) -> str:
    """The id of a message that the bot has posted for somebody: it loses its words with theirs."""
    return f"{BY_COMMAND}{message.channel}-{message.ts}"
