"""A customer's say over their data, the same in the App Home and under a message; and that they are all set."""

import logging
import re
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import customers, wording
from bot.listeners import home, home_view, ids, modals
from bot.listeners.actions import on
from bot.listeners.guards import Body, customer, number, numbers, place, redraw, said, tell, user, value
from bot.services import Services

log = logging.getLogger(__name__)


def register(app: App, services: Services) -> None:
    on(app, services, ids.DONE, handle_done, agents=False)
    on(app, services, re.compile(rf"^{ids.SCORE}_\d$"), handle_score, agents=False)
    for action_id, handler in DATA.items():
        _on_data(app, services, action_id, handler)


def _on_data(app: App, services: Services, action_id: str, handler: Any) -> None:
    def listen(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        answer(services, body, client, handler)

    app.action(action_id)(listen)


def answer(services: Services, body: Body, client: WebClient, handler: Any) -> None:
    """Do it and say what came of it: in private under a message; in a window over the Home, which has no channel."""
    window = ""
    if not place(body)[0]:
        # The window first: its trigger lives three seconds.
        view = modals.message("My data", "One moment…")
        window = str(client.views_open(trigger_id=body["trigger_id"], view=view)["view"]["id"])
    try:
        words = handler(services, body)
    except Exception:
        log.exception("a customer's data: the action failed for %s", user(body))
        words = wording.FAILED
    if window:
        redraw(client, window, modals.message("My data", words))
    else:
        tell(services, body, words)
    home.publish(services, client, user(body))


def handle_see(services: Services, body: Body) -> str:
    return home_view.see(customers.kept(services.kit, customer(body)))


def handle_copy(services: Services, body: Body) -> str:
    return services.privacy.copy(customer(body))


def handle_stop(services: Services, body: Body) -> str:
    return services.privacy.learn(customer(body), False)


def handle_learn(services: Services, body: Body) -> str:
    return services.privacy.learn(customer(body), True)


def handle_erase(services: Services, body: Body) -> str:
    erased = services.privacy.erase(customer(body))
    done = wording.ERASED.format(count=erased.count, weights=erased.weights)
    return f"{done}\n\n{wording.NOT_ERASED}"


def handle_done(services: Services, body: Body, client: WebClient) -> str:
    case_id = number(body)
    # Behind the messages that came before the click: they are owed an answer while the case is open. They are in SQL,
    # but their listener may not have handed them on yet.
    services.work(case_id)
    services.later(case_id, lambda: _done(services, body, client, case_id))
    return ""


def _done(services: Services, body: Body, client: WebClient, case_id: int) -> None:
    said(services, body, lambda: services.followups.done(case_id, user(body)))
    home.publish(services, client, user(body))


def handle_score(services: Services, body: Body, client: WebClient) -> str:
    case_id, score = (*numbers(value(body)), 0)[:2]
    ts = str((body.get("container") or {}).get("message_ts") or "")
    return services.followups.score(case_id, score, user(body), place(body)[0], ts)


DATA = {
    ids.DATA_SEE: handle_see,
    ids.DATA_COPY: handle_copy,
    ids.DATA_STOP: handle_stop,
    ids.DATA_LEARN: handle_learn,
    ids.DATA_ERASE: handle_erase,
}
