"""What the workspace emits lies within Slack's own samples: known keys, known types. Skipped where they are not."""

import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.workspace.hands import Hands
from bot.workspace.methods import METHODS
from bot.workspace.server import Server

from .conftest import Recorder

Json = dict[str, Any]
SAMPLES = Path(os.environ.get("SHARED_DIR") or Path(__file__).parents[3] / "shared") / "slack" / "samples"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"SLACK'S SAMPLES ARE NOT THERE: looked in {SAMPLES}"),
]
FREE = {"blocks", "event_payload", "values", "state", "options"}
"""Shapes that the app decides."""


def outside(value: Any, sample: Any, path: str = "") -> Iterator[str]:
    """Where a value leaves its sample. Null is allowed everywhere; a blank or empty sample allows any of its type."""
    if value is None:
        return
    if isinstance(value, dict) and isinstance(sample, dict):
        for key, part in value.items():
            if key not in sample:
                yield f"{path}.{key} is not in the sample"
            elif key not in FREE:
                yield from outside(part, sample[key], f"{path}.{key}")
    elif isinstance(value, list) and isinstance(sample, list):
        for at, part in enumerate(value if sample else []):
            ways = [list(outside(part, one, f"{path}[{at}]")) for one in sample]
            yield from min(ways, key=len)
    elif not same_type(value, sample):
        yield f"{path} is {type(value).__name__}, the sample has {type(sample).__name__}"


def same_type(value: Any, sample: Any) -> bool:
    numbers = (int, float)
    if isinstance(value, bool) or isinstance(sample, bool):
        return isinstance(value, bool) and isinstance(sample, bool)
    return type(value) is type(sample) or (isinstance(value, numbers) and isinstance(sample, numbers))


def hold(value: Json, sample: str, *known: str) -> None:
    """`known` are the few keys that Slack documents and the sample lacks."""
    with (SAMPLES / f"{sample}.json").open(encoding="utf-8") as file:
        found = [line for line in outside(value, json.load(file)) if not any(f"{key} is not" in line for key in known)]
    assert not found, (sample, found)


BUTTONS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}},
    {
        "type": "actions",
        "block_id": "b",
        "elements": [{"type": "button", "action_id": "go", "value": "1", "text": {"type": "plain_text", "text": "Go"}}],
    },
]
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        }
    ],
}


CLIENT = ("event.client_msg_id",)


def test_events(recorder: Recorder, client: WebClient, mia: Hands) -> None:
    ts = mia.say("C0HELP", "@understudy hello")
    both = {event["event"]["type"]: event for event in (recorder.next(), recorder.next())}
    hold(both["message"], "events/MessagePayload")
    hold(both["app_mention"], "events/AppMentionPayload")
    mia.edit("C0HELP", ts, "changed")
    hold(recorder.next(), "events/MessageChangedPayload")
    mia.react("C0HELP", ts, "eyes")
    hold(recorder.next(), "events/ReactionAddedPayload")
    mia.react("C0HELP", ts, "eyes")
    hold(recorder.next(), "events/ReactionRemovedPayload")
    mia.say("C0HELP", "reply", ts)
    hold(recorder.next(), "events/MessagePayload")
    mia.delete("C0HELP", ts)
    hold(recorder.next(), "events/MessageDeletedPayload")
    client.chat_postMessage(
        channel="D0MIA", text="x", blocks=BUTTONS, metadata={"event_type": "t", "event_payload": {}}
    )
    hold(recorder.next(), "events/MessagePayload", "metadata.event_payload")
    mia.upload("D0MIA", "a.png", b"\x89PNG")
    hold(recorder.next(), "events/MessageFileSharePayload", "event.team")
    mia.upload("D0MIA", "voice.wav", b"RIFF", said="where is it")
    hold(recorder.next(), "events/MessageFileSharePayload", "event.team")
    client.views_publish(user_id="U0MIA", view={"type": "home", "blocks": BUTTONS})
    mia.act("home")
    hold(recorder.next(), "events/AppHomeOpenedPayload", "view.blocks")
    mia.act("invite", channel="C0GENERAL", invitee="U0TOM")
    with Hands(mia.url, "U0AGENT") as alex:
        alex.act("invite", channel="C0AGENTS", invitee="U0TOM")
    hold(recorder.next(), "events/MessageChannelJoinPayload", *CLIENT)
    hold(recorder.next(), "events/MemberJoinedChannelPayload")
    root = mia.say("C0HELP", "root")
    recorder.next()
    mia.act("say", channel="C0HELP", text="heard by all", thread_ts=root, broadcast=True)
    hold(recorder.next(), "events/MessageThreadBroadcastPayload", *CLIENT)
    client.files_upload_v2(channel="D0MIA", content=b"x", filename="week.png", alt_txt="The week")
    # The sample is that of a person.
    hold(recorder.next(), "events/MessageFileSharePayload", "event.team", "event.bot_id", "event.bot_profile")


def test_interactions(recorder: Recorder, client: WebClient, mia: Hands) -> None:
    client.chat_postMessage(channel="D0MIA", text="hi", blocks=BUTTONS)
    recorder.next()
    message = mia.wait_message(lambda one: one["text"] == "hi")
    mia.click(message, "go")
    click = recorder.next()
    hold(click, "app-backend/interactive-components/BlockActionPayload")
    client.views_open(trigger_id=click["trigger_id"], view=MODAL)
    view = mia.wait_view()
    mia.submit(view, {"name": "Mia"})
    hold(recorder.next(), "app-backend/views/ViewSubmissionPayload", "view.blocks", "response_urls")
    mia.shortcut("correct", "D0MIA", message["ts"])
    shortcut = recorder.next()
    hold(shortcut, "app-backend/interactive-components/MessageShortcutPayload")
    client.views_open(trigger_id=shortcut["trigger_id"], view=MODAL)
    mia.close_view(mia.wait_view())
    hold(recorder.next(), "app-backend/views/ViewClosedPayload", "view.blocks")
    mia.command("/support status")
    hold(recorder.next(), "app-backend/slash-commands/SlashCommandPayload")


KNOWN = {
    # The sample is that of a refusal.
    "chat.stopStream": ("channel", "ts"),
    "conversations.replies": ("messages[0].client_msg_id",),
    "reactions.get": ("message.thread_ts", "message.parent_user_id", "message.edited"),
}
"""Keys that Slack sends and its samples happen to lack."""


Answers = dict[str, SlackResponse]


def test_responses(ws: Server, recorder: Recorder, client: WebClient, mia: Hands) -> None:
    answers = usual(ws, recorder, client, mia)
    mia.close_view(mia.wait_view())
    mia.wait(lambda: not mia.views)
    answers |= seldom(recorder, client, mia)
    for method, answer in answers.items():
        hold(dict(answer.data), f"api/{method}", *KNOWN.get(method, ()))
    assert set(METHODS) == set(answers), "a method whose answer nobody held to Slack's samples"


def trigger(recorder: Recorder) -> str:
    return next(str(one["trigger_id"]) for one in iter(recorder.next, None) if "trigger_id" in one)


def seldom(recorder: Recorder, client: WebClient, mia: Hands) -> Answers:
    root = mia.say("D0MIA", "root")
    place = {"channel_id": "D0MIA", "thread_ts": root}
    stream = client.chat_startStream(channel="D0MIA", thread_ts=root, markdown_text="a")
    prompts = [{"title": "Where?", "message": "Where is it?"}]
    mia.shortcut("correct", "D0MIA", root)
    clickable = MODAL | {"blocks": [*MODAL["blocks"], BUTTONS[1]]}
    view = client.views_open(trigger_id=trigger(recorder), view=clickable)["view"]["id"]
    mia.click(mia.wait_view(), "go")
    file = client.files_getUploadURLExternal(filename="a.txt", length=3)
    urllib.request.urlopen(urllib.request.Request(file["upload_url"], b"abc"), timeout=5).close()
    mia.act("leave", channel="C0HELP")
    return {
        "api.test": client.api_test(),
        "assistant.threads.setStatus": client.assistant_threads_setStatus(**place, status="thinks"),
        "assistant.threads.setSuggestedPrompts": client.assistant_threads_setSuggestedPrompts(**place, prompts=prompts),
        "assistant.threads.setTitle": client.assistant_threads_setTitle(**place, title="Parcel"),
        "chat.stopStream": client.chat_stopStream(channel="D0MIA", ts=stream["ts"]),
        "conversations.invite": client.conversations_invite(channel="C0HELP", users="U0MIA"),
        "conversations.join": client.conversations_join(channel="C0GENERAL"),
        "files.completeUploadExternal": client.files_completeUploadExternal(
            files=[{"id": file["file_id"], "title": "A text"}], channel_id="D0MIA"
        ),
        "files.info": client.files_info(file=file["file_id"]),
        "usergroups.users.list": client.usergroups_users_list(usergroup="S0AGENTS"),
        "views.update": client.views_update(view_id=view, view=MODAL),
        "views.push": client.views_push(trigger_id=trigger(recorder), view=MODAL),
        "files.delete": client.files_delete(file=file["file_id"]),
    }


def usual(ws: Server, recorder: Recorder, client: WebClient, mia: Hands) -> Answers:
    ts = mia.say("C0HELP", "root")
    posted = client.chat_postMessage(channel="C0HELP", text="x", blocks=BUTTONS, thread_ts=ts)
    mine, place = {"channel": "C0HELP", "ts": posted["ts"]}, {"channel": "C0HELP", "timestamp": posted["ts"]}
    mia.shortcut("correct", "C0HELP", ts)
    opening = trigger(recorder)
    stream = client.chat_startStream(channel="D0MIA", thread_ts=mia.say("D0MIA", "x"), markdown_text="a")
    return {
        "auth.test": client.auth_test(),
        "apps.connections.open": client.apps_connections_open(app_token=ws.app_token),
        "chat.postMessage": posted,
        "chat.update": client.chat_update(**mine, text="y"),
        "chat.postEphemeral": client.chat_postEphemeral(channel="C0HELP", user="U0MIA", text="x"),
        "chat.getPermalink": client.chat_getPermalink(channel="C0HELP", message_ts=posted["ts"]),
        "chat.startStream": stream,
        "chat.appendStream": client.chat_appendStream(channel="D0MIA", ts=stream["ts"], markdown_text="b"),
        "conversations.info": client.conversations_info(channel="C0HELP"),
        "conversations.list": client.conversations_list(types="public_channel,im"),
        "conversations.members": client.conversations_members(channel="C0HELP"),
        "conversations.open": client.conversations_open(users="U0MIA", return_im=True),
        "conversations.replies": client.conversations_replies(channel="C0HELP", ts=ts),
        "conversations.history": client.conversations_history(channel="C0HELP"),
        "reactions.add": client.reactions_add(**place, name="eyes"),
        "reactions.get": client.reactions_get(**place),
        "reactions.remove": client.reactions_remove(**place, name="eyes"),
        "users.info": client.users_info(user="U0MIA"),
        "users.list": client.users_list(),
        "users.conversations": client.users_conversations(user="U0MIA"),
        "team.info": client.team_info(),
        "bots.info": client.bots_info(bot="B0BOT"),
        "views.open": client.views_open(trigger_id=opening, view=MODAL),
        "views.publish": client.views_publish(user_id="U0MIA", view={"type": "home", "blocks": BUTTONS}),
        "files.getUploadURLExternal": client.files_getUploadURLExternal(filename="a.txt", length=3),
        "chat.delete": client.chat_delete(**mine),
    }
