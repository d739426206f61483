"""What people do with messages and channels, without the app's help."""

from collections.abc import Awaitable, Callable

from .errors import Refused, SlackError
from .files import LARGEST_FILE, make_file, measure, speak, transcript
from .interactions import Interactions
from .state import BOT_USER, Channel, Json, User
from .text import encode
from .world import World

LONGEST = 40_000
HOME_ONLY = ("home", "messages_tab", "command", "shortcut")
Action = Callable[[User, Json], Awaitable[Json]]


class People:
    """The actions of POST /ui/act, by name. Each raises Refused with a sentence for the person."""

    def __init__(self, world: World, app: Interactions) -> None:
        self.world = world
        self.actions: dict[str, Action] = {
            "say": self.say,
            "typing": self.typing,
            "edit": self.edit,
            "delete": self.delete,
            "react": self.react,
            "join": self.join,
            "leave": self.leave,
            "invite": self.invite,
            "home": self.home,
            "messages_tab": self.messages_tab,
            "click": app.click,
            "options": app.options,
            "command": app.command,
            "shortcut": app.shortcut,
            "submit": app.submit,
            "close": app.close,
        }

    async def act(self, what: Json) -> Json:
        """Do what the page asks; the answer of POST /ui/act."""
        user = self.world.state.users.get(str(what.get("user", "")))
        action = self.actions.get(str(what.get("do", "")))
        try:
            if user is None or user.is_bot:
                raise Refused("user_not_found", "nobody of that name works here")
            if user is not None and not user.has_app and self._needs_the_app_at_home(what):
                raise Refused("app_not_installed", "the app is not installed in your own company's workspace")
            if action is None:
                raise Refused("unknown_action", f"expected one of {', '.join(self.actions)}, found {what.get('do')!r}")
            return {"ok": True} | await action(user, what)
        except Refused as error:
            return {"ok": False, "error": error.code, "message": error.message}
        except SlackError as error:
            return {"ok": False, "error": error.code, "message": error.code.replace("_", " ")}

    def _needs_the_app_at_home(self, what: Json) -> bool:
        """Slack Connect: somebody of another company has the shared channels, with messages and buttons, alone."""
        alone = self.world.state.channels.get(str(what.get("channel", "")))
        return what.get("do") in HOME_ONLY or (alone is not None and alone.kind == "im")

    def _channel(self, user: User, what: Json) -> Channel:
        channel = self.world.state.channels.get(str(what.get("channel", "")))
        if channel is None or user.id not in channel.members:
            raise Refused("channel_not_found", "you are in no such channel")
        return channel

    def _text(self, what: Json) -> str:
        text = str(what.get("text", "")).strip("\n")
        if not text.strip():
            raise Refused("no_text", "there is nothing to send")
        if len(text) > LONGEST:
            raise Refused("msg_too_long", f"a message has at most {LONGEST} characters, this one has {len(text)}")
        state = self.world.state
        return encode(text, state.names(), state.rooms())

    def _thread(self, channel: Channel, what: Json) -> str | None:
        ts = str(what.get("thread_ts") or "")
        if not ts:
            return None
        root = self.world.state.messages.get(channel.id, {}).get(ts)
        if root is None:
            raise Refused("thread_not_found", "that thread is no longer there")
        return str(root.get("thread_ts") or ts)

    def _own(self, user: User, what: Json) -> tuple[Channel, Json]:
        channel = self._channel(user, what)
        message = self.world.state.messages.get(channel.id, {}).get(str(what.get("ts", "")))
        if message is None or message["user"] != user.id:
            raise Refused("message_not_found", "only a message of your own can be changed")
        return channel, message

    async def say(self, user: User, what: Json) -> Json:
        channel = self._channel(user, what)
        thread = self._thread(channel, what)
        subtype = "thread_broadcast" if thread and what.get("broadcast") else None
        message = self.world.post(channel, user.id, self._text(what), thread_ts=thread, subtype=subtype)
        return {"ts": message["ts"]}

    async def typing(self, user: User, what: Json) -> Json:
        """Seen by the channel's other people; the app is not told, as in Slack's Events API."""
        channel = self._channel(user, what)
        others = [one for one in channel.members if one != user.id]
        event = {"type": "typing", "channel": channel.id, "user": user.id, "thread_ts": self._thread(channel, what)}
        self.world.pages.tell(others, event)
        return {}

    async def edit(self, user: User, what: Json) -> Json:
        channel, message = self._own(user, what)
        text = self._text(what)
        if text != message["text"]:
            self.world.change(channel, message, edited_by=user.id, text=text)
        return {}

    async def delete(self, user: User, what: Json) -> Json:
        self.world.remove(*self._own(user, what))
        return {}

    async def react(self, user: User, what: Json) -> Json:
        channel = self._channel(user, what)
        message = self.world.state.message(channel.id, str(what.get("ts", "")))
        name = str(what.get("name", "")).strip(":")
        if not name:
            raise Refused("invalid_name", "which reaction?")
        on = self.world.react(channel, message, user.id, name, True)
        if not on:
            self.world.react(channel, message, user.id, name, False)
        return {"on": on}

    async def join(self, user: User, what: Json) -> Json:
        channel = self.world.state.channels.get(str(what.get("channel", "")))
        if channel is None or channel.kind != "channel":
            raise Refused("channel_not_found", "there is no such public channel")
        self.world.join(channel, user.id)
        return {}

    async def leave(self, user: User, what: Json) -> Json:
        channel = self._channel(user, what)
        if channel.kind == "im":
            raise Refused("cant_leave", "direct messages cannot be left")
        channel.members.remove(user.id)
        self.world.dirty = True
        return {}

    async def invite(self, user: User, what: Json) -> Json:
        channel = self._channel(user, what)
        invitee = str(what.get("invitee", ""))
        if channel.kind == "im" or invitee not in self.world.state.users:
            raise Refused("user_not_found", "nobody of that name works here")
        self.world.join(channel, invitee, inviter=user.id)
        return {}

    async def home(self, user: User, what: Json) -> Json:
        return self._opened(user, "home")

    async def messages_tab(self, user: User, what: Json) -> Json:
        return self._opened(user, "messages")

    def _opened(self, user: User, tab: str) -> Json:
        event: Json = {"type": "app_home_opened", "user": user.id, "channel": self.world.state.im_of(user.id).id}
        event |= {"tab": tab, "event_ts": self.world.state.clock.ts()}
        view = self.world.state.homes.get(user.id)
        self.world.event("app_home_opened", event | ({"view": view} if view and tab == "home" else {}))
        return {}

    def upload(self, user: User, what: Json, contents: bytes) -> Json:
        """A file_share message; or with `hold`, a file that a later upload's `with` sends along. Raises Refused.

        With `said` it is a voice clip, and these are the words in it.
        """
        channel = self._channel(user, what)
        if not contents:
            raise Refused("file_upload_size_restricted", "an empty file cannot be sent")
        if len(contents) > LARGEST_FILE:
            raise Refused("file_upload_size_restricted", f"a file has at most {LARGEST_FILE // 10**6} MB")
        files = self._held(user, what)
        thread = self._thread(channel, what)
        text = self._text(what) if str(what.get("text", "")).strip() else ""
        file = make_file(self.world.url, str(what.get("name") or "file"), len(contents), user.id)
        measure(file, contents)
        if said := str(what.get("said") or "").strip():
            words = make_file(self.world.url, "transcript.vtt", len(said), user.id)
            self._keep(words, transcript(said))
            speak(file, said, words["url_private"])
        self._keep(file, contents)
        if what.get("hold"):
            return {"file_id": file["id"]}
        files.append(file)
        message = self.world.post(channel, user.id, text, subtype="file_share", files=files, thread_ts=thread)
        return {"ts": message["ts"], "file_id": file["id"]}

    def _keep(self, file: Json, contents: bytes) -> None:
        self.world.state.files[file["id"]] = file
        self.world.state.contents[file["id"]] = contents

    def _held(self, user: User, what: Json) -> list[Json]:
        ids = [one for one in str(what.get("with") or "").split(",") if one]
        found = [self.world.state.files.get(one) for one in ids]
        files = [file for file in found if file is not None and file["user"] == user.id]
        if len(files) < len(ids):
            raise Refused("file_not_found", "one of the files is no longer there")
        return files

    def snapshot(self, user: User) -> Json:
        """Everything a page shows to begin with."""
        state, manifest = self.world.state, self.world.manifest
        rooms = [channel for channel in state.channels.values() if user.id in channel.members]
        ids = {channel.id for channel in rooms}
        ephemerals: dict[str, list[Json]] = {}
        for one in state.ephemerals.get(user.id, []):
            ephemerals.setdefault(one["channel"], []).append(one)
        bot = state.users[BOT_USER]
        return {
            "type": "snapshot",
            "me": user.id,
            "team": {"id": user.team_id, "name": "Marlow & Finch (local)", "domain": "local"},
            "app": {
                "id": "A0LOCAL",
                "name": manifest.name,
                "bot_user_id": bot.id,
                "bot_id": "B0BOT",
                "connected": self.world.connected,
            },
            "users": [self.person(one) for one in state.users.values()],
            "channels": [self.world.channel_for_page(channel, user.id) for channel in rooms],
            "messages": {channel.id: list(state.messages.get(channel.id, {}).values()) for channel in rooms},
            "ephemerals": ephemerals,
            "home": state.homes.get(user.id),
            "views": state.modals.get(user.id, []),
            "statuses": [one for key, one in state.statuses.items() if key[0] in ids],
            "prompts": self._prompts(user, ids),
            "commands": [dict(command) for command in manifest.commands],
            "shortcuts": [dict(shortcut) for shortcut in manifest.shortcuts],
            "largest_file": LARGEST_FILE,
            "pictures": self.pictures(),
        }

    def pictures(self) -> list[str]:
        """Names of the pictures that the page offers to attach."""
        folder = self.world.pictures
        return sorted(path.name for path in folder.glob("*.png")) if folder is not None else []

    def _prompts(self, user: User, channels: set[str]) -> list[Json]:
        """Those the app has set, or those of its manifest."""
        found = [one for key, one in self.world.state.prompts.items() if key[0] in channels]
        if found or not self.world.manifest.prompts:
            return found
        prompts = [dict(prompt) for prompt in self.world.manifest.prompts]
        return [{"channel": self.world.state.im_of(user.id).id, "thread_ts": None, "title": "", "prompts": prompts}]

    @staticmethod
    def person(user: User) -> Json:
        keys = ("id", "name", "real_name", "is_bot", "is_admin", "role", "team_id", "color")
        return {key: getattr(user, key) for key in keys}
