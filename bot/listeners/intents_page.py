"""The intents' page: all that `intents` does, at a click."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import intents, text
from bot.importing import BY
from bot.listeners import ids, intents_blocks, modals
from bot.listeners.actions import on_search, on_view
from bot.listeners.guards import Body, redraw, user, value
from bot.listeners.parts import Block, option
from bot.listeners.relabelling import named
from bot.listeners.values import chosen, nearest
from bot.services import Services
from model.types import UnderstudyError

FOUND = 50


def register(app: App, services: Services) -> None:
    for action_id, handler in {
        ids.INTENT_ADD: handle_add,
        ids.INTENT_FIND: handle_find,
        ids.INTENT_MORE: handle_more,
    }.items():
        on_view(app, services, action_id, handler)
    on_search(app, ids.INTENT_FIND, lambda query: matching(services, query))

    @app.view(ids.INTENT_VIEW)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        handle_submit(services, ack, body, client)


def page(services: Services, last: str = "", only: str = "") -> Block:
    return intents_blocks.page(intents.listed(*_where(services)), last, only, called(services))


def called(services: Services) -> Callable[[str], str]:
    """Gives the name of who has changed an intent."""
    return lambda by: by if by == BY else services.kit.surface.person(by).name or by


def matching(services: Services, query: str) -> list[Block]:
    """Options for a search, archived intents among them."""
    named = {each.name: f"{each.name.replace('_', ' ')} {each.title}" for each in intents.listed(*_where(services))}
    found = nearest(named, query, FOUND)
    every = [] if query else [option("All intents", intents_blocks.EVERY)]
    return [*every, *(option(name, name) for name in found if len(name) <= intents_blocks.LONGEST)][:FOUND]


def handle_add(services: Services, body: Body, client: WebClient) -> Block:
    return intents_blocks.add(str(body["view"]["id"]))


def handle_find(services: Services, body: Body, client: WebClient) -> None:
    only = value(body).removeprefix(intents_blocks.EVERY)
    redraw(client, body["view"]["id"], page(services, only=only))


def handle_more(services: Services, body: Body, client: WebClient) -> Block | None:
    """What was chosen beside an intent: a form, or done at once."""
    over = str(body["view"]["id"])
    deed, _, name = value(body).partition(" ")
    form = {"rename": intents_blocks.rename, "merge": intents_blocks.merge}.get(deed)
    if form is not None:
        return form(name, over)
    try:
        done = change(services, user(body), deed, name)
    except UnderstudyError as error:
        done = text.sentence(error)
    redraw(client, over, page(services, text.escape(done)))
    return None


def handle_submit(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    """Change the intents; what is wrong is said beside the field."""
    values, kept = body["view"]["state"]["values"], modals.unpack(body["view"]["private_metadata"])
    deed, of = str(kept["do"]), str(kept.get("of") or "")
    field = ids.INTENT_BLOCK if deed == "merge" else ids.NAME_BLOCK
    given = services.kit.catalogue.whole(chosen(values, field))
    name = given if deed == "merge" else named(given)
    words = [name, chosen(values, ids.TITLE_BLOCK)] if deed == "add" else [of, name]
    try:
        if not services.kit.people.is_agent(user(body)):
            raise UnderstudyError("only support agents can do this.")
        done = change(services, user(body), deed, *words)
    except UnderstudyError as error:
        ack(response_action="errors", errors={field: text.sentence(error)})
        return
    ack()
    redraw(client, str(kept["over"]), page(services, text.escape(done)))


def change(services: Services, by: str, deed: str, *words: str) -> str:
    """Change the intents; the bot goes by it at once. Gives one line.

    Raises:
        UnderstudyError: it cannot be done.
    """
    done = intents.change(*_where(services), by, deed, words)
    services.kit.catalogue.forget()
    return done


def _where(services: Services) -> tuple[Any, str]:
    return services.kit.db, services.kit.team
