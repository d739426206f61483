"""Modals as Block Kit. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from bot import text, wording
from bot.listeners import ids
from bot.listeners.cards import judged
from bot.listeners.parts import (
    Block,
    context,
    field_input,
    modal,
    option,
    section,
    sections,
    text_input,
)
from bot.values import Case
from model.types import OOS, Intent

STATIC_LIMIT = 100
OUT_OF_SCOPE = option("Out of scope (none of these)", OOS)


def pack(**values: object) -> str:
    """What a modal remembers, within private_metadata's 3,000 characters."""
    return json.dumps(values, separators=(",", ":"))


def unpack(data: str) -> dict[str, Any]:
    found = json.loads(data or "{}")
    return found if isinstance(found, dict) else {}


def why(turn_id: int, channel: str, thread: str) -> Block:
    """After a "not helpful": why?"""
    radio = {
        "type": "radio_buttons",
        "action_id": ids.VALUE,
        "options": [option(words, value) for value, words in wording.NOT_HELPFUL.items()],
    }
    blocks = [
        field_input(ids.REASON_BLOCK, "What was wrong?", radio),
        field_input(ids.COMMENT_BLOCK, "Tell us more", text_input(ids.VALUE), optional=True),
    ]
    return modal(ids.WHY_VIEW, "What went wrong?", blocks, pack(turn=turn_id, channel=channel, thread=thread), "Send")


def intent_options(intents: Sequence[Intent], first: Sequence[str]) -> list[Block]:
    """Options for a menu of intents: those of `first` in their order, then the rest by title."""
    by_name = {intent.name: intent for intent in intents}
    head = [by_name[name] for name in first if name in by_name]
    rest = sorted((i for i in intents if i.name not in first), key=lambda i: (i.title or i.name).lower())
    return [
        option(intent.title or intent.name, text.option_name(intent.name), intent.name) for intent in (*head, *rest)
    ]


def intent_menu(
    intents: Sequence[Intent],
    first: Sequence[str],
    initial: str = "",
    *,
    out_of_scope: bool = True,
    further: Sequence[Block] = (),
) -> Block:
    """A menu of every intent and "out of scope"; searched at the server where there are more than a menu holds.

    Args:
        first: names that stand first; after them out of scope, and the `further` options.
    """
    options = [
        *intent_options(intents, first)[: len(first)],
        *([OUT_OF_SCOPE] if out_of_scope else []),
        *further,
        *intent_options(intents, first)[len(first) :],
    ]
    chosen = next((each for each in options if each["value"] == text.option_name(initial)), None)
    if len(options) > STATIC_LIMIT:
        made: Block = {"type": "external_select", "action_id": ids.SEARCH, "min_query_length": 0}
    else:
        made = {"type": "static_select", "action_id": ids.SEARCH, "options": options}
    made["placeholder"] = {"type": "plain_text", "text": "What did the customer want?"}
    return made | {"initial_option": chosen} if chosen else made


def intents_menu(intents: Sequence[Intent], initial: Sequence[str], action_id: str) -> Block:
    """A menu in which several intents may be chosen.

    Args:
        initial: names that are chosen already; one that nobody described can still be taken off.
    """
    initial = list(dict.fromkeys(initial))
    options = intent_options(intents, initial)
    by_value = {each["value"]: each for each in options}
    chosen = [by_value.get(text.option_name(name)) or option(name, text.option_name(name)) for name in initial]
    unknown = [each for each in chosen if each["value"] not in by_value]
    if 0 < len(options) + len(unknown) <= STATIC_LIMIT:
        made: Block = {"type": "multi_static_select", "options": [*options, *unknown]}
    else:
        made = {"type": "multi_external_select", "min_query_length": 0}
    made |= {"action_id": action_id, "placeholder": {"type": "plain_text", "text": "Choose intents…"}}
    return made | {"initial_options": chosen} if chosen else made


def edit_answer(case: Case, channel: str = "") -> Block:
    """The answer in a field; sends a draft, or changes what was sent."""
    blocks = [
        section(text.quoted(case.text)),
        *judged(case.judged),
        field_input(ids.ANSWER_BLOCK, "Answer", text_input(ids.VALUE, case.reply)),
        context("The customer sees this instead. It is kept as a better answer to learn from."),
    ]
    return modal(
        ids.EDIT_VIEW, "Edit the answer", blocks, pack(turn=case.turn_id, seen=case.seen, channel=channel), "Send"
    )


def write(case_id: int, channel: str, thread: str) -> Block:
    """An agent's own words to the customer."""
    blocks = [
        field_input(ids.ANSWER_BLOCK, "Your words", text_input(ids.VALUE)),
        context("The bot posts them in the customer's thread under your name, and stays silent there."),
    ]
    return modal(
        ids.WRITE_VIEW, "Write to the customer", blocks, pack(case=case_id, channel=channel, thread=thread), "Send"
    )


def setup(channel: str, owners: Sequence[str], mode: str) -> Block:
    """Where agents work, who owns the bot, and whether it answers by itself."""
    channels: Block = {
        "type": "conversations_select",
        "action_id": ids.VALUE,
        "filter": {"include": ["private"], "exclude_bot_users": True},
    }
    people: Block = {"type": "multi_users_select", "action_id": ids.VALUE}
    modes = [
        option("Draft: an agent sends each answer", "draft"),
        option("Automatic: the bot answers, agents correct", "automatic"),
    ]
    radio: Block = {"type": "radio_buttons", "action_id": ids.VALUE, "options": modes}
    radio["initial_option"] = modes[1] if mode == "automatic" else modes[0]
    if channel:
        channels["initial_conversation"] = channel
    if owners:
        people["initial_users"] = list(owners)
    blocks = [
        field_input(
            ids.CHANNEL_BLOCK, "Agents' private channel", channels, hint="Its members are agents. Invite the bot first."
        ),
        field_input(ids.OWNERS_BLOCK, "Owners", people, hint="They may change this set-up."),
        field_input(ids.MODE_BLOCK, "How it answers", radio),
    ]
    return modal(ids.SETUP_VIEW, "Set up Understudy", blocks, submit="Save")


def message(title: str, words: str, *, escape: bool = True) -> Block:
    """A modal that only says something; with `escape` off the words are mrkdwn, escaped already."""
    drawn = [section(text.escaped(words, 2900))] if escape else sections(words)
    return modal("message", title, drawn, close="Close")
