"""What agents do about trainings: the buttons under a verdict."""

from collections.abc import Callable, Sequence

from slack_bolt import App
from slack_sdk import WebClient

from bot import text
from bot.listeners import ids, modals
from bot.listeners.actions import on
from bot.listeners.guards import Body, number, numbers, user, value
from bot.services import Services
from bot.training import Training
from model.types import UnderstudyError


def register(app: App, services: Services) -> None:
    on(app, services, ids.GO_BACK, handle_go_back, agents=True)
    on(app, services, ids.CHANGED, handle_changed, agents=True)


ABSENT = "Training is not part of this process."


def asked(services: Services, ask: Callable[[Training], str]) -> str:
    """What the trainer says; a line too where it cannot."""
    if services.training is None:
        return ABSENT
    try:
        return ask(services.training)
    except UnderstudyError as error:
        return text.escape(text.sentence(error))


def compared(services: Services, versions: Sequence[str]) -> str:
    """`model compare A [B]`."""
    if len(versions) not in (1, 2):
        return f"Expected one or two versions, such as `{services.commands[0]} model compare v1 v2`."
    return asked(services, lambda training: training.compare(*versions))


def pinned(services: Services, versions: Sequence[str], wanted: bool) -> str:
    """`model pin V`, `model unpin V`."""
    if len(versions) != 1:
        command = "pin" if wanted else "unpin"
        return f"Expected one version, such as `{services.commands[0]} model {command} v1`."
    return asked(services, lambda training: training.pin(versions[0], wanted))


def handle_go_back(services: Services, body: Body, client: WebClient) -> str:
    run, _, former = value(body).partition("|")
    return asked(services, lambda training: training.go_back(numbers(run)[0], former, user(body)))


def handle_changed(services: Services, body: Body, client: WebClient) -> str:
    words = asked(services, lambda training: training.changed(number(body)))
    client.views_open(trigger_id=body["trigger_id"], view=modals.message("Changed predictions", words, escape=False))
    return ""
