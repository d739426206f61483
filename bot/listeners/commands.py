"""`/support ...` and `/relabel ...`. They do not work inside threads: buttons and the shortcut do the same there."""

import logging
import shlex
from collections.abc import Callable
from typing import Any

from rapidfuzz import fuzz, process
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import intents, text, wording
from bot.corrections import Refused
from bot.listeners import config, gaps, ids, intents_page, knowledge, privacy, review_page, stats, training
from bot.listeners.parts import actions, button, section
from bot.listeners.relabelling import open_relabel
from bot.listeners.views import setup_form
from bot.manifest import SHORTCUTS
from bot.report import status
from bot.services import Services
from bot.training import Training
from model.types import UnderstudyError

log = logging.getLogger(__name__)
Command = dict[str, Any]
_STRAIGHT = str.maketrans("“”„«»’‘", '"""""\'\'')
Said = tuple[str, list[dict[str, Any]]]
"""Words, and the blocks that go with them."""
SUBCOMMANDS: dict[str, str] = {
    "help": "what there is",
    "setup": "choose the agents' channel, the owners and the mode",
    "status": "what waits, and how the last seven days went",
    "stats": "figures of a time, as text and as a picture: [7d] [intent=refund]",
    "review": "label the most useful turns, one after another: [n=5] [intent=refund] [below=0.6] [since=7d]",
    "config": "how the desk, a channel or an intent is answered: mode | channel | intent | answer | show",
    "explain": "why a message is understood so: a link to it, its turn number, or any words",
    "handoff": "hand a request to a person: <link or turn> [@colleague] [why] | release <link or turn>",
    "intents": 'list | add <name> "title" | rename a b | merge a b | archive a | restore a',
    "kb gaps": "what customers ask and nobody has written an answer to: [60d]",
    "kb": "the articles and which are stale | add | edit TITLE | remove TITLE",
    "search": "passages of the knowledge base for a question, to send to a customer",
    "privacy": "for owners: what is kept of a customer: have a copy, or erase it",
    "train now": "fine-tune again on everything that was corrected",
    "train cancel": "end the training that runs; nothing of it goes live",
    "train pause": "let scheduled trainings rest, until `train resume`",
    "train resume": "let scheduled trainings go on",
    "model status": "which models serve, and the last verdict",
    "model history": "the versions of the intent model, how good each was, and its verdict",
    "model compare": "two versions side by side: v1 v2, or v1 with the live one",
    "model pin": "keep a version, however many follow: v1",
    "model unpin": "keep it no longer than others: v1",
    "model rollback": "go back to the earlier version, or to the one that is named: v1",
}


def register(app: App, services: Services) -> None:
    support_name, relabel_name, _ = services.commands

    @app.command(support_name)
    def support(ack: Ack, command: Command, client: WebClient, respond: Any) -> None:
        ack()
        words, drawn = attempted(lambda: handle_support(services, command, client))
        if words:
            respond(text=words, blocks=drawn or None, response_type="ephemeral")

    @app.command(relabel_name)
    def relabel(ack: Ack, command: Command, client: WebClient, respond: Any) -> None:
        ack()
        words, drawn = attempted(lambda: handle_relabel(services, command, client))
        if words:
            respond(text=words, blocks=drawn or None, response_type="ephemeral")


def attempted(job: Callable[[], Said]) -> Said:
    """What the command says; where it fails one line, and the reason in the log."""
    try:
        return job()
    except Exception:
        log.exception("a command failed")
        return wording.FAILED, []


def handle_support(services: Services, command: Command, client: WebClient) -> Said:
    """Do a subcommand; gives what is said to the one who asked."""
    wanted = " ".join(str(command.get("text") or "").lower().split()) or "help"
    name = next((each for each in SUBCOMMANDS if wanted == each or wanted.startswith(f"{each} ")), "")
    if not name:
        return _nearest(services, wanted), []
    if name == "help":
        return usage(services), []
    if name == "setup":
        return _setup(services, command, client), []
    if not services.kit.people.is_agent(str(command["user_id"])):
        return wording.ONLY_AGENTS, []
    if name == "search":
        return knowledge.handle_search(services, " ".join(str(command["text"]).split()[1:]))
    if name == "stats":
        return stats.handle_stats(services, command, client)
    return _agents(services, command, client)[name](), []


def handle_relabel(services: Services, command: Command, client: WebClient) -> tuple[str, list[dict[str, Any]]]:
    """`<permalink or turn> [intent]`: correct, or open the modal; without anything, the review."""
    agent = str(command["user_id"])
    if not services.kit.people.is_agent(agent):
        return wording.ONLY_AGENTS, []
    reference, _, label = str(command.get("text") or "").strip().partition(" ")
    try:
        if not reference:
            return _agents(services, command, client)["review"](), []
        turn = services.corrections.find(reference)
        if not label.strip():
            here = str(command["channel_id"])
            return open_relabel(services, client, command, turn.id, "command", channel=here), []
        done = services.corrections.relabel(turn.id, label, agent, "command")
    except Refused as refusal:
        return str(refusal), []
    buttons = [button("Undo", ids.UNDO, str(done.correction.id))]
    if done.changes_answer:
        buttons.append(button("Reply with the right answer now", ids.ANSWER_NOW, str(turn.id), "primary"))
    return done.words, [section(done.words), actions(buttons)]


def usage(services: Services) -> str:
    support, relabel, ask = services.commands
    lines = [f"`{support} {name}`: {what}" for name, what in SUBCOMMANDS.items()]
    lines.append(f"`{relabel} <link to a message, or turn number> [intent]`: correct what the bot understood")
    lines.append(f"`{ask} <question>`: for customers, opens a case in their direct messages")
    menu = ", ".join(f"*{name}*" for name, _, _ in SHORTCUTS)
    return "\n".join([*lines, f"In a thread use the message's menu: {menu}."])


def _agents(services: Services, command: Command, client: WebClient) -> dict[str, Callable[[], str]]:
    agent = str(command["user_id"])

    def open_review() -> str:
        try:
            client.views_open(trigger_id=command["trigger_id"], view=review_page.first(services, given[1:]))
        except (UnderstudyError, Refused) as error:
            return text.sentence(error)
        return ""

    def trained(ask: Callable[[Training], str]) -> str:
        return training.asked(services, ask)

    def explained() -> str:
        try:
            return services.explaining.of_reference(" ".join(given[1:]))
        except Refused as refusal:
            return str(refusal)

    def handed() -> str:
        try:
            return services.handing.by_words(" ".join(given[1:]), agent)
        except Refused as refusal:
            return str(refusal)

    given = str(command.get("text") or "").split()
    versions = [each.lower() for each in given[2:]]
    return {
        "status": lambda: status(services.kit, services.understanding.version),
        "review": open_review,
        "config": lambda: config.handle_config(services, command, client),
        "explain": explained,
        "handoff": handed,
        "intents": lambda: intent_words(services, " ".join(given[1:]), agent),
        "kb gaps": lambda: gaps.handle_open(services, given[2:], command["trigger_id"], client),
        "kb": lambda: knowledge.handle_kb(services, " ".join(given[1:]), command["trigger_id"], client),
        "privacy": lambda: privacy.handle_open(services, client, agent, command["trigger_id"]),
        "train now": lambda: trained(lambda it: it.start(agent)),
        "train cancel": lambda: trained(lambda it: it.cancel(agent)),
        "train pause": lambda: trained(lambda it: it.pause(agent)),
        "train resume": lambda: trained(lambda it: it.resume(agent)),
        "model status": lambda: trained(lambda it: it.status()),
        "model history": lambda: trained(lambda it: it.history()),
        "model compare": lambda: training.compared(services, versions),
        "model pin": lambda: training.pinned(services, versions, True),
        "model unpin": lambda: training.pinned(services, versions, False),
        "model rollback": lambda: trained(lambda it: it.rollback(versions[0] if versions else None, by=agent)),
    }


def intent_words(services: Services, said: str, agent: str) -> str:
    """`list`, or a change of the intents; the bot goes by it at once."""
    kit = services.kit
    try:
        # Slack's clients make quotation marks curly.
        action, *words = shlex.split(said.translate(_STRAIGHT)) or ["list"]
        if action.lower() == "list" and not words:
            called = intents_page.called(services)
            lines = [text.escape(intents.line(each, called)) for each in intents.listed(kit.db, kit.team)]
            return "\n".join(_cut(lines)) or "There are no intents yet."
        done = intents.change(kit.db, kit.team, agent, action.lower(), words)
    except UnderstudyError as error:
        return text.escape(text.sentence(error))
    except ValueError:
        return "Expected a title in quotation marks, found a mark that is not closed."
    kit.catalogue.forget()
    return text.escape(done)


def _cut(lines: list[str], limit: int = 3500) -> list[str]:
    """As many lines as fit into a message of Slack's."""
    kept: list[str] = []
    for number, each in enumerate(lines):
        if sum(map(len, kept)) + len(each) > limit:
            return [*kept, f"... and {len(lines) - number} more: `understudy intents` lists them all."]
        kept.append(each)
    return kept


def _setup(services: Services, command: Command, client: WebClient) -> str:
    people = services.kit.people
    if not people.may_set_up(str(command["user_id"])):
        owners = ", ".join(f"<@{owner}>" for owner in people.owners())
        return f"Only the bot's owners can change this: {owners}." if owners else "Only workspace admins can set me up."
    client.views_open(trigger_id=command["trigger_id"], view=setup_form(services))
    return ""


def _nearest(services: Services, wanted: str) -> str:
    found = process.extractOne(wanted, list(SUBCOMMANDS), scorer=fuzz.WRatio)
    near = f" Did you mean `{services.commands[0]} {found[0]}`?" if found else ""
    return f"There is no `{text.escaped(wanted, 80)}`.{near} `{services.commands[0]} help` lists what there is."
