"""Handing a case to a person: `/support handoff`, the message shortcut inside a thread, and the card's button."""

import logging
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import wording
from bot.listeners import ids, modals
from bot.listeners.actions import on
from bot.listeners.guards import Body, number, redraw, user
from bot.listeners.parts import Block, context, field_input, modal, text_input
from bot.listeners.shortcuts import on_shortcut, on_turn
from bot.listeners.values import chosen
from bot.manifest import HANDOFF_SHORTCUT
from bot.services import Services

log = logging.getLogger(__name__)
TITLE = "Hand to a person"


def register(app: App, services: Services) -> None:
    on(app, services, ids.GIVE, handle_give, agents=True)
    on_shortcut(app, services, HANDOFF_SHORTCUT, handle_shortcut)

    @app.view(ids.HANDOVER_VIEW)
    def submitted(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        handle_submit(services, ack, body, client)


def form(case_id: int) -> Block:
    """To whom, and why."""
    who: Block = {"type": "users_select", "action_id": ids.VALUE}
    why = text_input(ids.VALUE, multiline=False, placeholder="such as: asks for a refund above my limit")
    blocks = [
        field_input(ids.AGENT_BLOCK, "To whom?", who, optional=True, hint="Nobody chosen: whoever takes it."),
        field_input(ids.REASON_BLOCK, "Why?", why, optional=True),
        context("The customer hears who has the request. The reason stays on the card, among agents."),
    ]
    return modal(ids.HANDOVER_VIEW, TITLE, blocks, modals.pack(case=case_id), "Hand over")


def handle_give(services: Services, body: Body, client: WebClient) -> str:
    client.views_open(trigger_id=body["trigger_id"], view=form(number(body)))
    return ""


def handle_shortcut(services: Services, body: Body, client: WebClient) -> None:
    """Open the form for the message's case, or a modal that says why not."""

    def open_form(turn_id: int) -> None:
        case_id = services.corrections.turn(turn_id).conversation_id
        client.views_open(trigger_id=body["trigger_id"], view=form(case_id))

    on_turn(services, body, client, open_form)


def handle_submit(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    """Say beside the field what cannot be; else hand it over, and say what came of it."""
    view, people = body["view"], services.kit.people
    to = chosen(view["state"]["values"], ids.AGENT_BLOCK)
    if not people.is_agent(user(body)) or (to and not people.is_agent(to)):
        ack(response_action="errors", errors={ids.AGENT_BLOCK: "That is no support agent."})
        return
    ack(response_action="update", view=modals.message(TITLE, "One moment…"))
    why = chosen(view["state"]["values"], ids.REASON_BLOCK)
    case_id = int(modals.unpack(view["private_metadata"])["case"])
    try:
        words = services.handing.hand(case_id, user(body), to, why)
    except Exception:
        log.exception("a case could not be handed over")
        words = wording.FAILED
    redraw(client, view["id"], modals.message(TITLE, words, escape=False))
