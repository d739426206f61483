"""Who may press what, how a refusal is said, and how a modal is shown."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import wording
from bot.corrections import Refused
from bot.services import Services
from bot.values import Customer

log = logging.getLogger(__name__)
Body = Mapping[str, Any]


def user(body: Body) -> str:
    return str(body["user"]["id"])


def customer(body: Body) -> Customer:
    """Who pressed, with the team they are of: in a shared channel not the bot's own."""
    team = body["user"].get("team_id") or (body.get("team") or {}).get("id") or ""
    return Customer(str(team), user(body))


def place(body: Body) -> tuple[str, str]:
    """Channel and thread of an action; empty in a modal or the Home."""
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    thread = message.get("thread_ts") or container.get("thread_ts") or ""
    return str(channel), str(thread)


def form(body: Body) -> str:
    """The key of a submitted modal: what is delivered again has the same."""
    return f"form:{(body.get('view') or {}).get('id') or ''}"


def within_modal(body: Body) -> bool:
    """Whether a modal was pressed in: what has no channel, and is put upon by another modal."""
    return bool((body.get("view") or {}).get("type") == "modal")


def show(client: WebClient, body: Body, view: dict[str, Any]) -> dict[str, Any]:
    """Open a modal; upon the one that was pressed in, where it was one. Gives the view as it stands."""
    put = client.views_push if within_modal(body) else client.views_open
    return dict(put(trigger_id=body["trigger_id"], view=view)["view"])


def redraw(client: WebClient, view_id: str, view: dict[str, Any], hash: str = "") -> None:
    """Draw a modal anew where it stands; who has closed it meanwhile wants to see it no more.

    Args:
        hash: of the modal as it was opened; where it has changed since, it stays as it is.
    """
    passed = {"not_found", "hash_conflict"} if hash else {"not_found"}
    try:
        client.views_update(view_id=view_id, view=view, **({"hash": hash} if hash else {}))
    except SlackApiError as error:
        if error.response.get("error") not in passed:
            raise
        log.info("a modal was not drawn anew: %s", error.response["error"])


def value(body: Body) -> str:
    """What the pressed element carries."""
    action = body["actions"][0]
    selected = action.get("selected_option") or {}
    return str(action.get("value") or selected.get("value") or "")


def tell(services: Services, body: Body, words: str) -> None:
    """Whisper to whoever pressed; nothing for empty words."""
    channel, thread = place(body)
    if words and channel:
        services.kit.surface.whisper(channel, user(body), thread, words)


def agent(services: Services, body: Body) -> bool:
    """Whether an agent pressed; anybody else is told politely."""
    if services.kit.people.is_agent(user(body)):
        return True
    tell(services, body, wording.ONLY_AGENTS)
    return False


def said(services: Services, body: Body, job: Callable[[], str]) -> None:
    """Do it, and whisper the line that comes back, a refusal's too."""
    try:
        tell(services, body, job())
    except Refused as refusal:
        tell(services, body, str(refusal))
    except Exception:
        log.exception("an action of %s failed", user(body))
        tell(services, body, wording.FAILED)


def numbers(packed: str) -> tuple[int, ...]:
    """`12|34` -> (12, 34); what is no number becomes 0."""
    return tuple(int(part) if part.isdigit() else 0 for part in packed.split("|"))


def number(body: Body) -> int:
    """The one number that the pressed element carries."""
    return numbers(value(body))[0]
