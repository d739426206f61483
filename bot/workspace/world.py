"""The workspace as one thing: what happens in it reaches the pages and the bot."""

from pathlib import Path
from typing import Any

from .faults import Faults
from .http_mode import HttpMode
from .ids import fresh
from .manifest import Manifest
from .pages import Pages
from .payloads import bot_profile, event_callback, inner_message, message_event
from .socket_mode import SocketMode
from .state import APP_ID, BOT_ID, BOT_USER, TEAM_ID, Channel, Json, State
from .triggers import Triggers

CHANNEL_TYPES = {"im": "im", "channel": "channel", "private": "group"}
MESSAGE_EVENTS = {"im": "message.im", "channel": "message.channels", "private": "message.groups"}


class World:
    """State, the people's pages and the bot's connections; every change goes through here."""

    def __init__(self, state: State, manifest: Manifest, faults: Faults, url: str = "") -> None:
        self.state = state
        self.manifest = manifest
        self.faults = faults
        self.url = url
        self.pages = Pages()
        self.bot = SocketMode(faults)
        self.bot.on_change = self._bot_changed
        self.http: HttpMode | None = None
        """Set where the app has a request URL: payloads go there and not into the sockets."""
        self.pictures: Path | None = None
        """Folder of those that the page offers to attach."""
        self.triggers = Triggers()
        self.dirty = False

    def _bot_changed(self) -> None:
        self.pages.everybody({"type": "app", "connected": self.connected})

    @property
    def connected(self) -> int:
        """How many ends of the bot there are to deliver to."""
        return 1 if self.http else len(self.bot.connections)

    # ---- to the bot

    async def ask(self, kind: str, payload: Json) -> Json:
        """A command or an interaction; what the bot acknowledged with. Raises Unanswered."""
        return await (self.http or self.bot).ask(kind, payload)

    def event(self, subscription: str, event: Json) -> None:
        """An event of the Events API, where the manifest subscribes to it."""
        if self.manifest.subscribes(subscription):
            (self.http or self.bot).event(event_callback(event, self._shared(event)))

    def _shared(self, event: Json) -> bool:
        """Whether people of another team are in the event's channel (Slack Connect)."""
        channel = self.state.channels.get(str(event.get("channel", "")))
        members = channel.members if channel else []
        return any(self.state.users[one].team_id != TEAM_ID for one in members if one in self.state.users)

    def _message_event(self, channel: Channel, event: Json) -> None:
        if BOT_USER not in channel.members:
            return
        kind = {"channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind]}
        self.event(MESSAGE_EVENTS[channel.kind], event | kind)

    # ---- messages

    def post(self, channel: Channel, user: str, text: str, **extra: Any) -> Json:
        """A new message: stored, shown, and told to the bot. `extra` are further keys of the message."""
        team = self.state.users[user].team_id if user in self.state.users else TEAM_ID
        message: Json = {"type": "message", "user": user, "ts": self.state.clock.ts(), "team": team, "text": text}
        if team != TEAM_ID:
            message |= {"user_team": team, "source_team": team}
        if user == BOT_USER:
            message |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": bot_profile(self.manifest.name)}
        elif not extra.get("subtype"):
            message["client_msg_id"] = fresh("").lower()
        message |= {key: value for key, value in extra.items() if value is not None}
        self.state.messages.setdefault(channel.id, {})[message["ts"]] = message
        self._show("message", channel, message)
        self._replied(channel, message)
        root = self.state.messages[channel.id].get(message.get("thread_ts", ""))
        self._message_event(channel, message_event(message, root))
        mentioned = f"<@{BOT_USER}>" in text and user != BOT_USER
        if mentioned and channel.kind != "im" and BOT_USER in channel.members:
            self.event("app_mention", message_event(message) | {"type": "app_mention", "channel": channel.id})
        return message

    def _replied(self, channel: Channel, message: Json) -> None:
        root = self.state.messages[channel.id].get(message.get("thread_ts", ""))
        if root is None or root is message:
            return
        message["parent_user_id"] = root["user"]
        root["thread_ts"] = root["ts"]
        root["reply_count"] = root.get("reply_count", 0) + 1
        root["reply_users"] = list(dict.fromkeys([*root.get("reply_users", []), message["user"]]))
        root["reply_users_count"] = len(root["reply_users"])
        root["latest_reply"] = message["ts"]
        self._show("message_changed", channel, root)
        if message["user"] == BOT_USER:
            self.status(channel, root["ts"], "")

    def _recount_replies(self, channel: Channel, root: Json) -> None:
        """After a deletion: the last reply and who wrote are not to be had by counting down."""
        replies = [
            one
            for one in self.state.messages[channel.id].values()
            if one.get("thread_ts") == root["ts"] and one["ts"] != root["ts"]
        ]
        keys = ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
        if replies:
            users = list(dict.fromkeys(one["user"] for one in replies))
            values = (root["ts"], len(replies), users, len(users), replies[-1]["ts"])
            root.update(zip(keys, values, strict=True))
        else:
            for key in keys:
                root.pop(key, None)
        self._show("message_changed", channel, root)

    def change(self, channel: Channel, message: Json, *, edited_by: str = "", tell: bool = True, **new: Any) -> None:
        """Edit in place. A value of None takes the key away."""
        before = dict(message)
        for key, value in new.items():
            message.pop(key, None) if value is None else message.__setitem__(key, value)
        if edited_by:
            message["edited"] = {"user": edited_by, "ts": self.state.clock.ts()}
        self._show("message_changed", channel, message)
        if tell:
            changed = {"type": "message", "subtype": "message_changed", "hidden": True}
            changed |= {"message": inner_message(message), "previous_message": inner_message(before)}
            self._message_event(channel, self._stamped(changed))

    def remove(self, channel: Channel, message: Json) -> None:
        """Delete. A root that has replies stays as a tombstone until the last of them has gone, as in Slack."""
        before = inner_message(message)
        if message.get("reply_count"):
            for key in ("blocks", "metadata", "files", "edited", "reactions"):
                message.pop(key, None)
            message |= {
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "user": "USLACKBOT",
                "hidden": True,
            }
            self._show("message_changed", channel, message)
        else:
            self._drop(channel, message)
            root = self.state.messages[channel.id].get(message.get("thread_ts", ""))
            if root is not None and root is not message:
                self._recount_replies(channel, root)
                if root.get("subtype") == "tombstone" and not root.get("reply_count"):
                    self._drop(channel, root)
        deleted = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": before["ts"]}
        self._message_event(channel, self._stamped(deleted | {"previous_message": before}))

    def _drop(self, channel: Channel, message: Json) -> None:
        del self.state.messages[channel.id][message["ts"]]
        self._tell(channel, {"type": "message_deleted", "channel": channel.id, "ts": message["ts"], "message": message})

    def _stamped(self, event: Json) -> Json:
        stamp = self.state.clock.ts()
        return event | {"ts": stamp, "event_ts": stamp}

    def react(self, channel: Channel, message: Json, user: str, name: str, on: bool) -> bool:
        """Add or take away a reaction. False when it already was so."""
        reactions: list[Json] = message.setdefault("reactions", [])
        found = next((one for one in reactions if one["name"] == name), None)
        if (found is not None and user in found["users"]) == on:
            return False
        if found is None:
            found = {"name": name, "users": [], "count": 0}
            reactions.append(found)
        found["users"].append(user) if on else found["users"].remove(user)
        found["count"] = len(found["users"])
        message["reactions"] = [one for one in reactions if one["users"]]
        if not message["reactions"]:
            del message["reactions"]
        self._show("message_changed", channel, message)
        kind = "reaction_added" if on else "reaction_removed"
        item = {"type": "message", "channel": channel.id, "ts": message["ts"]}
        event = {"type": kind, "user": user, "reaction": name, "item": item, "item_user": message["user"]}
        if BOT_USER in channel.members:
            self.event(kind, event | {"event_ts": self.state.clock.ts()})
        return True

    # ---- what is not stored with the messages

    def ephemeral(self, channel: Channel, user: str, text: str, **extra: Any) -> Json:
        """For one person's eyes, until the server stops."""
        message: Json = {"type": "message", "subtype": "bot_message", "user": BOT_USER, "bot_id": BOT_ID}
        message |= {"ts": self.state.clock.ts(), "text": text, "team": TEAM_ID, "channel": channel.id}
        message |= {key: value for key, value in extra.items() if value is not None} | {"ephemeral": True}
        self.state.ephemerals.setdefault(user, []).append(message)
        self.pages.tell([user], {"type": "ephemeral", "channel": channel.id, "message": message})
        return message

    def drop_ephemeral(self, channel_id: str, user: str, ts: str) -> None:
        kept = [one for one in self.state.ephemerals.get(user, []) if one["ts"] != ts]
        self.state.ephemerals[user] = kept
        self.pages.tell([user], {"type": "ephemeral_deleted", "channel": channel_id, "ts": ts})

    def status(self, channel: Channel, thread_ts: str, text: str, loading: list[str] | None = None) -> None:
        """The app's status line in a thread; an empty text clears it."""
        key = (channel.id, thread_ts)
        known = self.state.statuses.pop(key, None)
        if not text and known is None:
            return
        status = {"channel": channel.id, "thread_ts": thread_ts, "text": text, "loading_messages": loading or []}
        if text:
            self.state.statuses[key] = status
        self._tell(channel, {"type": "status"} | status)

    def join(self, channel: Channel, user: str, inviter: str = "") -> None:
        """Make somebody a member; says so in the channel and to the bot."""
        if user in channel.members:
            return
        channel.members.append(user)
        self._tell(channel, {"type": "channel", "channel": self.channel_for_page(channel, user)})
        for message in self.state.messages.get(channel.id, {}).values():
            self.pages.tell([user], {"type": "message", "channel": channel.id, "message": message})
        self.post(channel, user, f"<@{user}> has joined the channel", subtype="channel_join")
        if BOT_USER in channel.members and self.manifest.allows("channels:read"):
            letter = "C" if channel.kind == "channel" else "G"
            event = {"type": "member_joined_channel", "user": user, "channel": channel.id, "channel_type": letter}
            event |= {"team": TEAM_ID, "event_ts": self.state.clock.ts()}
            self.event("member_joined_channel", event | ({"inviter": inviter} if inviter else {}))

    # ---- to the pages

    def _show(self, kind: str, channel: Channel, message: Json) -> None:
        # A copy: the event is written out later, and by then the message may have changed again.
        self._tell(channel, {"type": kind, "channel": channel.id, "message": dict(message)})

    def _tell(self, channel: Channel, event: Json) -> None:
        self.dirty = True
        self.pages.tell(channel.members, event)

    def channel_for_page(self, channel: Channel, user: str) -> Json:
        other = next((member for member in channel.members if member != user), user)
        name = self.state.users[other].real_name if channel.kind == "im" and other in self.state.users else channel.name
        shown: Json = {"id": channel.id, "name": name, "kind": channel.kind, "topic": channel.topic}
        shown["members"] = list(channel.members)
        return shown | ({"user": other} if channel.kind == "im" else {})
