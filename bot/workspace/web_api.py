"""The Web API: reads a call in any of the forms that clients send, checks it, and hands it to its method."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .errors import SlackError
from .state import Channel, Json
from .world import World

log = logging.getLogger(__name__)

LOOKS_REAL = re.compile(r"xox[a-z]-\d{6,}|xapp-\d-A[A-Z0-9]{6,}|xoxe[.-]")
AS_JSON = ("blocks", "attachments", "metadata", "view", "chunks", "prompts", "files", "loading_messages")
"""Arguments that are JSON in a string when the call is form-encoded."""
READ_SCOPES = {"channel": "channels:read", "private": "groups:read", "im": "im:read"}
HISTORY_SCOPES = {"channel": "channels:history", "private": "groups:history", "im": "im:history"}


@dataclass
class Call:
    """One call on its way through a method."""

    world: World
    args: Json
    method: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """An argument that must be there: `invalid_arguments` otherwise."""
        value = self.text(name)
        if not value:
            raise SlackError.explained("invalid_arguments", f"missing required field: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.args.get(name, default))
        except (TypeError, ValueError):
            raise SlackError.explained("invalid_arguments", f"expected a number: {name}") from None

    def scope(self, scope: str) -> None:
        """Raises missing_scope."""
        if not self.world.manifest.allows(scope):
            raise SlackError("missing_scope", needed=scope, provided=self.world.manifest.scope_list)

    def channel(self, name: str = "channel", scopes: dict[str, str] | None = None) -> Channel:
        """The conversation of an argument, as the app may see it."""
        channel_id = self.text(name)
        if not channel_id:
            raise SlackError("channel_not_found")
        channel = self.world.state.channel(channel_id)
        if scopes is not None:
            self.scope(scopes[channel.kind])
        return channel


Method = Callable[[Call], Json | Awaitable[Json]]


@dataclass(frozen=True)
class Entry:
    """A method, the scope it needs and the token it takes (bot, app, or any)."""

    run: Method
    scope: str = ""
    token: str = "bot"


class WebApi:
    """POST and GET /api/<method>."""

    def __init__(self, world: World, methods: dict[str, Entry]) -> None:
        self.world = world
        self.methods = methods

    async def serve(self, request: Request) -> Response:
        method = request.path_params["method"]
        status = self.world.faults.strike(method)
        if status == 429:
            wait = str(self.world.faults.retry_after)
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": wait})
        if status:
            return JSONResponse({"ok": False, "error": "internal_error"}, status)
        headers = {"x-oauth-scopes": self.world.manifest.scope_list}
        try:
            answer = await self._answer(method, request)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.code} | error.extra, headers=headers)
        except Exception:
            log.exception("the local workspace failed in %s", method)
            return JSONResponse({"ok": False, "error": "internal_error"}, 500, headers)
        return JSONResponse({"ok": True} | answer, headers=headers)

    async def _answer(self, method: str, request: Request) -> Json:
        args = await read_arguments(request)
        entry = self.methods.get(method)
        if entry is None:
            raise SlackError("unknown_method", req_method=method)
        self._authorise(args.pop("token", "") or bearer(request), entry)
        call = Call(self.world, args, method)
        if entry.scope:
            call.scope(entry.scope)
        result = entry.run(call)
        return result if isinstance(result, dict) else await asyncio.ensure_future(result)

    def _authorise(self, token: str, entry: Entry) -> None:
        state = self.world.state
        if entry.token == "any":
            return
        if not token:
            raise SlackError("not_authed")
        if LOOKS_REAL.match(token):
            log.warning("a token that looks real was sent to the local workspace; it was refused and not kept")
            raise SlackError.explained(
                "invalid_auth", "this is the local workspace: use the tokens it printed, and keep real ones to yourself"
            )
        kinds = {state.bot_token: "bot", state.app_token: "app"}
        if token not in kinds:
            raise SlackError("invalid_auth")
        if kinds[token] not in entry.token.split("|"):
            raise SlackError("not_allowed_token_type")


def bearer(request: Request) -> str:
    header = request.headers.get("authorization", "")
    return header[7:].strip() if header.lower().startswith("bearer ") else ""


async def read_arguments(request: Request) -> Json:
    """Query, form or JSON body, one over the other. An empty body with a JSON content type is a call without any."""
    args: Json = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        args |= _json_body(body)
    elif kind in ("application/x-www-form-urlencoded", ""):
        args |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif body:
        raise SlackError("invalid_form_data")
    for name in AS_JSON:
        if isinstance(args.get(name), str) and args[name]:
            args[name] = _json_value(name, args[name])
    return args


def _json_body(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        data = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(data, dict):
        raise SlackError("json_not_object")
    return data


def _json_value(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        if name == "blocks":
            raise SlackError("invalid_blocks_format") from None
        raise SlackError.explained("invalid_arguments", f"expected JSON: {name}") from None
