"""`/support kb`, `/support search` and "Add to knowledge base": agents read, write and search the knowledge base, and
send what they found."""

import json
from collections.abc import Sequence
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import message_drafts, text
from bot.corrections import Refused
from bot.listeners import ids, knowledge_blocks, modals
from bot.listeners.actions import on
from bot.listeners.guards import Body, form, place, show, user, value, within_modal
from bot.listeners.parts import Block
from bot.listeners.shortcuts import for_agents, on_shortcut, turn_of
from bot.listeners.values import Values, chosen, picked
from bot.manifest import ARTICLE_SHORTCUT
from bot.services import Services
from model.types import UnderstudyError
from storage.turns import Turn

STATES = {"human": "yours", "waiting": "waits for a person", "bot": "with the bot"}
NOTHING = "The knowledge base has nothing about that. Try other words."
LIMIT = 3500
"""Characters of a list in one message."""


def register(app: App, services: Services) -> None:
    on(app, services, ids.SEARCH_SEND, handle_send, agents=True)
    on(app, services, ids.SEARCH_WRONG, handle_wrong, agents=True)

    on_shortcut(app, services, ARTICLE_SHORTCUT, handle_shortcut)

    @app.view(ids.ARTICLE_VIEW)
    def save(ack: Ack, body: dict[str, Any]) -> None:
        handle_save(services, ack, body)

    @app.view(ids.SEND_VIEW)
    def sent(ack: Ack, body: dict[str, Any]) -> None:
        handle_sent(services, ack, body)


def handle_kb(services: Services, said: str, trigger_id: str, client: WebClient) -> str:
    """`kb`, `kb add`, `kb edit TITLE|ID`, `kb remove TITLE|ID`; gives what is said to the agent."""
    action, _, rest = said.strip().partition(" ")
    if action.lower() in ("", "list"):
        return listing(services)
    if action.lower() == "add":
        client.views_open(trigger_id=trigger_id, view=new(services, rest.strip()))
        return ""
    if action.lower() not in ("edit", "remove") or not rest.strip():
        forms = "kb list | add | edit TITLE | remove TITLE | gaps"
        return f"Expected `{services.commands[0]} {forms}`, found `{text.escaped(said, 80)}`."
    try:
        view = editing(services, rest) if action.lower() == "edit" else removing(services, rest)
    except UnderstudyError as error:
        return text.escape(text.sentence(error))
    client.views_open(trigger_id=trigger_id, view=view)
    return ""


def handle_shortcut(services: Services, body: Body, client: WebClient) -> None:
    """The form of a new article, filled with the message; or a modal that says why not."""

    def open_form() -> None:
        found, channel = body["message"], str(body["channel"]["id"])
        place = (str(found["ts"]), str(found.get("thread_ts") or ""), str(found.get("user") or ""))
        message = message_drafts.Message(channel, *place, str(found.get("text") or ""))
        made = message_drafts.draft(services.kit, message, _turn(services, body))
        if not made.body:
            raise Refused("That message has no words to make an article of.")
        view = new(services, made.title, made.intents, knowledge_blocks.filling(made.body))
        client.views_open(trigger_id=body["trigger_id"], view=view)

    for_agents(services, body, client, open_form)


def _turn(services: Services, body: Body) -> Turn | None:
    try:
        return services.corrections.turn(turn_of(services, body))
    except Refused:
        return None


def listing(services: Services) -> str:
    """Every article in a line, as many as fit into a message."""
    found = services.knowledge.listed()
    if not found:
        return f"The knowledge base is empty: write the first article with `{services.commands[0]} kb add`."
    stale = sum(bool(each.stale) for each in found)
    lines = [f"{len(found)} articles, {stale} want looking at. `{services.commands[0]} kb edit TITLE` opens one."]
    for number, each in enumerate(found):
        lines.append(knowledge_blocks.line(each))
        if sum(map(len, lines)) > LIMIT:
            return "\n".join([*lines[:-1], f"... and {len(found) - number} more."])
    return "\n".join(lines)


def new(services: Services, title: str = "", intents: Sequence[str] = (), pieces: Sequence[str] = ()) -> Block:
    """The modal of a new article, with what is known of it."""
    return knowledge_blocks.article(title, intents, pieces, services.kit.catalogue.all())


def editing(services: Services, wanted: str) -> Block:
    """The modal of an article.

    Raises:
        UnderstudyError: there is no such article, or it is too long for a modal.
    """
    row = services.knowledge.find(wanted)
    pieces = knowledge_blocks.parts(row.body)
    if not pieces:
        raise UnderstudyError(
            f"expected an article that fits into a form, found {row.slug} with {len(row.body):,} characters and long "
            "paragraphs: edit its file, and bring it with `understudy import`."
        )
    names = services.kit.catalogue.names()
    intents = [name for name in dict.fromkeys(map(names.of, row.intents)) if name not in names.archived]
    return knowledge_blocks.article(row.title, intents, pieces, services.kit.catalogue.all(), row.slug, row.version)


def removing(services: Services, wanted: str) -> Block:
    """Asks whether an article is to be taken out.

    Raises:
        UnderstudyError: there is no such article.
    """
    row = services.knowledge.find(wanted)
    return knowledge_blocks.removal(row.title, row.slug, row.version)


def handle_save(services: Services, ack: Ack, body: Body) -> None:
    """A submitted article; what is wrong is said beside the field."""
    if not services.kit.people.is_agent(user(body)):
        ack(response_action="errors", errors={ids.TITLE_BLOCK: "Only support agents can do this."})
        return
    title, words, intents = filled(services, body["view"]["state"]["values"])
    kept = modals.unpack(body["view"]["private_metadata"])
    try:
        done = services.knowledge.save(user(body), title, words, intents, str(kept["id"]), int(kept["seen"]))
    except UnderstudyError as error:
        ack(response_action="errors", errors=beside(error))
        return
    ack(response_action="update", view=modals.message("Saved", done))


def filled(services: Services, values: Values) -> tuple[str, str, list[str]]:
    """Title, text and intents of an article's fields."""
    fields = sorted((name for name in values if name.startswith(ids.BODY_BLOCK)), key=lambda it: int(it.split("_")[-1]))
    words = "\n\n".join(part for part in (chosen(values, name) for name in fields) if part)
    intents = [services.kit.catalogue.whole(name) for name in picked(values, ids.INTENTS_BLOCK)]
    return chosen(values, ids.TITLE_BLOCK), words, intents


def beside(error: UnderstudyError) -> dict[str, str]:
    """What is wrong with an article, by the field that it is said beside."""
    field, _, why = str(error).partition(": ")
    block = {"intents": ids.INTENTS_BLOCK, "body": f"{ids.BODY_BLOCK}_0"}.get(field, ids.TITLE_BLOCK)
    return {block: text.sentence(why) if field in ("intents", "body", "title") else text.sentence(error)}


def handle_search(services: Services, query: str) -> tuple[str, list[Block]]:
    """What the knowledge base holds for a query."""
    if not query.strip():
        return f"Write what to look for: `{services.commands[0]} search how long does delivery take`.", []
    passages = services.knowledge.search(query)
    if passages:
        counted = knowledge_blocks.counted(passages)
        return f"{counted} for {text.escaped(query, 300)}", knowledge_blocks.found(query, passages)
    if services.knowledge.is_empty():
        return f"The knowledge base is empty: write the first article with `{services.commands[0]} kb add`.", []
    return NOTHING, []


def handle_send(services: Services, body: Body, client: WebClient) -> str:
    cases = services.knowledge.open_cases(user(body))
    if not cases:
        return _told("There is no open case to send this to.", body, client)
    shown = [(case.id, services.knowledge.words_of(case), STATES[case.state]) for case in cases]
    show(client, body, knowledge_blocks.send(shown, json.loads(value(body)), *place(body)))
    return ""


def handle_wrong(services: Services, body: Body, client: WebClient) -> str:
    passage = json.loads(value(body))
    return _told(services.knowledge.wrong(user(body), str(passage["q"]), str(passage["a"])), body, client)


def _told(words: str, body: Body, client: WebClient) -> str:
    """Words for who pressed: whispered, or shown upon the modal that was pressed in."""
    if not within_modal(body):
        return words
    show(client, body, modals.message("Search", words))
    return ""


def handle_sent(services: Services, ack: Ack, body: Body) -> None:
    """Post the passage into the chosen case."""
    if not services.kit.people.is_agent(user(body)):
        ack(response_action="errors", errors={ids.CASE_BLOCK: "Only support agents can do this."})
        return
    values = body["view"]["state"]["values"]
    kept = modals.unpack(body["view"]["private_metadata"])
    case_id, words = int(chosen(values, ids.CASE_BLOCK) or 0), chosen(values, ids.ANSWER_BLOCK)
    refused = services.knowledge.send(user(body), case_id, words, str(kept["q"]), str(kept["a"]), form(body))
    if refused:
        ack(response_action="errors", errors={ids.CASE_BLOCK: refused})
        return
    done = "Sent. The case is yours."
    if not kept["channel"]:
        ack(response_action="update", view=modals.message("Send to customer", done))
        return
    ack()
    services.kit.surface.whisper(str(kept["channel"]), user(body), str(kept["thread"]), done)
