"""The review modal: one uncertain turn after another, a click each. Opened by a command or from the Home."""

import re
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import showing
from bot.corrections import Corrected, Refused
from bot.listeners import ids, modals
from bot.listeners.guards import Body, numbers, user, value
from bot.services import Services
from bot.values import Case
from model.types import OOS
from storage.turns import Turns

SKIPPED = 150
"""So many skipped turns are remembered; a modal holds 3,000 characters of its own."""


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
        shown = showing.case(services.kit, services.corrections.turn(numbers(value(body))[0]))
        view = modals.relabel(shown, services.kit.catalogue.all(), "", "review", body["view"]["id"])
        client.views_push(trigger_id=body["trigger_id"], view=view)


def first(services: Services) -> dict[str, Any]:
    """The modal with the most useful turn of the queue."""
    return page(services, {}, "")


def page(services: Services, state: dict[str, Any], last: str) -> dict[str, Any]:
    """The modal with the next turn that was not skipped."""
    case, left = upcoming(services, set(state.get("skipped", [])))
    return modals.review(case, left, state, last)


def upcoming(services: Services, skipped: set[int]) -> tuple[Case | None, int]:
    """The next turn to review, and how many come after it."""
    with services.kit.db.reading() as session:
        queue = Turns(session).review_queue(50 + len(skipped), services.kit.team)
    waiting = [turn for turn in queue if turn.id not in skipped]
    return (showing.case(services.kit, waiting[0]), len(waiting) - 1) if waiting else (None, 0)


def handle_press(services: Services, body: Body, client: WebClient) -> None:
    """Label or skip the turn that is shown, and show the next one."""
    if not services.kit.people.is_agent(user(body)):
        return
    view = body["view"]
    state = modals.unpack(view.get("private_metadata", ""))
    try:
        last = _press(services, body["actions"][0]["action_id"], value(body), user(body), state)
    except Refused as refusal:
        last = str(refusal)
    client.views_update(view_id=view["id"], view=page(services, state, last))


def _press(services: Services, action: str, packed: str, agent: str, state: dict[str, Any]) -> str:
    number, _, name = packed.partition("|")
    this = numbers(number)[0]
    if action == ids.REVIEW_UNDO:
        state.pop("undo", None)
        return services.corrections.undo(this, agent, "review")
    if action == ids.REVIEW_SKIP:
        state["skipped"] = [*state.get("skipped", []), this][-SKIPPED:]
        return ""
    done = _label(services, action, this, name, agent)
    state["undo"] = done.correction.id
    return done.words


def _label(services: Services, action: str, turn_id: int, name: str, agent: str) -> Corrected:
    # A second agent may have labelled the turn while it was shown here: the first label stands.
    if action == ids.REVIEW_RIGHT:
        turn = services.corrections.turn(turn_id)
        return services.corrections.relabel(turn_id, showing.label(turn), agent, "review", seen=0)
    label = OOS if action == ids.REVIEW_OOS else name
    return services.corrections.relabel(turn_id, label, agent, "review", seen=0)
