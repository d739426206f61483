"""Streaming as slack_sdk's own helper sends it."""

from slack_sdk import WebClient

from bot.workspace.hands import Hands
from bot.workspace.server import Server

from .test_methods_chat import error_of


def test_a_stream_grows_and_ends(ws: Server, client: WebClient) -> None:
    with Hands(ws, "U0MIA") as mia:
        root = mia.say(mia.dm, "tell me")
        stream = client.chat_stream(channel=mia.dm, thread_ts=root, buffer_size=5)
        stream.append(markdown_text="**One** ")
        reply = mia.wait_reply(mia.dm, root, done=False)
        assert (reply["text"], reply["streaming"]) == ("**One** ", True)
        stream.append(markdown_text="and two ")
        block = {"type": "context_actions", "elements": [feedback()]}
        stream.stop(markdown_text="and three", blocks=[block])
        done = mia.wait_reply(mia.dm, root)
        assert done["text"] == "**One** and two and three"
        assert done["blocks"][0] | {"block_id": ""} == {"type": "markdown", "text": done["text"], "block_id": ""}
        assert done["blocks"][1]["elements"][0]["action_id"] == "rate"
        assert "streaming" not in done
        late = error_of(client.chat_appendStream, channel=mia.dm, ts=done["ts"], markdown_text="x")
        assert late["error"] == "message_not_in_streaming_state"
        kinds = [event["message"]["text"] for event in mia.events if event["type"] == "message_changed"]
        assert "**One** and two " in kinds


def feedback() -> dict[str, object]:
    def one(text: str, value: str) -> dict[str, object]:
        return {"text": {"type": "plain_text", "text": text}, "value": value}

    return {
        "type": "feedback_buttons",
        "action_id": "rate",
        "positive_button": one("Good", "good"),
        "negative_button": one("Bad", "bad"),
    }


def test_channels_want_the_recipient(ws: Server, client: WebClient) -> None:
    root = ws.do(lambda: ws.world.post(ws.world.state.channel("C0HELP"), "U0MIA", "hi"))["ts"]
    place = {"channel": "C0HELP", "thread_ts": root}
    assert error_of(client.chat_startStream, **place)["error"] == "missing_recipient_user_id"
    assert error_of(client.chat_startStream, **place, recipient_user_id="U0MIA")["error"] == "missing_recipient_team_id"
    started = client.chat_startStream(**place, recipient_user_id="U0MIA", recipient_team_id="T0LOCAL")
    assert error_of(client.chat_update, channel="C0HELP", ts=started["ts"], text="x")["error"] == (
        "streaming_state_conflict"
    )
    client.chat_stopStream(channel="C0HELP", ts=started["ts"], markdown_text="done")
