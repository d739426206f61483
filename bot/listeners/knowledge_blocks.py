"""The knowledge base as Block Kit: the list, the modals for an article, and what a search found. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from bot import text
from bot.knowledge import Listed
from bot.listeners import ids
from bot.listeners.modals import intents_menu, pack
from bot.listeners.parts import (
    Block,
    actions,
    button,
    confirmed,
    context,
    field_input,
    fitting,
    modal,
    option,
    section,
    text_input,
)
from model.articles import LONGEST_TITLE
from model.types import Intent, Passage

PART = 3000
"""Characters of one field of a modal."""
PARTS = 20
AT_ONCE = "Customers are answered from this at once. The version before is kept."
REMOVED = "Nobody is answered from it any more. Its versions are kept."
QUERY, SHOWN = 300, 900
"""Characters of a query and of a passage that a button carries; its value holds 2,000 at most."""
MOST = 40
"""Articles that are listed; the others are found by the menu."""


def line(each: Listed) -> str:
    """One article in a line, what is stale about it first to be seen."""
    who = f"<@{each.by}>" if each.by.startswith(("U", "W")) else text.escaped(each.by, 100)
    by = f" by {who}" if who else ""
    told = f"*{text.escaped(each.title, 150)}* `{each.slug}` · version {each.version}, {each.updated}{by}"
    return f"⚠️ {told} · {text.escaped('; '.join(each.stale), 1000)}" if each.stale else told


def parts(body: str) -> list[str]:
    """The text in pieces that fit into a field each, cut between paragraphs: joined by a blank line they are the text.

    Empty where a paragraph is too long for one, or the whole for a modal.
    """
    made: list[str] = []
    for paragraph in body.split("\n\n"):
        if made and len(made[-1]) + 2 + len(paragraph) <= PART:
            made[-1] = f"{made[-1]}\n\n{paragraph}"
        else:
            made.append(paragraph)
    return [] if len(made) > PARTS or any(len(part) > PART for part in made) else made


def filling(body: str) -> list[str]:
    """The same for a new article, of which something is wanted in any case: cut anywhere where there is no other way,
    and no more than a modal holds."""
    return parts(body) or [body[at : at + PART] for at in range(0, len(body), PART)][:PARTS]


def article(
    title: str, intents: Sequence[str], pieces: Sequence[str], known: Sequence[Intent], id: str = "", seen: int = 0
) -> Block:
    """An article in fields; a new one where there is no id. `known`: the intents to choose from."""
    blocks = [*fields(title, intents, pieces, known), context(AT_ONCE)]
    if id:
        take = confirmed(_remove(id, seen), "Take this article out?", REMOVED, "Take it out")
        blocks.append(actions([take], "article_do"))
    return modal(ids.ARTICLE_VIEW, "Edit article" if id else "New article", blocks, pack(id=id, seen=seen), "Save")


def removal(title: str, id: str, seen: int) -> Block:
    """Asks whether an article is to be taken out."""
    asked = f"Take *{text.escaped(title, 250)}* `{id}` out of the knowledge base? {REMOVED}"
    return modal(ids.ARTICLE_VIEW, "Take article out", [section(asked), actions([_remove(id, seen)], "article_do")])


def _remove(id: str, seen: int) -> Block:
    return button("Take it out", ids.ARTICLE_REMOVE, f"{seen}|{id}", "danger")


def fields(title: str, intents: Sequence[str], pieces: Sequence[str], known: Sequence[Intent]) -> list[Block]:
    """The inputs of an article; its intents are chosen among those that are known."""
    named = text_input(ids.VALUE, title, multiline=False, placeholder="As a customer would ask it")
    menu = intents_menu(known, intents, ids.ARTICLE_INTENTS)
    blocks = [
        field_input(ids.TITLE_BLOCK, "Title", named | {"max_length": LONGEST_TITLE}),
        field_input(ids.INTENTS_BLOCK, "Intents it answers", menu, optional=True),
    ]
    for number, piece in enumerate(pieces or [""]):
        label = f"Text, part {number + 1}" if number else "Text"
        field = text_input(ids.VALUE, piece)
        blocks.append(field_input(f"{ids.BODY_BLOCK}_{number}", label, field, optional=number > 0))
    return blocks


def search(query: str = "", passages: Sequence[Passage] | None = None, empty: str = "") -> Block:
    """A search in a modal, with what it found.

    Args:
        passages: none before anything was looked for.
        empty: what to say where nothing was found.
    """
    typed = text_input(ids.VALUE, query, multiline=False, placeholder="How long does delivery take?")
    blocks = [field_input(ids.QUERY_BLOCK, "What are you looking for?", typed | {"max_length": QUERY})]
    if passages:
        blocks += found(query, passages)
    elif passages is not None:
        blocks.append(section(empty))
    return modal(ids.SEARCH_VIEW, "Search", blocks, submit="Search", close="Close")


def listed(found: Sequence[Listed]) -> Block:
    """Every article in a modal, those that want looking at first."""
    find: Block = {"type": "external_select", "action_id": ids.ARTICLE_FIND, "min_query_length": 0}
    find["placeholder"] = {"type": "plain_text", "text": "Open an article…"}
    new = button("New article", ids.HOME_ARTICLE, "articles", "" if found else "primary")
    blocks: list[Block] = [actions([new, *([find] if found else [])], "articles_do")]
    if not found:
        blocks.append(section("The knowledge base is empty: write the first article."))
    else:
        stale = sum(bool(each.stale) for each in found)
        want = f", {stale} want looking at and come first" if stale else ""
        blocks.append(context(f"{len(found)} articles{want}."))
    edit = (section(line(each)) | {"accessory": button("Edit", ids.ARTICLE_EDIT, each.slug)} for each in found)
    rows = fitting(edit, MOST)
    blocks += rows
    if len(found) > len(rows):
        blocks.append(context(f"... and {len(found) - len(rows)} more: open them above."))
    return modal(ids.ARTICLES_VIEW, "Articles", blocks, close="Close")


def found(query: str, passages: Sequence[Passage]) -> list[Block]:
    """What a search found, each with its score and what to do with it."""
    blocks: list[Block] = [section(f"*{counted(passages)}* for “{text.escaped(query, 300)}”")]
    for number, passage in enumerate(passages):
        value = carried(query, passage)
        blocks.append(
            section(f"*{text.escaped(passage.title, 150)}* · {passage.score:.2f}\n{text.quoted_markdown(passage.text)}")
        )
        buttons = [button("Send to customer", ids.SEARCH_SEND, value), button("Wrong", ids.SEARCH_WRONG, value)]
        blocks.append(actions(buttons, f"found_{number}"))
    return blocks


def counted(passages: Sequence[Passage]) -> str:
    return text.counted(len(passages), "passage")


def carried(query: str, passage: Passage) -> str:
    """What a button needs to know, within its 2,000 characters."""
    rest = {"q": query[:QUERY], "a": passage.article_id[:200], "t": passage.title[:150]}
    for length in (SHOWN, 600, 300, 100):
        value = json.dumps({**rest, "p": passage.text[:length]}, ensure_ascii=False, separators=(",", ":"))
        if len(value) <= 2000:
            return value
    return json.dumps({"q": "", "a": passage.article_id[:200], "t": "", "p": passage.text[:100]})


def send(cases: Sequence[tuple[int, str, str]], passage: dict[str, Any], channel: str, thread: str) -> Block:
    """Which open case is it for? `cases`: (id, words, state), the agent's own first."""
    options = [option(words, str(id), state) for id, words, state in cases]
    menu: Block = {"type": "static_select", "action_id": ids.VALUE, "options": options, "initial_option": options[0]}
    blocks = [
        field_input(ids.CASE_BLOCK, "Whose request is it for?", menu),
        field_input(ids.ANSWER_BLOCK, "What the customer reads", text_input(ids.VALUE, str(passage["p"]))),
        context("The bot posts it in the customer's thread under your name, and you have the case then."),
    ]
    data = pack(q=passage["q"], a=passage["a"], channel=channel, thread=thread)
    return modal(ids.SEND_VIEW, "Send to customer", blocks, data, "Send")
