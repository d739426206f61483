"""The knowledge base from the agents' Home: search, and every article to open."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import text
from bot.listeners import ids, knowledge, knowledge_blocks, modals
from bot.listeners.actions import on_search, on_view
from bot.listeners.guards import Body, numbers, redraw, user, value
from bot.listeners.parts import Block, option
from bot.listeners.values import chosen, nearest
from bot.listeners.views import only_intents
from bot.services import Services
from model.types import UnderstudyError

FOUND = 50


def register(app: App, services: Services) -> None:
    for action_id, handler in {
        ids.HOME_ARTICLE: handle_new,
        ids.ARTICLE_EDIT: handle_edit,
        ids.ARTICLE_FIND: handle_edit,
        ids.ARTICLE_REMOVE: handle_remove,
    }.items():
        on_view(app, services, action_id, handler)
    on_search(app, ids.ARTICLE_FIND, lambda query: matching(services, query))
    on_search(app, ids.ARTICLE_INTENTS, lambda query: only_intents(services.kit.catalogue.all(), query))

    @app.view(ids.SEARCH_VIEW)
    def search(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        handle_search(services, ack, body, client)


def page(services: Services) -> Block:
    return knowledge_blocks.listed(services.knowledge.listed())


def matching(services: Services, query: str) -> list[Block]:
    """Options for a search among the titles."""
    titles = {each.slug: each.title for each in services.knowledge.listed()}
    return [option(titles[slug], slug) for slug in nearest(titles, query, FOUND) if len(slug) <= 150]


def handle_new(services: Services, body: Body, client: WebClient) -> Block:
    return knowledge.new(services)


def handle_edit(services: Services, body: Body, client: WebClient) -> Block:
    """The article's form, or why it cannot be opened."""
    try:
        return knowledge.editing(services, value(body))
    except UnderstudyError as error:
        return modals.message("Edit article", text.sentence(error))


def handle_remove(services: Services, body: Body, client: WebClient) -> None:
    """Take the article out that the form is of, and say so in its place."""
    seen, _, id = value(body).partition("|")
    try:
        done = services.knowledge.remove(user(body), id, numbers(seen)[0])
    except UnderstudyError as error:
        done = text.sentence(error)
    redraw(client, body["view"]["id"], modals.message("Articles", done))


def handle_search(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    """Show below the field what is found."""
    query = chosen(body["view"]["state"]["values"], ids.QUERY_BLOCK)
    if not services.kit.people.is_agent(user(body)):
        ack(response_action="errors", errors={ids.QUERY_BLOCK: "Only support agents can do this."})
        return
    if not text.has_words(query):
        ack(response_action="errors", errors={ids.QUERY_BLOCK: "Write what to look for."})
        return
    passages = services.knowledge.search(query)
    empty = "The knowledge base is empty." if services.knowledge.is_empty() else knowledge.NOTHING
    ack(response_action="update", view=knowledge_blocks.search(query, passages, empty))
