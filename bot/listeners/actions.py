"""Buttons under messages and in views. Each handler is a plain function of the payload.

What it gives back is whispered under a message, and shown upon a view.
"""

import contextlib
import logging
import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import showing, text, wording
from bot.corrections import Refused
from bot.listeners import ids, modals
from bot.listeners.guards import Body, agent, number, numbers, place, said, show, tell, user, value
from bot.listeners.parts import Block
from bot.listeners.relabelling import open_relabel
from bot.services import Services
from model.types import OOS, UnderstudyError

log = logging.getLogger(__name__)
Handler = Callable[[Services, Body, WebClient], str]
Viewing = Callable[[Services, Body, WebClient], Block | None]
"""Gives a view to be shown, or has drawn what there is to see."""


def register(app: App, services: Services) -> None:
    for action_id, handler in CUSTOMERS.items():
        on(app, services, action_id, handler, agents=False)
    for action_id, handler in AGENTS.items():
        on(app, services, action_id, handler, agents=True)


def on(app: App, services: Services, action_id: str | re.Pattern[str], handler: Handler, *, agents: bool) -> None:
    """Acknowledge, look who pressed, do it, and whisper the line that comes back."""

    def listen(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        if not agents or agent(services, body):
            said(services, body, lambda: handler(services, body, client))

    app.action(action_id)(listen)


def on_view(app: App, services: Services, action_id: str | re.Pattern[str], handler: Viewing) -> None:
    """Acknowledge, look whether an agent pressed, do it, and show the view that comes back."""

    def listen(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        if services.kit.people.is_agent(user(body)):
            viewed(body, client, lambda: handler(services, body, client))

    app.action(action_id)(listen)


def on_search(app: App, action_id: str, options: Callable[[str], list[Block]]) -> None:
    """What a menu offers for what is typed into it."""

    def search(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=options(str(body.get("value") or "")))

    app.options(action_id)(search)


def viewed(body: Body, client: WebClient, job: Callable[[], Block | None]) -> None:
    """Do it, and show the view that comes back: upon the one that was pressed in. What fails is shown, too."""
    try:
        view = job()
    except (Refused, UnderstudyError) as error:
        view = modals.message("Not this one", text.sentence(error))
    except Exception:
        log.exception("an action of %s failed", user(body))
        # Where a view was shown before it failed there is no way to show another.
        with contextlib.suppress(SlackApiError):
            show(client, body, modals.message("Sorry", wording.FAILED))
        return
    if view is not None:
        show(client, body, view)


def handle_feedback(services: Services, body: Body, client: WebClient) -> str:
    judged, _, turn = value(body).partition("|")
    if judged != "bad":
        return services.followups.judge(numbers(turn)[0], user(body), "good")
    channel, thread = place(body)
    # The modal first: its trigger lives three seconds. The judgement stands also where nobody says why.
    asked = False
    with contextlib.suppress(SlackApiError):
        client.views_open(trigger_id=body["trigger_id"], view=modals.why(numbers(turn)[0], channel, thread))
        asked = True
    thanks = services.followups.judge(numbers(turn)[0], user(body), "bad")
    return "" if asked else thanks


def handle_person(services: Services, body: Body, client: WebClient) -> str:
    case_id, turn_id = (*numbers(value(body)), 0)[:2]
    return services.followups.person(case_id, turn_id, user(body))


def handle_choice(services: Services, body: Body, client: WebClient) -> str:
    turn, _, name = value(body).partition("|")
    return in_turn(services, body, numbers(turn)[0], lambda it: services.followups.choose(it, name, user(body)))


def handle_order(services: Services, body: Body, client: WebClient) -> str:
    turn, _, wanted = value(body).partition("|")
    return in_turn(services, body, numbers(turn)[0], lambda it: services.followups.choose_order(it, wanted, user(body)))


def handle_none(services: Services, body: Body, client: WebClient) -> str:
    # Behind the turn itself: a quick customer clicks before the reply's timestamp is in SQL.
    return in_turn(services, body, number(body), lambda it: services.followups.none(it, user(body)))


def handle_recommended(services: Services, body: Body, client: WebClient) -> str:
    turn, _, article = value(body).partition("|")
    return in_turn(services, body, numbers(turn)[0], lambda it: services.recommending.open(it, article, user(body)))


def handle_take(services: Services, body: Body, client: WebClient) -> str:
    return services.cases.take(number(body), user(body))


def handle_right(services: Services, body: Body, client: WebClient) -> str:
    this, *seen = numbers(value(body))
    return services.corrections.confirm(this, user(body), seen=seen[0] if seen else None).words


def handle_correct(services: Services, body: Body, client: WebClient) -> str:
    return open_relabel(services, client, body, number(body), "card")


def handle_edit(services: Services, body: Body, client: WebClient) -> str:
    turn = services.corrections.turn(number(body))
    refused = services.followups.uneditable(turn)
    if refused:
        return refused
    shown = showing.case(services.kit, turn)
    client.views_open(trigger_id=body["trigger_id"], view=modals.edit_answer(shown, place(body)[0]))
    return ""


def handle_send(services: Services, body: Body, client: WebClient) -> str:
    return services.cases.drafts.send(number(body), user(body))


def handle_write(services: Services, body: Body, client: WebClient) -> str:
    client.views_open(trigger_id=body["trigger_id"], view=modals.write(number(body), *place(body)))
    return ""


def handle_send_words(services: Services, body: Body, client: WebClient) -> str:
    case, _, ts = value(body).partition("|")
    return services.cases.words.bring(numbers(case)[0], user(body), ts)


def handle_more(services: Services, body: Body, client: WebClient) -> str:
    wanted, _, packed = value(body).partition("|")
    this, seen = (*numbers(packed), 0)[:2]
    if wanted == "new":
        return open_relabel(services, client, body, this, "card", new=True)
    if wanted == "dismiss":
        return services.dismissing.dismiss(this, user(body))
    if wanted == "oos":
        return services.corrections.relabel(this, OOS, user(body), "card", seen=seen).words
    return services.cases.resolve(this) if wanted == "resolve" else services.cases.release(this)


def handle_explain(services: Services, body: Body, client: WebClient) -> str:
    """In the card's thread, and for who asked alone: others' words stand there, and nothing of it is kept."""
    words, (channel, thread) = services.explaining.of_turn(number(body)), place(body)
    card = str((body.get("message") or {}).get("ts") or "")
    if thread or not (channel and card):
        return words
    # Slack shows what one alone is told in a thread only where somebody has written in it.
    services.kit.surface.note(channel, card, f"<@{user(body)}> has asked why turn {number(body)} was understood so.")
    services.kit.surface.whisper(channel, user(body), card, words)
    return ""


def handle_undo(services: Services, body: Body, client: WebClient) -> str:
    return services.corrections.undo(number(body), user(body))


def handle_restore(services: Services, body: Body, client: WebClient) -> str:
    return services.dismissing.restore(number(body), user(body))


def handle_keep(services: Services, body: Body, client: WebClient) -> str:
    return "It is yours."


def handle_give_back(services: Services, body: Body, client: WebClient) -> str:
    return services.cases.release(number(body)) or "The bot has it again."


def handle_answer_now(services: Services, body: Body, client: WebClient) -> str:
    return in_turn(services, body, number(body), lambda it: services.followups.answer_rightly(it, user(body)))


CUSTOMERS: dict[str | re.Pattern[str], Handler] = {
    ids.FEEDBACK: handle_feedback,
    ids.PERSON: handle_person,
    re.compile(rf"^{ids.CHOOSE}_\d$"): handle_choice,
    re.compile(rf"^{ids.WHICH_ORDER}_\d$"): handle_order,
    ids.NONE_OF_THESE: handle_none,
    re.compile(rf"^{ids.RECOMMENDED}_\d$"): handle_recommended,
}
AGENTS: dict[str | re.Pattern[str], Handler] = {
    ids.TAKE: handle_take,
    ids.RIGHT: handle_right,
    ids.CORRECT: handle_correct,
    ids.EDIT: handle_edit,
    ids.SEND: handle_send,
    ids.WRITE: handle_write,
    ids.SEND_WORDS: handle_send_words,
    ids.EXPLAIN: handle_explain,
    ids.MORE: handle_more,
    ids.UNDO: handle_undo,
    ids.RESTORE: handle_restore,
    ids.KEEP: handle_keep,
    ids.GIVE_BACK: handle_give_back,
    ids.ANSWER_NOW: handle_answer_now,
}


def in_turn(services: Services, body: Body, turn_id: int, job: Callable[[int], str]) -> str:
    """Run what may wait for a model in its conversation's place among the workers."""
    try:
        turn = services.corrections.turn(turn_id)
    except Refused as refusal:
        tell(services, body, str(refusal))
        return ""
    services.later(turn.conversation_id, lambda: said(services, body, lambda: job(turn_id)))
    return ""
