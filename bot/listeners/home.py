"""The App Home, and the events that need no answer."""

import logging
import re
import threading
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import customers, text, wording
from bot.listeners import agents_home, agents_home_view, asking, home_view, ids
from bot.listeners.guards import user, value
from bot.listeners.shortcuts import in_modal
from bot.services import Services
from bot.values import Customer, Kept, Said
from storage.conversations import Conversation, Conversations

log = logging.getLogger(__name__)
PROMPTS = 4
"""Slack takes no more."""
QUIET = ("app_context_changed", "reaction_added")


def register(app: App, services: Services) -> None:
    @app.event("app_home_opened")
    def opened(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab", "home") == "home":
            services.homes.opened(str(event["user"]))
            client.views_publish(user_id=event["user"], view=home(services, str(event["user"])))
        else:
            suggest(services, client, str(event.get("channel") or ""))

    @app.action(re.compile(rf"^{ids.HOME_TOPIC}_\d+$"))
    def topic(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        intent = services.kit.catalogue.get(value(body))
        # The Home has no place of its own to say it in, and the answer comes where the customer does not look.
        in_modal(body, client, "Your question", lambda: asking.ask_topic(services, client, user(body), intent))

    calling = threading.Lock()  # the second of two quick clicks finds the case of the first

    @app.action(ids.HOME_PERSON)
    def person(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()

        def call() -> str:
            with calling:
                return call_person(services, client, user(body))

        in_modal(body, client, "A person", call)
        publish(services, client, user(body))

    services.homes.publish = lambda who: publish(services, app.client, who)
    services.cases.changed = lambda case_id: changed(services, app.client, case_id)
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


def publish(services: Services, client: WebClient, who: str) -> None:
    """Show somebody their Home as it is by now, where they have opened it; never raises."""
    if who not in services.homes:
        return
    try:
        client.views_publish(user_id=who, view=home(services, who))
    except Exception as error:
        log.info("the Home of %s stays as it was: %s", who, error)


def changed(services: Services, client: WebClient, case_id: int) -> None:
    """Something of a case has changed: its customer's Home shows it at once, those of agents soon."""
    case = services.kit.case(case_id) if any(services.homes) else None
    if case is None:
        return
    publish(services, client, case.customer)
    for who in services.homes:
        if who != case.customer and services.kit.people.is_agent(who):
            services.homes.stale(who)


def suggest(services: Services, client: WebClient, channel: str) -> None:
    """Offer what people ask most in a conversation that was just opened; without it all works the same."""
    topics = customers.topics(services.kit, PROMPTS) if services.kit.people.ready() and channel else []
    prompts = [{"title": text.shorten(each.title, 75), "message": each.title} for each in topics if each.title]
    if not prompts:
        return
    try:
        client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
    except Exception as error:
        log.info("no suggested prompts in %s: %s", channel, error)


def home(services: Services, who: str) -> dict[str, Any]:
    """The Home of a customer, or of an agent."""
    kit = services.kit
    if not kit.people.ready():
        hint = wording.SET_UP.format(command=services.commands[0])
        if kit.people.may_set_up(who):
            return agents_home_view.not_set_up(hint)
        return home_view.customer([], [], Kept(0, None, True), wording.INTRODUCTION)
    if kit.people.is_agent(who):
        return agents_home.home(services, who)
    mine = Customer(kit.team, who)
    asked, kept = customers.requests(kit, mine), customers.kept(kit, mine)
    return home_view.customer(customers.topics(kit, home_view.TOPICS), asked, kept, wording.INTRODUCTION)


def call_person(services: Services, client: WebClient, who: str) -> str:
    """Begin a case that a person is to take; where the customer has one already, it is pointed to. Gives a link."""
    kit = services.kit
    if not kit.people.ready():
        return wording.NOT_READY
    channel = str(client.conversations_open(users=[who])["channel"]["id"])
    with kit.db.reading() as session:
        active = Conversations(session).active_of(kit.team, channel, who)
    if active is not None:
        kit.surface.say(channel, active.thread_ts, Said(wording.ALREADY_CALLED, active.id))
        return wording.PERSON_ASKED.format(link=asking.linked(services, channel, active.thread_ts))
    opened = begin(services, channel, who, "You asked for a person.")
    services.cases.call_person(opened.id, 0, who)
    return wording.PERSON_ASKED.format(link=asking.linked(services, channel, opened.thread_ts))


def begin(services: Services, channel: str, who: str, words: str) -> Conversation:
    """Begin a case in somebody's direct messages with a line of ours."""
    kit = services.kit
    ts = kit.surface.say(channel, "", Said(text.shorten(words, 300), 0))
    with kit.db.writing() as session:
        return Conversations(session).open(kit.team, channel, ts, who, kit.team, kit.people.is_agent(who))
