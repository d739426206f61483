"""`/support config`: how the desk, a channel and an intent are answered. Agents see it, owners change it."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.configuring import Wanted, threshold
from bot.corrections import Refused
from bot.listeners import config_blocks, ids, modals
from bot.listeners.actions import on
from bot.listeners.guards import Body, user, value
from bot.listeners.values import chosen, ticked
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
        return str(error)
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
    """Everything that the form says; what is wrong is said beside its field."""
    configuring, by = services.configuring, user(body)
    values, channel = body["view"]["state"]["values"], str(modals.unpack(body["view"]["private_metadata"])["channel"])
    wanted = [Wanted("desk", "", chosen(values, ids.MODE_BLOCK))]
    if channel:
        everything = ticked(values, ids.ANSWER_ALL_BLOCK)
        wanted.append(Wanted("channel", channel, _mode(chosen(values, ids.CHANNEL_MODE_BLOCK)), None, everything))
    level, name = chosen(values, ids.THRESHOLD_BLOCK).strip(), chosen(values, ids.INTENT_BLOCK)
    try:
        configuring.guard(by)
        if level and not name:
            raise UnderstudyError("Choose the intent that this is for, or leave this empty.")
        if name == OOS:
            raise UnderstudyError("Choose an intent: what no intent fits goes by its channel.")
        if name:
            limit = threshold(level) if level else None
            wanted.append(Wanted("intent", name, _mode(chosen(values, ids.INTENT_MODE_BLOCK)), limit))
    except UnderstudyError as error:
        field = ids.INTENT_BLOCK if name == OOS else ids.THRESHOLD_BLOCK if level else ids.MODE_BLOCK
        ack(response_action="errors", errors={field: str(error)})
        return
    done = "\n".join(configuring.change(each, by) for each in wanted)
    ack(response_action="update", view=modals.message("Saved", done, escape=False))


def handle_trust(services: Services, body: Body, client: WebClient) -> str:
    """Let the bot answer an intent by itself; in a modal the answer takes the modal's place."""
    try:
        done = services.configuring.trust(value(body), user(body))
    except UnderstudyError as error:
        done = str(error)
    view = body.get("view") or {}
    if view.get("type") == "modal":
        client.views_update(view_id=view["id"], view=modals.message("Modes", done, escape=False))
    elif view:
        client.views_open(trigger_id=body["trigger_id"], view=modals.message("Modes", done, escape=False))
    return done


def _mode(word: str) -> str:
    return "" if word == "default" else word
