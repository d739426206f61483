"""reactions, assistant.threads and the three-step file upload."""

from .blocks import check, complete
from .errors import SlackError
from .files import LARGEST_FILE, make_file, told
from .methods_chat import permalink, target
from .payloads import stored_message
from .state import BOT_USER, Json
from .web_api import Call


def reactions_add(call: Call) -> Json:
    if not _react(call, True):
        raise SlackError("already_reacted")
    return {}


def reactions_remove(call: Call) -> Json:
    if not _react(call, False):
        raise SlackError("no_reaction")
    return {}


def _react(call: Call, on: bool) -> bool:
    channel = target(call)
    name = call.text("name").strip(":")
    if not name or len(name) > 100 or any(letter.isspace() for letter in name):
        raise SlackError("invalid_name")
    message = call.world.state.message(channel.id, call.text("timestamp"))
    return call.world.react(channel, message, BOT_USER, name, on)


def reactions_get(call: Call) -> Json:
    channel = target(call)
    message = call.world.state.message(channel.id, call.text("timestamp"))
    link = permalink(call.world.url, channel.id, message)
    return {"type": "message", "channel": channel.id, "message": stored_message(message) | {"permalink": link}}


def set_status(call: Call) -> Json:
    channel = call.channel("channel_id")
    thread = call.need("thread_ts")
    loading = call.args.get("loading_messages") or []
    call.world.status(channel, thread, call.text("status"), [str(line) for line in loading])
    return {}


def set_prompts(call: Call) -> Json:
    channel = call.channel("channel_id")
    prompts = call.args.get("prompts")
    if not isinstance(prompts, list) or not 0 < len(prompts) <= 4:
        raise SlackError.explained("invalid_arguments", "expected one to four prompts")
    if not all(isinstance(one, dict) and one.get("title") and one.get("message") for one in prompts):
        raise SlackError.explained("invalid_arguments", "a prompt has a title and a message")
    thread = call.text("thread_ts")
    shown = {"channel": channel.id, "thread_ts": thread or None, "title": call.text("title"), "prompts": prompts}
    call.world.state.prompts[(channel.id, thread)] = shown
    call.world.pages.tell(channel.members, {"type": "prompts"} | shown)
    return {}


def set_title(call: Call) -> Json:
    call.channel("channel_id")
    call.need("thread_ts")
    call.need("title")
    return {}


def upload_url(call: Call) -> Json:
    name, length = call.need("filename"), call.number("length", 0)
    if not 0 < length <= LARGEST_FILE:
        raise SlackError("file_upload_size_restricted" if length > 0 else "invalid_arguments")
    file = make_file(call.world.url, name, length, BOT_USER, call.text("alt_txt"))
    call.world.state.files[file["id"]] = file
    return {"upload_url": f"{call.world.url}/upload/{file['id']}", "file_id": file["id"]}


def complete_upload(call: Call) -> Json:
    state = call.world.state
    files = []
    for row in call.args.get("files") or []:
        file = state.files.get(str(row.get("id"))) if isinstance(row, dict) else None
        if file is None or file["id"] not in state.contents:
            raise SlackError("file_not_found")
        file["title"] = str(row.get("title") or file["name"])
        files.append(file)
    if not files:
        raise SlackError.explained("invalid_arguments", "missing required field: files")
    channel_id = call.text("channel_id") or call.text("channels")
    if channel_id:
        call.args["channel"] = channel_id
        channel, root = target(call), call.text("thread_ts") or None
        blocks = complete(check(call.args["blocks"])) if call.args.get("blocks") else None
        # Slack takes one or the other.
        text = "" if blocks else call.text("initial_comment")
        extra = {"subtype": "file_share", "files": files, "thread_ts": root, "blocks": blocks}
        call.world.post(channel, BOT_USER, text, **extra)
    return {"files": [told(file) for file in files]}


def file_info(call: Call) -> Json:
    file = call.world.state.files.get(call.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    return {"file": told(file)}


def file_delete(call: Call) -> Json:
    if call.world.state.files.pop(call.text("file"), None) is None:
        raise SlackError("file_not_found")
    call.world.state.contents.pop(call.text("file"), None)
    return {}
