"""The shapes that go to the bot: events and interactions, within Slack's own samples."""

import time
from typing import Any

from .files import told
from .ids import fresh
from .state import APP_ID, BOT_ID, BOT_USER, DOMAIN, TEAM_ID, Json, User

TOKEN = "local-verification-token"
"""The old verification token: in every payload, and nobody should look at it."""
INNER = frozenset({"reply_count", "reply_users", "reply_users_count", "latest_reply", "reactions", "app_id"}) | {
    "streaming",
    "tasks",
    "markdown",
}
"""Keys of a stored message that its event does not carry."""
ROOT = frozenset({"text", "user", "team", "bot_id", "type", "subtype", "ts", "thread_ts", "reply_count"})
"""Keys of a thread's first message that stand in the event of a reply sent to the channel too."""


def bot_profile(name: str) -> Json:
    profile: Json = {"id": BOT_ID, "deleted": False, "name": name, "updated": 1_767_225_600, "app_id": APP_ID}
    return profile | {"icons": {"image_36": "", "image_48": "", "image_72": ""}, "team_id": TEAM_ID}


def event_callback(event: Json, shared: bool = False) -> Json:
    """The envelope of the Events API around one event; shared: its channel is shared with another team."""
    return {
        "token": TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": fresh("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": fresh("4-"),
    }


def inner_message(message: Json) -> Json:
    """A stored message inside another event (an edit, a deletion)."""
    event = {key: value for key, value in message.items() if key not in INNER}
    if "files" in event:
        event["files"] = [told(file) for file in event["files"]]
    return event


def message_event(message: Json, root: Json | None = None) -> Json:
    """A stored message as an event of its own (without channel and channel_type); root: that of its thread."""
    event = inner_message(message) | {"event_ts": message["ts"]}
    if message.get("subtype") == "thread_broadcast" and root is not None:
        # Slack tells of the thread's first message here, and not of the team.
        event["root"] = {key: root[key] for key in ROOT if key in root}
        del event["team"]
        event.pop("parent_user_id", None)
    return event


def stored_message(message: Json) -> Json:
    """A message as the Web API gives it back."""
    return {key: value for key, value in message.items() if key not in ("streaming", "tasks", "markdown", "ephemeral")}


def who(user: User) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}


def interaction(kind: str, user: User, **extra: Any) -> Json:
    """What every interaction has in common."""
    payload: Json = {"type": kind, "team": {"id": TEAM_ID, "domain": DOMAIN}, "user": who(user), "api_app_id": APP_ID}
    payload |= {"token": TOKEN, "enterprise": None, "is_enterprise_install": False}
    if kind in ("message_action", "shortcut"):
        # The older of the two families: it names neither the app nor the person's second name.
        del payload["api_app_id"]
        del payload["user"]["username"]
    return payload | extra
