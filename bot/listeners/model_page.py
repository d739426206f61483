"""The model's page: all that `train` and `model` do, at a click."""

from collections.abc import Callable
from functools import partial

from slack_bolt import App
from slack_sdk import WebClient

from bot.listeners import ids, model_blocks, training
from bot.listeners.actions import on_view
from bot.listeners.guards import Body, redraw, user, value
from bot.listeners.parts import Block
from bot.listeners.values import chosen
from bot.services import Services
from bot.training import Training

Deed = Callable[[Training, str, str], str]
"""Asks the trainer: for this agent, about this version; gives what it says."""
DEEDS: dict[str, Deed] = {
    ids.TRAIN_NOW: lambda it, by, _: it.start(by),
    ids.TRAIN_CANCEL: lambda it, by, _: it.cancel(by),
    ids.TRAIN_PAUSE: lambda it, by, _: it.pause(by),
    ids.TRAIN_RESUME: lambda it, by, _: it.resume(by),
    ids.MODEL_COMPARE: lambda it, _, version: it.compare(version),
    ids.MODEL_PIN: lambda it, _, version: it.pin(version, True),
    ids.MODEL_UNPIN: lambda it, _, version: it.pin(version, False),
    ids.MODEL_BACK: lambda it, by, version: it.rollback(version, by=by),
}


def register(app: App, services: Services) -> None:
    for action_id, deed in DEEDS.items():
        on_view(app, services, action_id, partial(handle, deed=deed))
    on_view(app, services, ids.VERSION, handle_version)


def handle(services: Services, body: Body, client: WebClient, deed: Deed) -> None:
    """Do it, and draw the page anew with what the trainer said."""
    version = chosen(body["view"]["state"]["values"], ids.VERSIONS_BLOCK)
    said = training.asked(services, lambda it: deed(it, user(body), version))
    redraw(client, body["view"]["id"], page(services, said, version))


def handle_version(services: Services, body: Body, client: WebClient) -> None:
    """Another version is chosen: draw what can be done about that one."""
    redraw(client, body["view"]["id"], page(services, picked=value(body)))


def page(services: Services, last: str = "", picked: str = "") -> Block:
    trainer = services.training
    if trainer is None:
        return model_blocks.absent(training.ABSENT)
    return model_blocks.page(trainer.state(), trainer.status(), trainer.history(), last, picked)
