"""The review modal: one uncertain turn after another, a click each; all of them, or those that the agent narrows it to.

Opened by a command or from the Home.
"""

import re
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import showing, text
from bot.corrections import Corrected, Refused
from bot.listeners import ids, modals, review_blocks
from bot.listeners.actions import on_search, on_view
from bot.listeners.guards import Body, numbers, redraw, user, value
from bot.listeners.parts import Block
from bot.listeners.relabelling import open_relabel
from bot.listeners.review_page import about, page
from bot.listeners.views import filtering
from bot.reviewing import Walk, begin
from bot.services import Services
from model.types import OOS, UnderstudyError


def register(app: App, services: Services) -> None:
    pressed = rf"^({ids.REVIEW_RIGHT}|{ids.REVIEW_PICK}_\d|{ids.REVIEW_OOS}|{ids.REVIEW_SKIP}|{ids.REVIEW_UNDO})$"
    on_view(app, services, re.compile(pressed), handle_press)
    on_view(app, services, ids.REVIEW_OTHER, handle_other)
    on_view(app, services, ids.REVIEW_NARROW, handle_narrow)
    on_view(app, services, ids.REVIEW_ALL, handle_all)
    every = review_blocks.EVERY
    on_search(app, ids.NARROW_INTENT, lambda query: filtering(services.kit.catalogue.all(), query, every))

    @app.view(ids.NARROW_VIEW)
    def narrowed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        handle_narrowed(services, ack, body, client)


def handle_press(services: Services, body: Body, client: WebClient) -> None:
    """Label or skip the turn that is shown, and show the next one."""
    view = body["view"]
    walk = _walk(view)
    try:
        walk, last = _press(services, body["actions"][0]["action_id"], value(body), user(body), walk)
    except Refused as refusal:
        last = str(refusal)
    redraw(client, view["id"], page(services, walk, last))


def handle_other(services: Services, body: Body, client: WebClient) -> None:
    """Search through all intents, on top of the review."""
    view = body["view"]
    walk = modals.unpack(view.get("private_metadata", ""))
    open_relabel(services, client, body, numbers(value(body))[0], "review", review=view["id"], walk=walk)


def handle_narrow(services: Services, body: Body, client: WebClient) -> Block:
    """The form of the filter, on top of the review."""
    walk = _walk(body["view"])
    return review_blocks.narrow(walk, str(body["view"]["id"]), about(services, walk))


def handle_narrowed(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    """Go on with what the form asks for, read as the command's words are; what is wrong is said in it."""
    kept = modals.unpack(body["view"]["private_metadata"])
    try:
        if not services.kit.people.is_agent(user(body)):
            raise Refused("Only support agents can do this.")
        begun = begin(review_blocks.words(body["view"]["state"]["values"]), services.corrections)
    except (Refused, UnderstudyError) as refusal:
        ack(response_action="errors", errors={review_blocks.block_of("intent"): text.sentence(refusal)})
        return
    ack()
    walk = Walk.unpacked(kept["walk"]).narrowed(begun)
    redraw(client, str(kept["review"]), page(services, walk, ""))


def handle_all(services: Services, body: Body, client: WebClient) -> None:
    """Take the filter off."""
    walk = _walk(body["view"]).narrowed(Walk())
    redraw(client, body["view"]["id"], page(services, walk, ""))


def _walk(view: Body) -> Walk:
    return Walk.unpacked(modals.unpack(view.get("private_metadata", "")))


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
