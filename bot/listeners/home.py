"""The App Home, and the events that need no answer."""

import logging
import re
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import text, wording
from bot.listeners import agents_home, agents_home_view, home_view, ids, review_page
from bot.listeners.guards import Body, user, value
from bot.services import Services
from bot.values import Said
from model.types import Intent
from storage.conversations import Conversations

log = logging.getLogger(__name__)
QUIET = ("app_context_changed", "reaction_added")


def register(app: App, services: Services) -> None:
    @app.event("app_home_opened")
    def opened(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab", "home") == "home":
            client.views_publish(user_id=event["user"], view=home(services, str(event["user"])))

    @app.action(re.compile(rf"^{ids.HOME_TOPIC}_\d+$"))
    def topic(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        handle_topic(services, body, client)

    @app.action(ids.HOME_PERSON)
    def person(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        case_id = begin(services, client, user(body), "You asked for a person.")
        if case_id:
            services.cases.call_person(case_id, 0, user(body))

    @app.action(ids.HOME_REVIEW)
    def open_review(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        if services.kit.people.is_agent(user(body)):
            client.views_open(trigger_id=body["trigger_id"], view=review_page.first(services))

    _events(app, services)


def _events(app: App, services: Services) -> None:
    @app.event("member_joined_channel")
    def joined(event: dict[str, Any]) -> None:
        if event.get("channel") == services.kit.people.channel():
            services.kit.people.forget()

    @app.event(re.compile("^(app_uninstalled|tokens_revoked)$"))
    def gone(event: dict[str, Any]) -> None:
        log.warning("%s: this workspace has taken the bot away", event.get("type"))

    @app.event(re.compile(f"^({'|'.join(QUIET)})$"))
    def quiet() -> None:
        """Nothing to do; acknowledged, so that it does not come again."""


def home(services: Services, who: str) -> dict[str, Any]:
    """The Home of a customer, or of an agent."""
    kit = services.kit
    if not kit.people.ready():
        hint = wording.SET_UP.format(command=services.commands[0])
        if kit.people.may_set_up(who):
            return agents_home_view.not_set_up(hint)
        return home_view.customer([], wording.INTRODUCTION)
    if not kit.people.is_agent(who):
        return home_view.customer(topics(services), wording.INTRODUCTION)
    return agents_home.home(services, who)


def topics(services: Services) -> list[Intent]:
    """What customers may ask at a click: described intents with an approved answer."""
    known = services.kit.catalogue.all()
    return [intent for intent in known if intent.answer and not (intent.small_talk or intent.handoff)][:8]


def handle_topic(services: Services, body: Body, client: WebClient) -> None:
    """Answer a topic of the Home in the customer's direct messages."""
    intent = services.kit.catalogue.get(value(body))
    case_id = begin(services, client, user(body), f"You asked: **{intent.title}**")
    case = services.kit.case(case_id) if case_id else None
    if case is None:
        return
    words = services.followups.answer_topic(case, intent)
    services.kit.surface.say(case.channel, case.thread_ts, Said(words, case.id, person=True))


def begin(services: Services, client: WebClient, who: str, words: str) -> int:
    """Begin a case in somebody's direct messages with a line of ours; gives its id."""
    kit = services.kit
    if not kit.people.ready():
        return 0
    channel = str(client.conversations_open(users=[who])["channel"]["id"])
    ts = kit.surface.say(channel, "", Said(text.shorten(words, 300), 0))
    with kit.db.writing() as session:
        opened = Conversations(session).open(kit.team, channel, ts, who, kit.team, kit.people.is_agent(who))
    return opened.id
