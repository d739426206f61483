"""What the workspace remembers: a team, its people, channels and messages.

Everything happens on the server's one event loop, and nothing here waits, so each change is whole without a lock.
"""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from .errors import SlackError
from .ids import Clock

Json = dict[str, Any]

TEAM_ID, TEAM_NAME, DOMAIN = "T0LOCAL", "Marlow & Finch (local)", "local"
APP_ID, BOT_USER, BOT_ID = "A0LOCAL", "U0BOT", "B0BOT"
COLOURS = ("8f4a2a", "2a6f8f", "3d7a3d", "7a3d77", "8a7a1f", "444f8f")


@dataclass
class User:
    id: str
    name: str
    real_name: str
    role: str = "customer"
    is_admin: bool = False
    team_id: str = TEAM_ID
    color: str = COLOURS[0]
    has_app: bool = True
    """Whether the app is installed in this person's own workspace; of another team's people it may not be."""

    @property
    def is_bot(self) -> bool:
        return self.role == "bot"


@dataclass
class Channel:
    id: str
    name: str
    kind: str = "channel"
    """channel, private or im"""
    members: list[str] = field(default_factory=list)
    topic: str = ""
    user: str = ""
    """The person of an im, whose other side is the bot."""
    created: int = 1_767_225_600


@dataclass
class State:
    """Plain values, saved and read back whole by `store`."""

    clock: Clock = field(default_factory=Clock)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, dict[str, Json]] = field(default_factory=dict)
    """channel -> ts -> message, oldest first"""
    ephemerals: dict[str, list[Json]] = field(default_factory=dict)
    """person -> what only he or she sees; each with its channel"""
    homes: dict[str, Json] = field(default_factory=dict)
    modals: dict[str, list[Json]] = field(default_factory=dict)
    """person -> open views, bottom first"""
    statuses: dict[tuple[str, str], Json] = field(default_factory=dict)
    prompts: dict[tuple[str, str], Json] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    """id -> Slack's file object; the bytes are in `contents`"""
    contents: dict[str, bytes] = field(default_factory=dict)
    bot_token: str = field(default_factory=lambda: f"xoxb-local-{secrets.token_hex(8)}")
    app_token: str = field(default_factory=lambda: f"xapp-local-{secrets.token_hex(8)}")

    def channel(self, channel_id: str) -> Channel:
        """Raises channel_not_found."""
        if channel_id not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[channel_id]

    def message(self, channel_id: str, ts: str) -> Json:
        """Raises message_not_found."""
        found = self.messages.get(channel_id, {}).get(ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def im_of(self, user_id: str) -> Channel:
        """The direct messages between a person and the bot; made when first asked for."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.user == user_id:
                return channel
        channel = Channel(f"D0{user_id[2:]}", "", "im", [user_id, BOT_USER], user=user_id)
        self.channels[channel.id] = channel
        return channel

    def names(self) -> dict[str, str]:
        """Lower-case names -> user ids, for mentions."""
        found: dict[str, str] = {}
        for user in self.users.values():
            for name in (user.real_name.split()[0], user.real_name.replace(" ", ""), user.name):
                found[name.lower()] = user.id
        return found

    def rooms(self) -> dict[str, str]:
        """Names of public channels -> ids."""
        return {channel.name: channel.id for channel in self.channels.values() if channel.kind == "channel"}

    def add_user(self, real_name: str, role: str = "customer", team_id: str = TEAM_ID, has_app: bool = True) -> User:
        """Somebody new, who joins the public channels and has a DM with the bot."""
        name = real_name.lower().replace(" ", ".")
        user_id = f"U0{''.join(letter for letter in real_name.upper() if letter.isalnum())[:6]}{len(self.users)}"
        colour = COLOURS[len(self.users) % len(COLOURS)]
        user = User(user_id, name, real_name, role, team_id=team_id, color=colour, has_app=has_app)
        self.users[user.id] = user
        for channel in self.channels.values():
            if channel.kind == "channel" or (role == "agent" and channel.kind == "private"):
                channel.members.append(user.id)
        self.im_of(user.id)
        return user


def new_state(app_name: str = "Understudy") -> State:
    """The little firm that everybody starts with."""
    state = State()
    people = [
        User("U0MIA", "mia", "Mia Chen", color=COLOURS[0]),
        User("U0TOM", "tom", "Tom Okafor", color=COLOURS[1]),
        User("U0AGENT", "alex", "Alex Reed", "agent", is_admin=True, color=COLOURS[2]),
        User(BOT_USER, app_name.lower().replace(" ", ""), app_name, "bot", color=COLOURS[3]),
    ]
    everybody = [user.id for user in people]
    rooms = [
        Channel("C0GENERAL", "general", members=list(everybody), topic="The whole firm"),
        Channel("C0HELP", "help", members=list(everybody), topic="Ask here, mention the bot"),
        Channel("C0AGENTS", "support-agents", "private", ["U0AGENT", BOT_USER], "Cases that want a person"),
        Channel("D0MIA", "", "im", ["U0MIA", BOT_USER], user="U0MIA"),
        Channel("D0TOM", "", "im", ["U0TOM", BOT_USER], user="U0TOM"),
        Channel("D0ALEX", "", "im", ["U0AGENT", BOT_USER], user="U0AGENT"),
    ]
    state.users = {user.id: user for user in people}
    state.channels = {channel.id: channel for channel in rooms}
    state.messages = {channel.id: {} for channel in rooms}
    return state


def as_json(state: State) -> Json:
    """What outlives a restart: no open modal, no status, no ephemeral message."""
    return {
        "last": state.clock.last,
        "users": [asdict(user) for user in state.users.values()],
        "channels": [asdict(channel) for channel in state.channels.values()],
        "messages": {channel: list(found.values()) for channel, found in state.messages.items()},
        "homes": state.homes,
        "files": state.files,
        "bot_token": state.bot_token,
        "app_token": state.app_token,
    }


def from_json(data: Json) -> State:
    return State(
        clock=Clock(int(data["last"])),
        users={row["id"]: User(**row) for row in data["users"]},
        channels={row["id"]: Channel(**row) for row in data["channels"]},
        messages={channel: {row["ts"]: row for row in rows} for channel, rows in data["messages"].items()},
        homes=data["homes"],
        files=data["files"],
        bot_token=data["bot_token"],
        app_token=data["app_token"],
    )
