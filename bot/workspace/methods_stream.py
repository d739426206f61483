"""chat.startStream, appendStream, stopStream: a message that grows before the reader's eyes."""

from typing import Any

from .blocks import check, complete
from .errors import SlackError
from .methods_chat import LONGEST_MARKDOWN, metadata, own_message, target, thread
from .state import BOT_USER, TEAM_ID, Json
from .web_api import Call


def start(call: Call) -> Json:
    channel = target(call)
    if channel.kind != "im":
        user, team = call.text("recipient_user_id"), call.text("recipient_team_id")
        if not user:
            raise SlackError("missing_recipient_user_id")
        if not team:
            raise SlackError("missing_recipient_team_id")
        if user not in call.world.state.users:
            raise SlackError("user_not_found")
        if team != call.world.state.users[user].team_id and team != TEAM_ID:
            raise SlackError("team_not_found")
    call.need("thread_ts")
    parts = grown(call, {"text": ""})
    root = thread(call, channel)
    message = call.world.post(channel, BOT_USER, **parts, thread_ts=root, streaming=True, markdown=True)
    return {"channel": channel.id, "ts": message["ts"]}


def append(call: Call) -> Json:
    channel, message = own_message(call, "message_not_owned_by_app")
    if not message.get("streaming"):
        raise SlackError("message_not_in_streaming_state")
    if not (call.args.get("chunks") or call.text("markdown_text")):
        raise SlackError("no_text")
    call.world.change(channel, message, tell=False, **grown(call, message))
    return {"channel": channel.id, "ts": message["ts"]}


def stop(call: Call) -> Json:
    channel, message = own_message(call, "message_not_owned_by_app")
    if not message.get("streaming"):
        raise SlackError("message_not_in_streaming_state")
    parts = grown(call, message)
    if call.args.get("blocks"):
        # The words that grew stay above what comes with the end.
        words = [{"type": "markdown", "text": parts["text"]}] if parts["text"] else []
        parts["blocks"] = complete(words) + (parts.get("blocks") or []) + complete(check(call.args["blocks"]))
    if call.args.get("metadata"):
        parts["metadata"] = metadata(call.args["metadata"])
    call.world.change(channel, message, **parts, streaming=None)
    return {"channel": channel.id, "ts": message["ts"]}


def grown(call: Call, message: Json) -> Json:
    """The message's text, tasks and blocks with what this call adds."""
    chunks = call.args.get("chunks") or []
    if not isinstance(chunks, list) or not all(isinstance(chunk, dict) for chunk in chunks):
        raise SlackError("invalid_chunks")
    added = call.text("markdown_text")
    tasks: list[Json] = [dict(task) for task in message.get("tasks") or []]
    blocks: list[Json] = list(message.get("blocks") or [])
    for chunk in chunks:
        added += _chunk(chunk, tasks, blocks)
    if len(added) > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    return {"text": message["text"] + added, "tasks": tasks or None, "blocks": blocks or None}


def _chunk(chunk: Json, tasks: list[Json], blocks: list[Json]) -> str:
    kind: Any = chunk.get("type")
    if kind == "markdown_text":
        return str(chunk.get("text", ""))
    if kind == "task_update":
        tasks[:] = [task for task in tasks if task.get("id") != chunk.get("id")] + [chunk]
    elif kind == "blocks":
        blocks += complete(check(chunk.get("blocks")))
    elif kind != "plan_update":
        raise SlackError("invalid_chunks")
    return ""
