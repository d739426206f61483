"""`/support privacy`: an owner has a customer's words erased who asks for it by other ways. Two steps in one modal."""

import logging
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import customers, wording
from bot.erasing import NOT_REACHED
from bot.listeners import ids, modals
from bot.listeners.guards import Body, redraw, user, value
from bot.listeners.home_view import said_of
from bot.listeners.parts import Block, actions, button, field_input, modal, section
from bot.listeners.values import chosen
from bot.services import Services
from bot.values import Customer

log = logging.getLogger(__name__)
TITLE = "A customer's data"


def register(app: App, services: Services) -> None:
    @app.view(ids.PRIVACY_VIEW)
    def submitted(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        handle_submit(services, ack, body, client)

    @app.action(ids.PRIVACY_COPY)
    def copied(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        handle_copy(services, body, client)


def choose() -> Block:
    """Whose?"""
    who: Block = {"type": "users_select", "action_id": ids.VALUE}
    return modal(ids.PRIVACY_VIEW, TITLE, [field_input(ids.CUSTOMER_BLOCK, "Whose?", who)], submit="Next")


def confirm(who: str, kept: str) -> Block:
    """What there is of them, and what erasing does."""
    words = f"*<@{who}>*: {kept}\n\nEvery message, answer, comment and correction of theirs loses its words, for good."
    copy = actions([button("Send me a copy first", ids.PRIVACY_COPY, who)])
    blocks = [section(words), section(NOT_REACHED), copy]
    return modal(ids.PRIVACY_VIEW, TITLE, blocks, modals.pack(user=who), "Erase")


def handle_open(services: Services, client: WebClient, who: str, trigger: str) -> str:
    """Open the first step for an owner. Empty, or why not."""
    if not services.kit.people.may_set_up(who):
        return "Only the bot's owners can erase somebody's words. Customers do it themselves in their App Home."
    client.views_open(trigger_id=trigger, view=choose())
    return ""


def handle_copy(services: Services, body: Body, client: WebClient) -> None:
    """Everything that is kept of the chosen person, into the owner's own direct messages."""
    if not services.kit.people.may_set_up(user(body)):
        return
    # Upon the question, which stays open below it; the window first, for its trigger lives three seconds.
    opened = client.views_push(trigger_id=body["trigger_id"], view=modals.message(TITLE, "One moment…"))
    words = services.privacy.copy(Customer("", value(body)), user(body))
    redraw(client, opened["view"]["id"], modals.message(TITLE, words))


def handle_submit(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    """Show what is kept of the chosen person; the second time, erase it."""
    view = body["view"]
    if not services.kit.people.may_set_up(user(body)):
        ack(response_action="update", view=modals.message(TITLE, "Only the bot's owners can do this."))
        return
    who = str(modals.unpack(view["private_metadata"]).get("user") or "")
    if not who:
        who = chosen(view["state"]["values"], ids.CUSTOMER_BLOCK)
        # Every team's customer of that id: an owner knows a person and not the company.
        kept = customers.kept(services.kit, Customer("", who))
        ack(response_action="update", view=confirm(who, said_of(kept, "theirs")))
        return
    ack(response_action="update", view=modals.message(TITLE, "One moment…"))
    try:
        erased = services.privacy.erase(Customer("", who))
        log.info("%s has had the words of %s erased", user(body), who)
        words = f"{wording.ERASED.format(count=erased.count, weights=erased.weights)}\n\n{NOT_REACHED}"
    except Exception:
        log.exception("the words of %s could not be erased", who)
        words = wording.FAILED
    redraw(client, view["id"], modals.message(TITLE, words))
