"""`/support config`: how the desk, a channel and an intent are answered. Agents see it, owners change it."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import text
from bot.configuring import Wanted, threshold
from bot.corrections import Refused
from bot.listeners import config_blocks, ids, modals
from bot.listeners.actions import on
from bot.listeners.guards import Body, redraw, user, value
from bot.listeners.values import Values, chosen, ticked
from bot.services import Services
from model.types import OOS, UnderstudyError


def register(app: App, services: Services) -> None:
    on(app, services, ids.TRUST, handle_trust, agents=True)

    @app.view(ids.CONFIG_VIEW)
    def save(ack: Ack, body: dict[str, Any]) -> None:
        handle_save(services, ack, body)


def handle_config(services: Services, command: Body, client: WebClient) -> str:
    """Words are done, no words open the form; gives what is said to the agent."""
    agent, channel = str(command["user_id"]), str(command["channel_id"])
    said = str(command.get("text") or "").split()[1:]
    try:
        if said:
            return services.configuring.words(said, agent, channel)
    except (UnderstudyError, Refused) as error:
        return text.sentence(error)
    client.views_open(trigger_id=command["trigger_id"], view=view(services, agent, channel))
    return ""


def view(services: Services, agent: str, channel: str) -> dict[str, Any]:
    """The form for an owner; what stands for other agents."""
    kit, configuring = services.kit, services.configuring
    shown = configuring.shown()
    if not kit.people.may_set_up(agent):
        return config_blocks.seen(shown)
    rules = kit.rules()
    customers = channel if channel[:1] in ("C", "G") and channel != kit.people.channel() else ""
    here = configuring.rule("channel", channel)
    return config_blocks.form(customers, rules.desk, here, channel in rules.answer_all, kit.catalogue.all(), shown)


def handle_save(services: Services, ack: Ack, body: Body) -> None:
    """Everything that was changed in the form; what is wrong is said beside its field."""
    configuring, by, values = services.configuring, user(body), body["view"]["state"]["values"]
    try:
        configuring.guard(by)
        wanted = [*_changed(modals.unpack(body["view"]["private_metadata"]), values), *_of_intent(services, values)]
    except Misplaced as error:
        ack(response_action="errors", errors={error.block: text.sentence(error)})
        return
    except UnderstudyError as error:
        ack(response_action="errors", errors={ids.MODE_BLOCK: text.sentence(error)})
        return
    done = "\n".join(configuring.change(each, by) for each in wanted) or "Nothing was changed."
    ack(response_action="update", view=modals.message("Saved", done, escape=False))


class Misplaced(Exception):
    """What is wrong in a field of the form, and in which."""

    def __init__(self, block: str, words: str) -> None:
        super().__init__(words)
        self.block = block


def _changed(kept: dict[str, Any], values: Values) -> list[Wanted]:
    """What was changed of the desk and the channel."""
    wanted = []
    desk = chosen(values, ids.MODE_BLOCK)
    if desk != kept["desk"]:
        wanted.append(Wanted("desk", "", desk))
    if kept["channel"]:
        here, everything = _mode(chosen(values, ids.CHANNEL_MODE_BLOCK)), ticked(values, ids.ANSWER_ALL_BLOCK)
        if (here, everything) != (kept["here"], kept["all"]):
            wanted.append(Wanted("channel", str(kept["channel"]), here, None, everything))
    return wanted


def _of_intent(services: Services, values: Values) -> list[Wanted]:
    """What is said of one intent.

    Raises:
        Misplaced: something is said and no intent chosen, or the confidence is none.
    """
    name = services.kit.catalogue.whole(chosen(values, ids.INTENT_BLOCK))
    mode = _mode(chosen(values, ids.INTENT_MODE_BLOCK))
    level = chosen(values, ids.THRESHOLD_BLOCK)
    if name == OOS:
        raise Misplaced(ids.INTENT_BLOCK, "Choose an intent: what no intent fits goes by its channel.")
    if not name:
        if mode or level:
            raise Misplaced(ids.INTENT_BLOCK, "Choose the intent that this is for.")
        return []
    try:
        return [Wanted("intent", name, mode, threshold(level) if level else None)]
    except UnderstudyError as error:
        raise Misplaced(ids.THRESHOLD_BLOCK, str(error)) from None


def handle_trust(services: Services, body: Body, client: WebClient) -> str:
    """Let the bot answer an intent by itself; in a modal the answer takes the modal's place."""
    try:
        done = services.configuring.trust(value(body), user(body))
    except UnderstudyError as error:
        done = str(error)
    view = body.get("view") or {}
    if view.get("type") == "modal":
        redraw(client, view["id"], modals.message("Modes", done, escape=False))
    elif view:
        client.views_open(trigger_id=body["trigger_id"], view=modals.message("Modes", done, escape=False))
    return done


def _mode(word: str) -> str:
    return "" if word == "default" else word
