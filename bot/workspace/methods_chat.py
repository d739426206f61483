"""chat.*: posting, editing, deleting."""

from typing import Any

from .blocks import check, complete, invalid
from .errors import SlackError
from .payloads import stored_message
from .state import BOT_USER, Channel, Json
from .web_api import Call

LONGEST, LONGEST_MARKDOWN, LONGEST_METADATA = 40_000, 12_000, 8_000


def target(call: Call) -> Channel:
    """The channel to post to: an id, a person's id (the DM is opened), or a public channel's #name."""
    name = call.text("channel")
    state = call.world.state
    if name in state.users and name != BOT_USER:
        return state.im_of(name)
    named = [one for one in state.channels.values() if one.kind == "channel" and one.name == name.lstrip("#")]
    channel = named[0] if named and name else state.channel(name)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel" if channel.kind == "channel" else "channel_not_found")
    return channel


def content(call: Call) -> Json:
    """text, blocks, attachments, metadata of a call, checked."""
    text, markdown = call.args.get("text"), call.args.get("markdown_text")
    blocks, attachments = call.args.get("blocks"), call.args.get("attachments")
    if markdown is not None and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if not (text or blocks or attachments or markdown):
        raise SlackError("no_text")
    if len(str(text or "")) > LONGEST or len(str(markdown or "")) > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    return {
        "text": str(markdown if markdown is not None else text or ""),
        "blocks": complete(seen(call, check(blocks))) if blocks else None,
        "attachments": attachments or None,
        "metadata": metadata(call.args.get("metadata")),
        "markdown": True if markdown is not None else None,
    }


def seen(call: Call, blocks: list[Json]) -> list[Json]:
    """The same blocks; a picture that they name must be a file that is there, as in Slack."""
    for at, block in enumerate(blocks):
        file = (block.get("slack_file") or {}).get("id") if block["type"] == "image" else None
        if file and file not in call.world.state.files:
            raise invalid([f"invalid slack file [json-pointer:/blocks/{at}/slack_file]"])
    return blocks


def metadata(value: Any) -> Json | None:
    """event_type and event_payload, or nothing."""
    if not value:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if len(str(value)) > LONGEST_METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": value["event_type"], "event_payload": value.get("event_payload") or {}}


def thread(call: Call, channel: Channel) -> str | None:
    """The root of the thread to post in. A reply's ts stands for its thread, as in Slack."""
    ts = call.text("thread_ts")
    if not ts:
        return None
    root = call.world.state.messages.get(channel.id, {}).get(ts)
    if root is None:
        raise SlackError("thread_not_found")
    return str(root.get("thread_ts") or ts)


def post_message(call: Call) -> Json:
    channel = target(call)
    parts = content(call)
    subtype = "thread_broadcast" if call.flag("reply_broadcast") and call.text("thread_ts") else None
    message = call.world.post(channel, BOT_USER, **parts, thread_ts=thread(call, channel), subtype=subtype)
    return {"channel": channel.id, "ts": message["ts"], "message": stored_message(message)}


def own_message(call: Call, refusal: str) -> tuple[Channel, Json]:
    channel = target(call)
    message = call.world.state.message(channel.id, call.text("ts"))
    if message.get("user") != BOT_USER:
        raise SlackError(refusal)
    return channel, message


def update(call: Call) -> Json:
    channel, message = own_message(call, "cant_update_message")
    if message.get("streaming"):
        raise SlackError("streaming_state_conflict")
    parts = content(call)
    if call.args.get("blocks") is None and call.args.get("text"):
        parts["blocks"] = None
    if call.args.get("metadata") is None:
        del parts["metadata"]
    call.world.change(channel, message, edited_by=BOT_USER, **parts)
    # The place of a message stands outside it here, unlike in chat.postMessage.
    place = ("ts", "thread_ts", "parent_user_id", "reply_count", "reply_users", "reply_users_count", "latest_reply")
    done = {key: value for key, value in stored_message(message).items() if key not in place}
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": done}


def delete(call: Call) -> Json:
    channel, message = own_message(call, "cant_delete_message")
    call.world.remove(channel, message)
    return {"channel": channel.id, "ts": call.text("ts")}


def post_ephemeral(call: Call) -> Json:
    channel = target(call)
    user = call.need("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    parts = content(call)
    parts.pop("metadata")
    message = call.world.ephemeral(channel, user, **parts, thread_ts=call.text("thread_ts") or None)
    return {"message_ts": message["ts"]}


def permalink(world_url: str, channel_id: str, message: Json) -> str:
    link = f"{world_url}/archives/{channel_id}/p{message['ts'].replace('.', '')}"
    root = message.get("thread_ts")
    return f"{link}?thread_ts={root}&cid={channel_id}" if root and root != message["ts"] else link


def get_permalink(call: Call) -> Json:
    channel = target(call)
    message = call.world.state.message(channel.id, call.text("message_ts"))
    return {"channel": channel.id, "permalink": permalink(call.world.url, channel.id, message)}
