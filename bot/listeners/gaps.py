"""`/support kb gaps`: what customers ask and nobody has written an answer to, and the articles that answer it."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import gap_drafts, text, wording
from bot.arguments import pairs, span
from bot.corrections import Refused
from bot.gaps import LATELY, SHOWN, KnowledgeGap
from bot.importing import TITLE
from bot.listeners import gaps_blocks, home, ids, knowledge, modals
from bot.listeners.actions import Viewing, on_view
from bot.listeners.guards import Body, redraw, user, value
from bot.listeners.relabelling import made, open_relabel
from bot.listeners.values import chosen, ticked
from bot.services import Services
from model.types import UnderstudyError

log = logging.getLogger(__name__)


def register(app: App, services: Services) -> None:
    pressed = {
        ids.HOME_GAPS: handle_home,
        ids.GAP_WRITE: handle_write,
        ids.GAP_INTENT: handle_intent,
        ids.GAP_DISMISS: handle_dismiss,
        ids.GAP_UNDO: handle_undo,
        ids.GAP_SPAN: handle_span,
    }
    for action_id, handler in pressed.items():
        on_view(app, services, action_id, _in_list(handler))

    @app.view(ids.GAP_ARTICLE_VIEW)
    def save(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        handle_save(services, ack, body, client)


def _in_list(handler: Callable[[Services, Body, WebClient], None]) -> Viewing:
    """What is refused is said in the list, which is drawn as it stands by now."""

    def handle(services: Services, body: Body, client: WebClient) -> None:
        try:
            handler(services, body, client)
        except (UnderstudyError, Refused) as error:
            show(services, client, _list(body), text.escape(text.sentence(error)))

    return handle


def handle_open(services: Services, words: Sequence[str], trigger_id: str, client: WebClient) -> str:
    """Open the list; gives what is said in its place where the words behind the command are wrong."""
    try:
        given = pairs(words, {"": "60d"})
        window = span(given[""]) if given else LATELY
    except UnderstudyError as error:
        return text.sentence(error)
    opened = client.views_open(trigger_id=trigger_id, view=gaps_blocks.looking())["view"]
    show(services, client, {"id": opened["id"], "days": window // timedelta(days=1) or 1})
    return ""


def handle_home(services: Services, body: Body, client: WebClient) -> None:
    handle_open(services, (), str(body["trigger_id"]), client)


def show(services: Services, client: WebClient, view: dict[str, Any], last: str = "", deed: str = "") -> None:
    """Draw the list anew, where it stands."""
    days = int(view.get("days") or LATELY.days)
    try:
        drawn = gaps_blocks.page(services.gaps.gaps(timedelta(days=days)), days, last, deed)
    except Exception:
        log.exception("the knowledge gaps could not be listed")
        drawn = modals.message("Knowledge gaps", wording.FAILED)
    redraw(client, view["id"], drawn)


def handle_write(services: Services, body: Body, client: WebClient) -> None:
    """The article's form on top of the list, and the draft in it as soon as it is made."""
    opened = client.views_push(trigger_id=body["trigger_id"], view=gaps_blocks.looking())["view"]
    try:
        gap = services.gaps.find(value(body))
        draft = gap_drafts.draft(services.kit, gap, services.gaps.encode)
        at = _list(body)
        known = services.kit.catalogue.all()
        view = gaps_blocks.article(draft, services.gaps.intents_of(gap), known, str(at["id"]), at["days"])
    except UnderstudyError as error:
        view = modals.message("Write article", text.sentence(error))
    except Exception:
        log.exception("no draft for a knowledge gap")
        view = modals.message("Write article", wording.FAILED)
    redraw(client, opened["id"], view)


def handle_intent(services: Services, body: Body, client: WebClient) -> None:
    """The form that labels the middle question, with the fields for a new intent open."""
    gap = services.gaps.find(value(body))
    open_relabel(services, client, body, gap.questions[0].turn_id, "gaps", new=True)


def handle_dismiss(services: Services, body: Body, client: WebClient) -> None:
    deed, words = services.gaps.dismiss(value(body), user(body))
    show(services, client, _list(body), text.escape(words), deed)
    home.publish(services, client, user(body))


def handle_undo(services: Services, body: Body, client: WebClient) -> None:
    show(services, client, _list(body), services.gaps.restore(value(body).partition("|")[0]))
    home.publish(services, client, user(body))


def handle_span(services: Services, body: Body, client: WebClient) -> None:
    """The gaps of another time; what was dismissed just now can still be brought back."""
    view, deed = _list(body), str(modals.unpack(body["view"]["private_metadata"]).get("deed") or "")
    wanted = span(value(body)) // timedelta(days=1)
    # Grouping what nobody has asked for yet takes a while.
    redraw(client, view["id"], gaps_blocks.looking())
    show(services, client, view | {"days": wanted}, gaps_blocks.DISMISSED if deed else "", deed)


def handle_save(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    """Save the article; its questions are dealt with, and understood as its intent from now on."""
    if not services.kit.people.is_agent(user(body)):
        ack(response_action="errors", errors={ids.TITLE_BLOCK: "Only support agents can do this."})
        return
    values, kept = body["view"]["state"]["values"], modals.unpack(body["view"]["private_metadata"])
    title, words, intents = knowledge.filled(services, values)
    wanted = chosen(values, ids.NAME_BLOCK)
    try:
        gap = services.gaps.find(str(kept["gap"]))
        new = _intent(services, wanted, title, user(body)) if wanted else ""
    except UnderstudyError as error:
        ack(response_action="errors", errors={ids.NAME_BLOCK if wanted else ids.TITLE_BLOCK: text.sentence(error)})
        return
    try:
        intents = list(dict.fromkeys(filter(None, (new, *intents))))
        done = services.knowledge.save(user(body), title, words, intents)
    except UnderstudyError as error:
        ack(response_action="errors", errors=knowledge.beside(error))
        return
    services.gaps.written(gap, services.knowledge.find(title).slug, user(body))
    ack()
    taught = _teach(services, gap, intents[0], user(body)) if intents and ticked(values, ids.ALSO_BLOCK) else ""
    show(services, client, {"id": kept["list"], "days": kept.get("days")}, text.escape(f"{done} {taught}".strip()))
    home.publish(services, client, user(body))


def _intent(services: Services, name: str, title: str, by: str) -> str:
    """The intent of that name, made where there is none."""
    known = services.kit.catalogue.names().of("_".join(name.lower().split()))
    return known if services.kit.catalogue.has(known) else made(services, name, text.shorten(title.strip(), TITLE), by)


def _teach(services: Services, gap: KnowledgeGap, intent: str, by: str) -> str:
    """Label the questions that the form has shown, but for those that somebody has labelled; gives a line."""
    mine = [each.turn_id for each in gap.wordings(SHOWN) if not each.label]
    if not mine:
        return ""
    try:
        services.corrections.relabel(mine[0], intent, by, "gaps", also=mine[1:])
    except Refused as refusal:
        return str(refusal)
    those = f"{len(mine)} questions" if len(mine) > 1 else "1 question"
    now = f"{those}, and what is nearly the same, are understood as {intent} from now on"
    return f"{now}; other words for it after the next training."


def _list(body: Body) -> dict[str, Any]:
    """The view of the list that was pressed in, and how far it looks back."""
    view = body["view"]
    return {"id": view["id"], "days": modals.unpack(view.get("private_metadata") or "").get("days")}
