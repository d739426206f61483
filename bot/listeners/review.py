"""The review modal: one uncertain turn after another, a click each. Opened by a command or from the Home."""

import re
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import showing
from bot.corrections import Corrected, Refused
from bot.listeners import ids, modals
from bot.listeners.guards import Body, numbers, user, value
from bot.listeners.relabelling import open_relabel
from bot.listeners.review_page import page
from bot.reviewing import Walk
from bot.services import Services
from model.types import OOS


def register(app: App, services: Services) -> None:
    pressed = re.compile(
        rf"^({ids.REVIEW_RIGHT}|{ids.REVIEW_PICK}_\d|{ids.REVIEW_OOS}|{ids.REVIEW_SKIP}|{ids.REVIEW_UNDO})$"
    )

    @app.action(pressed)
    def press(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        handle_press(services, body, client)

    @app.action(ids.REVIEW_OTHER)
    def other(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        handle_other(services, body, client)


def handle_press(services: Services, body: Body, client: WebClient) -> None:
    """Label or skip the turn that is shown, and show the next one."""
    if not services.kit.people.is_agent(user(body)):
        return
    view = body["view"]
    walk = Walk.unpacked(modals.unpack(view.get("private_metadata", "")))
    try:
        walk, last = _press(services, body["actions"][0]["action_id"], value(body), user(body), walk)
    except Refused as refusal:
        last = str(refusal)
    client.views_update(view_id=view["id"], view=page(services, walk, last))


def handle_other(services: Services, body: Body, client: WebClient) -> None:
    """Search through all intents, on top of the review."""
    if services.kit.people.is_agent(user(body)):
        view = body["view"]
        walk = modals.unpack(view.get("private_metadata", ""))
        open_relabel(services, client, body, numbers(value(body))[0], "review", review=view["id"], walk=walk)


def _press(services: Services, action: str, packed: str, agent: str, walk: Walk) -> tuple[Walk, str]:
    number, _, name = packed.partition("|")
    this = numbers(number)[0]
    if action == ids.REVIEW_UNDO:
        turn_id = services.corrections.turn_of(this)
        return walk.undone(turn_id), services.corrections.undo(this, agent, "review")
    if action == ids.REVIEW_SKIP:
        return walk.skip(this), ""
    done = _label(services, action, this, name, agent, walk.seen)
    return walk.labelled(done.correction.id), done.words


def _label(services: Services, action: str, turn_id: int, name: str, agent: str, seen: int) -> Corrected:
    # A second agent may have labelled the turn while it was shown here: the first label stands.
    if action == ids.REVIEW_RIGHT:
        turn = services.corrections.turn(turn_id)
        return services.corrections.relabel(turn_id, showing.label(turn), agent, "review", seen=seen)
    label = OOS if action == ids.REVIEW_OOS else name
    return services.corrections.relabel(turn_id, label, agent, "review", seen=seen)
