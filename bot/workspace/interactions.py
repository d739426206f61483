"""A person clicks, types a command, fills in a form: the payload goes to the bot, its answer comes back to the page."""

from typing import Any

from .blocks import check, complete, find
from .blocks import check_view as checked_view
from .errors import Refused, SlackError
from .forms import action, form_state, missing
from .methods_views import find as find_view
from .methods_views import replace, show
from .payloads import interaction, stored_message
from .socket_mode import Unanswered
from .state import APP_ID, BOT_USER, DOMAIN, TEAM_ID, Channel, Json, User
from .text import encode
from .world import World

TROUBLE = "Sorry, that did not work: the app did not answer in time. Try again."


class Interactions:
    """One method for each thing a person can do to the app. Each raises Refused with a sentence for the person."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._served: dict[str, Json] = {}

    def _option(self, value: str) -> Json | None:
        return self._served.get(value)

    async def _ask(self, payload: Json) -> Json:
        try:
            return await self.world.ask("interactive", payload)
        except Unanswered as error:
            raise Refused("operation_timeout", TROUBLE) from error

    # ---- buttons and menus

    async def click(self, user: User, what: Json) -> Json:
        """An element of a message, an ephemeral message, a modal or the Home."""
        if what.get("view_id"):
            return await self._click_view(user, what)
        channel = self._channel(user, what)
        message, hidden = self._message(user, channel, str(what.get("ts", "")))
        found = find(message.get("blocks") or [], str(what.get("action_id", "")), str(what.get("block_id") or ""))
        if found is None:
            raise Refused("no_such_action", "that button is no longer there")
        entry = action(*found, what.get("value"), self.world.state.clock.ts(), self._option)
        container = {"type": "message", "message_ts": message["ts"], "channel_id": channel.id, "is_ephemeral": hidden}
        if message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        original = {"ts": message["ts"], "ephemeral": hidden}
        thread = str(message.get("thread_ts") or "")
        payload = interaction(
            "block_actions",
            user,
            container=container,
            trigger_id=self.world.triggers.issue(user.id),
            channel=self._named(channel),
            state={"values": {}},
            response_url=self.world.triggers.response_url(self.world.url, user.id, channel.id, original, thread),
            actions=[entry],
        )
        if not hidden:
            payload["message"] = stored_message(message)
        await self._ask(payload)
        return {}

    async def _click_view(self, user: User, what: Json) -> Json:
        view = self._view(user, str(what["view_id"]))
        found = find(view["blocks"], str(what.get("action_id", "")), str(what.get("block_id") or ""))
        if found is None:
            raise Refused("no_such_action", "that button is no longer there")
        entry = action(*found, what.get("value"), self.world.state.clock.ts(), self._option)
        values = {name: dict(given) for name, given in (what.get("values") or {}).items()}
        if entry["type"] != "button":
            values.setdefault(entry["block_id"], {})[entry["action_id"]] = what.get("value")
        state = form_state(view, values, self._option)
        payload = interaction(
            "block_actions",
            user,
            container={"type": "view", "view_id": view["id"]},
            trigger_id=self.world.triggers.issue(user.id, view["id"]),
            view=view | {"state": state},
            actions=[entry],
        )
        await self._ask(payload)
        return {}

    async def options(self, user: User, what: Json) -> Json:
        """What an external select offers for the letters typed so far."""
        wanted = str(what.get("action_id", "")), str(what.get("block_id") or "")
        common: Json = {"value": str(what.get("query", ""))}
        if what.get("view_id"):
            view = self._view(user, str(what["view_id"]))
            found = find(view["blocks"], *wanted)
            common |= {"container": {"type": "view", "view_id": view["id"]}, "view": view}
        else:
            channel = self._channel(user, what)
            message, _ = self._message(user, channel, str(what.get("ts", "")))
            found = find(message.get("blocks") or [], *wanted)
            container = {"type": "message", "message_ts": message["ts"], "channel_id": channel.id}
            common |= {"container": container, "channel": self._named(channel), "message": stored_message(message)}
        if found is None:
            raise Refused("no_such_action", "that menu is no longer there")
        common |= {"action_id": found[1]["action_id"], "block_id": found[0]["block_id"]}
        answer = await self._ask(interaction("block_suggestion", user, **common))
        groups = answer.get("option_groups") or []
        flat = list(answer.get("options") or [])
        for option in [*flat, *(one for group in groups for one in group.get("options", []))]:
            self._served[str(option.get("value"))] = option
        return {"options": flat, "option_groups": groups}

    # ---- commands and shortcuts

    async def command(self, user: User, what: Json) -> Json:
        channel = self._channel(user, what)
        name = str(what.get("command", "")).strip().lower()
        if what.get("thread_ts"):
            raise Refused("not_in_threads", f"{name} cannot be used in a thread; use it in the channel's own composer")
        known = [one["command"] for one in self.world.manifest.commands]
        if known and name not in known:
            raise Refused("unknown_command", f"{name} is not a valid command. This workspace has {', '.join(known)}")
        payload = {
            "token": "local-verification-token",
            "team_id": TEAM_ID,
            "team_domain": DOMAIN,
            "channel_id": channel.id,
            "channel_name": self._named(channel)["name"],
            "user_id": user.id,
            "user_name": user.name,
            "command": name,
            "text": self._command_text(name, str(what.get("text", "")).strip()),
            "api_app_id": APP_ID,
            "is_enterprise_install": False,
            "response_url": self.world.triggers.response_url(self.world.url, user.id, channel.id),
            "trigger_id": self.world.triggers.issue(user.id),
        }
        try:
            answer = await self.world.ask("slash_commands", payload)
        except Unanswered as error:
            text = f'{name} failed with the error "operation_timeout"'
            raise Refused("operation_timeout", text) from error
        if answer.get("text") or answer.get("blocks"):
            self.respond(user.id, channel, answer)
        return {}

    def _command_text(self, name: str, text: str) -> str:
        """Mentions and links are marked only for a command whose manifest asks for it."""
        wanted = any(one["command"] == name and one.get("should_escape") for one in self.world.manifest.commands)
        return encode(text, self.world.state.names(), self.world.state.rooms()) if wanted else text

    async def shortcut(self, user: User, what: Json) -> Json:
        callback = str(what.get("callback_id", ""))
        kind = "message" if what.get("ts") else "global"
        known = [(one.get("callback_id"), one.get("type")) for one in self.world.manifest.shortcuts]
        if known and (callback, kind) not in known:
            raise Refused("unknown_shortcut", f"the app has no {kind} shortcut {callback!r}")
        extra: Json = {"callback_id": callback, "trigger_id": self.world.triggers.issue(user.id)}
        extra["action_ts"] = self.world.state.clock.ts()
        if kind == "global":
            await self._ask(interaction("shortcut", user, **extra))
            return {}
        channel = self._channel(user, what)
        message, hidden = self._message(user, channel, str(what["ts"]))
        if hidden:
            raise Refused("no_shortcut", "shortcuts do not work on messages that only you can see")
        thread = str(message.get("thread_ts") or "")
        original = {"ts": message["ts"], "ephemeral": False}
        extra |= {
            "message_ts": message["ts"],
            "channel": self._named(channel),
            "message": stored_message(message),
            "response_url": self.world.triggers.response_url(self.world.url, user.id, channel.id, original, thread),
        }
        await self._ask(interaction("message_action", user, **extra))
        return {}

    # ---- modals

    async def submit(self, user: User, what: Json) -> Json:
        view = self._view(user, str(what.get("view_id", "")))
        state = form_state(view, what.get("values") or {}, self._option)
        wrong = missing(view, state)
        if wrong:
            return self._errors(user, view, wrong)
        payload = interaction(
            "view_submission",
            user,
            trigger_id=self.world.triggers.issue(user.id, view["id"]),
            view=view | {"state": state},
            response_urls=[],
        )
        answer = await self._ask(payload)
        return self._submitted(user, view, answer)

    def _errors(self, user: User, view: Json, errors: Json) -> Json:
        self.world.pages.tell([user.id], {"type": "view_errors", "view_id": view["id"], "errors": errors})
        return {"action": "errors", "errors": errors}

    def _submitted(self, user: User, view: Json, answer: Json) -> Json:
        what = answer.get("response_action")
        try:
            if what == "errors":
                return self._errors(user, view, answer.get("errors") or {})
            if what in ("update", "push"):
                given = checked_view(answer.get("view"), "modal")
                if what == "update":
                    replace(self.world, user.id, view, given)
                else:
                    show(self.world, user.id, given, under=view["id"])
                return {"action": what}
        except SlackError as error:
            raise Refused(
                "invalid_response", f"the app answered with a view that is not valid: {error.extra}"
            ) from error
        self.close_from(user.id, view if what != "clear" else self.world.state.modals[user.id][0])
        return {"action": "clear" if what == "clear" else "close"}

    async def close(self, user: User, what: Json) -> Json:
        """The X of a modal."""
        view = self._view(user, str(what.get("view_id", "")))
        stack = self.world.state.modals[user.id]
        gone = stack if view.get("clear_on_close") else stack[stack.index(view) :]
        told = [one for one in reversed(gone) if one.get("notify_on_close")]
        self.close_from(user.id, gone[0])
        for one in told:
            payload = interaction("view_closed", user, view=one, is_cleared=bool(view.get("clear_on_close")))
            await self._ask(payload)
        return {}

    def close_from(self, user_id: str, view: Json) -> None:
        stack = self.world.state.modals.get(user_id, [])
        at = next((place for place, one in enumerate(stack) if one is view), None)
        if at is not None:
            del stack[at:]
            self.world.pages.tell([user_id], {"type": "view_close", "view_id": view["id"]})

    # ---- what the app says to a response_url, or in the acknowledgement of a command

    def respond(
        self, user_id: str, channel: Channel, body: Json, original: Json | None = None, thread: str = ""
    ) -> None:
        """Raises SlackError for blocks that are not valid."""
        if original and (body.get("delete_original") or body.get("replace_original")):
            self._replace_original(user_id, channel, body, original)
            return
        parts: dict[str, Any] = {"blocks": complete(check(body["blocks"])) if body.get("blocks") else None}
        text = str(body.get("text") or "")
        if not text and not parts["blocks"]:
            raise SlackError("no_text")
        parts["thread_ts"] = str(body.get("thread_ts") or thread) or None
        if body.get("response_type") == "in_channel":
            self.world.post(channel, BOT_USER, text, **parts)
        else:
            self.world.ephemeral(channel, user_id, text, **parts)

    def _replace_original(self, user_id: str, channel: Channel, body: Json, original: Json) -> None:
        ts = original["ts"]
        if original["ephemeral"]:
            self.world.drop_ephemeral(channel.id, user_id, ts)
            if not body.get("delete_original"):
                self.respond(user_id, channel, body | {"replace_original": False})
            return
        message = self.world.state.message(channel.id, ts)
        if body.get("delete_original"):
            self.world.remove(channel, message)
            return
        blocks = complete(check(body["blocks"])) if body.get("blocks") else None
        self.world.change(channel, message, edited_by=BOT_USER, text=str(body.get("text") or ""), blocks=blocks)

    # ---- finding things

    def _channel(self, user: User, what: Json) -> Channel:
        channel = self.world.state.channels.get(str(what.get("channel", "")))
        if channel is None or user.id not in channel.members:
            raise Refused("channel_not_found", "you are in no such channel")
        return channel

    def _message(self, user: User, channel: Channel, ts: str) -> tuple[Json, bool]:
        found = self.world.state.messages.get(channel.id, {}).get(ts)
        if found is not None:
            return found, False
        for one in self.world.state.ephemerals.get(user.id, []):
            if one["ts"] == ts and one["channel"] == channel.id:
                return one, True
        raise Refused("message_not_found", "that message is no longer there")

    def _view(self, user: User, view_id: str) -> Json:
        found = find_view(self.world, view_id)
        if found is None or found[0] != user.id:
            raise Refused("view_not_found", "that window is no longer open")
        return found[1]

    @staticmethod
    def _named(channel: Channel) -> Json:
        names = {"im": "directmessage", "private": "privategroup"}
        return {"id": channel.id, "name": names.get(channel.kind, channel.name)}
