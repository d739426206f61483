"""Submitted modals, and the search inside them. What is wrong is said in the modal, beside the field."""

from collections.abc import Sequence
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.corrections import Refused
from bot.listeners import ids, modals
from bot.listeners.guards import Body, form, user
from bot.listeners.relabel_blocks import NEW_INTENT
from bot.listeners.values import chosen, nearest
from bot.services import Services
from model.types import Intent


def register(app: App, services: Services) -> None:
    handlers = {
        ids.WHY_VIEW: handle_why,
        ids.EDIT_VIEW: handle_edit,
        ids.WRITE_VIEW: handle_write,
        ids.SETUP_VIEW: handle_setup,
    }
    for callback_id, handler in handlers.items():
        _on(app, services, callback_id, handler)

    @app.options(ids.SEARCH)
    def search(ack: Ack, body: dict[str, Any]) -> None:
        within = (body.get("view") or {}).get("callback_id")
        further = (NEW_INTENT,) if within == ids.RELABEL_VIEW else ()
        ack(options=matching(services.kit.catalogue.all(), str(body.get("value") or ""), further))


def _on(app: App, services: Services, callback_id: str, handler: Any) -> None:
    def listen(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        handler(services, ack, body, client)

    app.view(callback_id)(listen)


def matching(intents: list[Intent], query: str, further: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """Options for a search, at most a menu's hundred; out of scope and what is `further` are always among them."""
    by_name = {intent.name: f"{intent.title} {intent.name.replace('_', ' ')}" for intent in intents}
    found = nearest(by_name, query, 20) if query else []
    options = modals.intent_options([each for each in intents if not query or each.name in found], found)
    return [*options[: modals.STATIC_LIMIT - 1 - len(further)], modals.OUT_OF_SCOPE, *further]


def only_intents(intents: list[Intent], query: str) -> list[dict[str, Any]]:
    """The same without out of scope, which is none."""
    return [each for each in matching(intents, query) if each != modals.OUT_OF_SCOPE]


def filtering(intents: list[Intent], query: str, every: dict[str, Any]) -> list[dict[str, Any]]:
    """The same for a filter. `every` takes the filter off, and is offered while nothing is typed: else the Enter key
    would take it and not what was looked for."""
    found = only_intents(intents, query)
    return found if query.strip() else [every, *found]


def handle_why(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    ack()
    view = body["view"]
    kept, values = modals.unpack(view["private_metadata"]), view["state"]["values"]
    reason, comment = chosen(values, ids.REASON_BLOCK), chosen(values, ids.COMMENT_BLOCK)
    words = services.followups.judge(int(kept["turn"]), user(body), "bad", reason, comment)
    services.kit.surface.whisper(kept["channel"], user(body), kept["thread"], words)


def handle_edit(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    view = body["view"]
    kept, values = modals.unpack(view["private_metadata"]), view["state"]["values"]
    words = chosen(values, ids.ANSWER_BLOCK)
    try:
        said = services.followups.edit_answer(int(kept["turn"]), words, user(body), int(kept["seen"]))
    except Refused as refusal:
        ack(response_action="errors", errors={ids.ANSWER_BLOCK: str(refusal)})
        return
    if said:
        ack(response_action="errors", errors={ids.ANSWER_BLOCK: said})
        return
    ack()
    _sent(services, body, kept)


def handle_write(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    view = body["view"]
    kept, values = modals.unpack(view["private_metadata"]), view["state"]["values"]
    said = chosen(values, ids.ANSWER_BLOCK)
    words = services.cases.words.write(int(kept["case"]), user(body), said, key=form(body))
    if words:
        ack(response_action="errors", errors={ids.ANSWER_BLOCK: words})
        return
    ack()
    _sent(services, body, kept)


def _sent(services: Services, body: Body, kept: Body) -> None:
    """Tell the agent, where the form was opened from, that the customer has the words."""
    channel = str(kept.get("channel") or "")
    if channel:
        services.kit.surface.whisper(channel, user(body), str(kept.get("thread") or ""), "Sent.")


def setup_form(services: Services) -> dict[str, Any]:
    """The set-up as it stands."""
    people = services.kit.people
    return modals.setup(people.channel(), people.owners(), people.mode())


def handle_setup(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    if not services.kit.people.may_set_up(user(body)):
        ack(response_action="errors", errors={ids.CHANNEL_BLOCK: "Only the bot's owners can change this."})
        return
    values = body["view"]["state"]["values"]
    channel = chosen(values, ids.CHANNEL_BLOCK)
    wrong = _wrong_channel(services, client, channel)
    if wrong:
        ack(response_action="errors", errors={ids.CHANNEL_BLOCK: wrong})
        return
    ack()
    owners = [str(each) for each in values[ids.OWNERS_BLOCK][ids.VALUE].get("selected_users") or []]
    services.kit.people.set_up(channel, owners or [user(body)], chosen(values, ids.MODE_BLOCK), user(body))
    services.kit.surface.note(
        channel,
        "",
        f"<@{user(body)}> has set me up: I bring cases that need a person here. Members of this channel are agents.",
    )


def _wrong_channel(services: Services, client: WebClient, channel: str) -> str:
    """Why this cannot be the agents' channel; empty where it can."""
    try:
        info = client.conversations_info(channel=channel)["channel"]
        if not info.get("is_private"):
            return "Choose a private channel: cards hold customers' words."
        if services.kit.bot in services.kit.surface.members(channel):
            return ""
    except SlackApiError:
        pass
    return "I am not in that channel. Invite me there first (/invite), then save again."
