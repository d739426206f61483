"""What the app may do here: read from its manifest.json, as Slack does when an app is installed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALL = frozenset({"*"})


@dataclass(frozen=True)
class Manifest:
    """Scopes, events, commands and shortcuts of the installed app. Without a file everything is allowed."""

    name: str = "Understudy"
    scopes: frozenset[str] = ALL
    events: frozenset[str] = ALL
    commands: tuple[dict[str, str], ...] = ()
    shortcuts: tuple[dict[str, str], ...] = ()
    home_tab: bool = True
    prompts: tuple[dict[str, str], ...] = ()
    """Suggested prompts of the agent view, shown until the app sets others."""

    def allows(self, scope: str) -> bool:
        return scope in self.scopes or "*" in self.scopes

    def subscribes(self, event: str) -> bool:
        return event in self.events or "*" in self.events

    @property
    def scope_list(self) -> str:
        return ",".join(sorted(self.scopes)) if "*" not in self.scopes else "*"


def read_manifest(path: Path | None) -> Manifest:
    """Read an app manifest in JSON. Errors: ValueError with expected, found, cure."""
    if path is None or not path.is_file():
        return Manifest()
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"expected JSON in {path}, found {error}: correct the file") from error
    features = data.get("features", {})
    bot_user = features.get("bot_user", {})
    settings = data.get("settings", {})
    scopes = data.get("oauth_config", {}).get("scopes", {}).get("bot")
    events = settings.get("event_subscriptions", {}).get("bot_events")
    return Manifest(
        name=bot_user.get("display_name") or data.get("display_information", {}).get("name", "Understudy"),
        scopes=ALL if scopes is None else frozenset(scopes),
        events=ALL if events is None else frozenset(events),
        commands=tuple(dict(command) for command in features.get("slash_commands", [])),
        shortcuts=tuple(dict(shortcut) for shortcut in features.get("shortcuts", [])),
        prompts=tuple(dict(one) for one in features.get("agent_view", {}).get("suggested_prompts", [])),
        home_tab=bool(features.get("app_home", {}).get("home_tab_enabled", True)),
    )
