"""trigger_ids and response_urls: what lets an app answer a person for a while."""

import secrets
import time
from dataclasses import dataclass, field

from .errors import SlackError
from .state import Json

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS, RESPONSE_USES = 1800.0, 5


@dataclass
class Trigger:
    user: str
    until: float
    view_id: str = ""
    """The modal it came from, for views.push."""
    used: bool = False


@dataclass
class ResponseUrl:
    user: str
    channel: str
    until: float
    original: Json | None = None
    thread_ts: str = ""
    uses: int = 0


@dataclass
class Triggers:
    """Issued and not yet forgotten."""

    seconds: float = TRIGGER_SECONDS
    _triggers: dict[str, Trigger] = field(default_factory=dict)
    _urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def issue(self, user: str, view_id: str = "") -> str:
        now = time.monotonic()
        self._triggers = {name: one for name, one in self._triggers.items() if one.until > now - 600}
        name = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._triggers[name] = Trigger(user, now + self.seconds, view_id)
        return name

    def exchange(self, name: str) -> Trigger:
        """Use a trigger up. Raises invalid, exchanged or expired."""
        trigger = self._triggers.get(name)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if trigger.until < time.monotonic():
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(self, base: str, user: str, channel: str, original: Json | None = None, thread: str = "") -> str:
        now = time.monotonic()
        self._urls = {name: one for name, one in self._urls.items() if one.until > now}
        name = secrets.token_urlsafe(18)
        self._urls[name] = ResponseUrl(user, channel, now + RESPONSE_SECONDS, original, thread)
        return f"{base}/response/{name}"

    def use(self, name: str) -> ResponseUrl:
        """Count one use. Raises used_url or expired_url."""
        found = self._urls.get(name)
        if found is None or found.until < time.monotonic():
            raise SlackError("expired_url")
        if found.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        found.uses += 1
        return found
