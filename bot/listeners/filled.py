"""Forms that are sent with nothing to be seen in a field that must be filled. One rule for every modal.

Slack itself refuses an empty field, and takes spaces.
"""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.response import BoltResponse

from bot import text
from bot.listeners.guards import Body
from bot.services import Services

FILL_IN = "Please fill this in: nothing can be seen there."


def register(app: App, services: Services) -> None:
    """The middleware, before every listener of a form."""

    def refuse_blanks(body: dict[str, Any], ack: Ack, next: Callable[[], None]) -> BoltResponse | None:
        empty = blanks(body["view"]) if body.get("type") == "view_submission" else []
        if empty:
            return ack(response_action="errors", errors=dict.fromkeys(empty, FILL_IN))
        next()
        return None

    app.use(refuse_blanks)


def blanks(view: Body) -> list[str]:
    """Ids of the blocks that must be filled, and in which something was typed that nobody can see."""
    values = view.get("state", {}).get("values", {})
    must = [str(each.get("block_id")) for each in view.get("blocks", []) if _required(each)]
    return [block for block in must if any(_blank(element) for element in values.get(block, {}).values())]


def _required(block: Body) -> bool:
    return block.get("type") == "input" and not block.get("optional")


def _blank(element: Body) -> bool:
    typed = element.get("value")
    return element.get("type") == "plain_text_input" and not text.visible(str(typed or ""))
