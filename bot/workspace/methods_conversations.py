"""conversations.*: rooms, who is in them, what was said."""

from .errors import SlackError
from .payloads import stored_message
from .state import BOT_USER, TEAM_ID, Channel, Json
from .web_api import HISTORY_SCOPES, READ_SCOPES, Call

TYPES = {"channel": "public_channel", "private": "private_channel", "im": "im"}


def describe(channel: Channel) -> Json:
    """Slack's conversation object."""
    common: Json = {"id": channel.id, "created": channel.created, "is_archived": False, "is_org_shared": False}
    common["context_team_id"] = TEAM_ID
    if channel.kind == "im":
        return common | {"is_im": True, "user": channel.user}
    topic = {"value": channel.topic, "creator": "U0AGENT", "last_set": channel.created}
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_general": channel.id == "C0GENERAL",
        "is_member": BOT_USER in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "creator": "U0AGENT",
        "topic": topic,
        "purpose": topic | {"value": ""},
    }


def visible(call: Call) -> list[Channel]:
    """The conversations of the wanted types that the app may know of."""
    types = set((call.text("types") or "public_channel").replace(" ", "").split(","))
    wanted = [kind for kind, name in TYPES.items() if name in types]
    for kind in wanted:
        call.scope(READ_SCOPES[kind])
    found = [channel for channel in call.world.state.channels.values() if channel.kind in wanted]
    return [channel for channel in found if channel.kind == "channel" or BOT_USER in channel.members]


def paged(call: Call, key: str, rows: list[Json], most: int = 1000) -> Json:
    """One page of rows; the cursor is the place of the next row."""
    limit = max(1, min(call.number("limit", 100), most))
    cursor = call.text("cursor")
    if cursor and not cursor.isdigit():
        raise SlackError("invalid_cursor")
    start = int(cursor or 0)
    more = start + limit < len(rows)
    answer: Json = {key: rows[start : start + limit]}
    return answer | {"response_metadata": {"next_cursor": str(start + limit) if more else ""}}


def counted(channel: Channel) -> Json:
    """With the number of members, which Slack gives in conversations.list and where it is asked for."""
    return describe(channel) | ({"num_members": len(channel.members)} if channel.kind != "im" else {})


def list_all(call: Call) -> Json:
    return paged(call, "channels", [counted(channel) for channel in visible(call)])


def of_user(call: Call) -> Json:
    """users.conversations: those a person (or the bot) is in."""
    user = call.text("user") or BOT_USER
    if user not in call.world.state.users:
        raise SlackError("user_not_found")
    page = paged(call, "channels", [describe(one) for one in visible(call) if user in one.members])
    for row in page["channels"]:
        row.pop("is_member", None)  # Slack leaves it out of this method alone
    return page


def info(call: Call) -> Json:
    channel = call.channel(scopes=READ_SCOPES)
    if channel.kind != "channel" and BOT_USER not in channel.members:
        raise SlackError("channel_not_found")
    described = counted(channel) if call.flag("include_num_members") else describe(channel)
    return {"channel": described}


def members(call: Call) -> Json:
    channel = call.channel(scopes=READ_SCOPES)
    if channel.kind == "private" and BOT_USER not in channel.members:
        raise SlackError("channel_not_found")
    page = paged(call, "members", [{"id": member} for member in channel.members])
    return page | {"members": [row["id"] for row in page["members"]]}


def _readable(call: Call) -> Channel:
    channel = call.channel(scopes=HISTORY_SCOPES)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel" if channel.kind == "channel" else "channel_not_found")
    return channel


def _window(call: Call, rows: list[Json]) -> list[Json]:
    oldest, latest, inclusive = call.text("oldest") or "0", call.text("latest"), call.flag("inclusive")

    def inside(ts: str) -> bool:
        low, high = float(ts) - float(oldest), (float(latest) - float(ts)) if latest else 1.0
        return (low >= 0 and high >= 0) if inclusive else (low > 0 and high > 0)

    try:
        return [row for row in rows if inside(row["ts"])]
    except ValueError:
        raise SlackError("invalid_ts_latest" if latest else "invalid_ts_oldest") from None


def history(call: Call) -> Json:
    channel = _readable(call)
    rows = call.world.state.messages.get(channel.id, {}).values()
    tops = [
        row for row in rows if row.get("thread_ts") in (None, row["ts"]) or row.get("subtype") == "thread_broadcast"
    ]
    page = paged(call, "messages", [stored_message(row) for row in reversed(_window(call, tops))])
    more = bool(page["response_metadata"]["next_cursor"])
    answer = page | {"has_more": more, "pin_count": 0}
    if not more:
        del answer["response_metadata"]
    return answer


def replies(call: Call) -> Json:
    channel = _readable(call)
    ts = call.text("ts")
    found = call.world.state.messages.get(channel.id, {})
    if ts not in found:
        raise SlackError("thread_not_found")
    root = found[ts].get("thread_ts", ts)
    rows = [row for row in found.values() if row["ts"] == root or row.get("thread_ts") == root]
    kept = [row for row in rows if row["ts"] == root] + _window(call, [row for row in rows if row["ts"] != root])
    page = paged(call, "messages", [stored_message(row) for row in kept])
    more = bool(page["response_metadata"]["next_cursor"])
    return page | {"has_more": more} if more else {"messages": page["messages"], "has_more": False}


def open_im(call: Call) -> Json:
    call.scope("im:write")
    state = call.world.state
    if call.text("channel"):
        channel = state.channel(call.text("channel"))
        return {"channel": describe(channel)}
    users = [name for name in call.text("users").replace(" ", "").split(",") if name]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    if users[0] not in state.users:
        raise SlackError("user_not_found")
    known = any(one.kind == "im" and one.user == users[0] for one in state.channels.values())
    channel = state.im_of(users[0])
    shown = describe(channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if known else {})


def join(call: Call) -> Json:
    call.scope("channels:join")
    channel = call.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type" if channel.kind == "im" else "channel_not_found")
    already = BOT_USER in channel.members
    call.world.join(channel, BOT_USER)
    return {"channel": describe(channel)} | ({"warning": "already_in_channel"} if already else {})


def invite(call: Call) -> Json:
    channel = call.channel()
    call.scope("channels:manage" if channel.kind == "channel" else "groups:write")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    users = [name for name in call.text("users").replace(" ", "").split(",") if name]
    if not users:
        raise SlackError("no_user")
    for user in users:
        if user not in call.world.state.users:
            raise SlackError("user_not_found")
        if user in channel.members:
            raise SlackError("already_in_channel")
    for user in users:
        call.world.join(channel, user, inviter=BOT_USER)
    return {"channel": describe(channel)}
