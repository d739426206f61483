"""The Slack app manifest, made from the code: `python -m bot.manifest > manifest.json`.

The names below are the only place where events, commands and shortcuts are listed; the listeners register from them,
and a test holds manifest.json to this module.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

RELABEL_SHORTCUT = "relabel_message"
HANDOFF_SHORTCUT = "handoff_thread"
EXPLAIN_SHORTCUT = "explain_message"
ARTICLE_SHORTCUT = "send_to_kb"
REQUEST_SHORTCUT = "create_request"
SUPPORT_HINT = (
    "help | setup | status | stats | review | config | explain | handoff | intents | kb | search | privacy | "
    "train now | train cancel | train pause | train resume | "
    "model status | model history | model compare | model pin | model unpin | model rollback"
)

SCOPES: tuple[str, ...] = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "reactions:read",
    "reactions:write",
    "usergroups:read",
    "users:read",
)
EVENTS: tuple[str, ...] = (
    "app_context_changed",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "tokens_revoked",
)
PROMPTS: tuple[tuple[str, str], ...] = (
    ("Where is my order?", "Where is my order?"),
    ("Return something", "How do I return something?"),
    ("Delivery times", "How long does delivery take?"),
    ("Talk to a person", "I would like to talk to a person"),
)


SHORTCUTS: tuple[tuple[str, str, str], ...] = (
    ("Correct this answer", RELABEL_SHORTCUT, "say what the customer meant, or what the answer should have been"),
    ("Hand to a person", HANDOFF_SHORTCUT, "have this request wait for a person, or give it to a colleague"),
    ("Why this answer", EXPLAIN_SHORTCUT, "why the bot understood this message as it did"),
    ("Open a request", REQUEST_SHORTCUT, "have this customer's message wait for a person"),
    ("Add to knowledge base", ARTICLE_SHORTCUT, "write an article of this message"),
)
"""In the menu of a message: name (24 characters at most), callback id, and what agents do with it."""


def build(support: str = "/support", relabel: str = "/relabel", ask: str = "/ask") -> Mapping[str, Any]:
    """The manifest, for these names of the three commands."""
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": "Understudy",
            "description": "Answers customers, and learns from the people it works with",
            "background_color": "#2f3e46",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Understudy", "always_online": True},
            "agent_view": {
                "agent_description": "A support bot: answers from approved knowledge, and calls a person when unsure.",
                "suggested_prompts": [{"title": title, "message": message} for title, message in PROMPTS],
            },
            "shortcuts": [
                {"name": name, "type": "message", "callback_id": id, "description": f"Agents: {what}"}
                for name, id, what in SHORTCUTS
            ],
            "slash_commands": [
                {
                    "command": support,
                    "description": "Understudy for support agents",
                    "usage_hint": SUPPORT_HINT,
                    "should_escape": False,
                },
                {
                    "command": relabel,
                    "description": "Correct what the bot understood",
                    "usage_hint": "<link to the message, or turn number> [intent]",
                    "should_escape": False,
                },
                {
                    "command": ask,
                    "description": "Ask for help, in private",
                    "usage_hint": "<your question>",
                    "should_escape": False,
                },
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def render(support: str = "/support", relabel: str = "/relabel", ask: str = "/ask") -> str:
    """The manifest's file, with a newline at its end."""
    return json.dumps(build(support, relabel, ask), indent=2) + "\n"


if __name__ == "__main__":
    from bot import settings

    chosen = settings.load()
    sys.stdout.write(render(chosen.command_support, chosen.command_relabel, chosen.command_ask))
