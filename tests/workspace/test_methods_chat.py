"""Posting, editing, deleting through the real client, and what is refused."""

import json
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.server import Server

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}


def button(text: str = "Go", **more: Any) -> dict[str, Any]:
    element = {"type": "button", "text": {"type": "plain_text", "text": text}, **more}
    return {"type": "actions", "elements": [element]}


def error_of(call: Any, *args: Any, **kwargs: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    return caught.value.response


def test_post_update_delete(client: WebClient) -> None:
    posted = client.chat_postMessage(channel="C0HELP", text="one", blocks=[SECTION, button()])
    blocks = posted["message"]["blocks"]
    assert blocks[0]["block_id"]
    assert blocks[1]["elements"][0]["action_id"]
    client.chat_update(channel="C0HELP", ts=posted["ts"], text="two")
    rows = client.conversations_history(channel="C0HELP")["messages"]
    assert [(row["text"], "blocks" in row) for row in rows] == [("two", False)]
    client.chat_delete(channel="C0HELP", ts=posted["ts"])
    assert client.conversations_history(channel="C0HELP")["messages"] == []
    assert error_of(client.chat_update, channel="C0HELP", ts=posted["ts"], text="x")["error"] == "message_not_found"


def test_a_user_id_opens_the_dm(client: WebClient) -> None:
    assert client.chat_postMessage(channel="U0TOM", text="psst")["channel"] == "D0TOM"
    assert client.chat_postMessage(channel="#help", text="all")["channel"] == "C0HELP"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": "C0HELP"}, "no_text"),
        ({"channel": "C0HELP", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0HELP", "text": "x", "blocks": [button("x" * 76)]}, "invalid_blocks"),
        ({"channel": "C0HELP", "text": "x", "blocks": [button(action_id="x" * 256)]}, "invalid_blocks"),
        ({"channel": "C0HELP", "text": "x", "blocks": [SECTION] * 51}, "invalid_blocks"),
        ({"channel": "C0HELP", "text": "x", "blocks": [{"type": "sectoin"}]}, "invalid_blocks"),
        ({"channel": "C0HELP", "text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"channel": "C0HELP", "text": "x", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"channel": "C0HELP", "markdown_text": "x", "text": "y"}, "markdown_text_conflict"),
        ({"channel": "C0HELP", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": "C0HELP", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
    ],
)
def test_refusals(client: WebClient, arguments: dict[str, Any], error: str) -> None:
    response = error_of(client.api_call, "chat.postMessage", json=arguments)
    assert response["error"] == error
    if error == "invalid_blocks":
        assert response["errors"]


def test_blocks_that_are_too_long_together(client: WebClient) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}
    response = error_of(client.chat_postMessage, channel="C0HELP", text="x", blocks=[long] * 5)
    assert response["error"] == "msg_blocks_too_long"


def test_only_ones_own_messages(client: WebClient, ws: Server) -> None:
    theirs = ws.do(lambda: ws.world.post(ws.world.state.channel("C0HELP"), "U0MIA", "mine"))
    assert error_of(client.chat_update, channel="C0HELP", ts=theirs["ts"], text="x")["error"] == "cant_update_message"
    assert error_of(client.chat_delete, channel="C0HELP", ts=theirs["ts"])["error"] == "cant_delete_message"


def test_not_in_channel(client: WebClient, ws: Server) -> None:
    ws.world.state.channel("C0HELP").members.remove("U0BOT")
    ws.world.state.channel("C0AGENTS").members.remove("U0BOT")
    assert error_of(client.chat_postMessage, channel="C0HELP", text="x")["error"] == "not_in_channel"
    assert error_of(client.chat_postMessage, channel="C0AGENTS", text="x")["error"] == "channel_not_found"


def test_ephemeral_is_seen_and_not_kept(client: WebClient) -> None:
    assert client.chat_postEphemeral(channel="C0HELP", user="U0MIA", text="psst")["message_ts"]
    assert client.conversations_history(channel="C0HELP")["messages"] == []
    refused = error_of(client.chat_postEphemeral, channel="C0AGENTS", user="U0MIA", text="psst")
    assert refused["error"] == "user_not_in_channel"


def test_threads_permalinks_and_tombstones(client: WebClient) -> None:
    root = client.chat_postMessage(channel="C0HELP", text="root")["ts"]
    reply = client.chat_postMessage(channel="C0HELP", text="reply", thread_ts=root)["ts"]
    deeper = client.chat_postMessage(channel="C0HELP", text="deeper", thread_ts=reply)
    assert deeper["message"]["thread_ts"] == root
    link = client.chat_getPermalink(channel="C0HELP", message_ts=reply)["permalink"]
    assert link.endswith(f"/archives/C0HELP/p{reply.replace('.', '')}?thread_ts={root}&cid=C0HELP")
    assert [row["text"] for row in client.conversations_replies(channel="C0HELP", ts=root)["messages"]] == [
        "root",
        "reply",
        "deeper",
    ]
    assert [row["text"] for row in client.conversations_history(channel="C0HELP")["messages"]] == ["root"]
    client.chat_delete(channel="C0HELP", ts=root)
    gone = client.conversations_replies(channel="C0HELP", ts=reply)["messages"][0]
    assert (gone["subtype"], gone["reply_count"]) == ("tombstone", 2)
    client.chat_delete(channel="C0HELP", ts=reply)
    assert client.conversations_history(channel="C0HELP")["messages"][0]["subtype"] == "tombstone"
    client.chat_delete(channel="C0HELP", ts=deeper["ts"])
    assert client.conversations_history(channel="C0HELP")["messages"] == []


def test_every_way_of_sending_arguments(ws: Server, client: WebClient) -> None:
    def send(body: bytes, kind: str) -> Any:
        headers = {"Authorization": f"Bearer {ws.bot_token}", "Content-Type": kind}
        request = urllib.request.Request(f"{ws.api_url}chat.postMessage", body, headers)
        return json.load(urllib.request.urlopen(request, timeout=5))

    assert send(b'{"channel": "C0HELP", "text": "json"}', "application/json; charset=utf-8")["ok"]
    form = b"channel=C0HELP&text=form&blocks=%5B%7B%22type%22%3A%22divider%22%7D%5D"
    assert send(form, "application/x-www-form-urlencoded")["message"]["blocks"][0]["type"] == "divider"
    assert send(b"", "application/json")["error"] == "channel_not_found"
    assert send(b"{", "application/json")["error"] == "invalid_json"
    assert send(b"[]", "application/json")["error"] == "json_not_object"
    assert client.api_call("api.test", json={"foo": "bar"})["args"] == {"foo": "bar"}
