"""A whole conversation: real Bolt, real slack_sdk, real sockets, a person's hands on the other side."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.workspace.hands import Hands, HandsError
from bot.workspace.server import Server

from .conftest import bolt

Json = dict[str, Any]
JUDGES = Path(__file__).parents[1] / "judges"
Connect = Callable[[App], SocketModeHandler]
People = Callable[[str], Hands]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def form(size: str = "") -> Json:
    element: Json = {"type": "plain_text_input", "action_id": "size"}
    return {
        "type": "modal",
        "callback_id": "order",
        "title": plain("Order"),
        "submit": plain("Send"),
        "private_metadata": size,
        "blocks": [{"type": "input", "block_id": "size", "label": plain("Size"), "element": element}],
    }


def shop(client: WebClient, app: App | None = None) -> App:
    """Answers in a thread with a button; the button opens a form; the form updates the answer."""
    app = app or bolt(client)

    @app.event("message")
    def answer(event: Json, say: Any) -> None:
        if event.get("subtype") is None:
            button = {"type": "button", "action_id": "order", "text": plain("Order"), "value": "shoes"}
            blocks = [
                {"type": "section", "text": {"type": "mrkdwn", "text": "Shoes?"}},
                {"type": "actions", "block_id": "buttons", "elements": [button]},
            ]
            say(text=f"You said: {event['text']}", blocks=blocks, thread_ts=event["ts"])

    @app.action("order")
    def open_form(ack: Any, body: Json, action: Json) -> None:
        ack()
        place = f"{body['channel']['id']} {body['container']['message_ts']} {action['value']}"
        client.views_open(trigger_id=body["trigger_id"], view=form(place))

    @app.view("order")
    def take(ack: Any, view: Json) -> None:
        size = view["state"]["values"]["size"]["size"]["value"]
        if not size.isdigit():
            ack(response_action="errors", errors={"size": "A number, please"})
            return
        ack()
        channel, ts, what = view["private_metadata"].split()
        client.chat_update(channel=channel, ts=ts, text=f"Ordered {what} in {size}")

    @app.command("/ask")
    def ask(ack: Any, command: Json, respond: Any) -> None:
        ack("looking")
        respond(f"no {command['text']}")

    @app.shortcut("correct_answer")
    def correct(ack: Any, shortcut: Json, client: WebClient) -> None:
        ack()
        client.reactions_add(channel=shortcut["channel"]["id"], timestamp=shortcut["message_ts"], name="eyes")

    return app


def order(mia: Hands) -> None:
    """Say, click, fill in wrongly, fill in rightly, see the answer change."""
    said = mia.say(mia.dm, "shoes & <socks>")
    reply = mia.wait_reply(mia.dm, said)
    assert reply["text"] == "You said: shoes &amp; &lt;socks&gt;"

    mia.click(reply, "order")
    view = mia.wait_view(callback_id="order")
    assert mia.submit(view)["action"] == "errors"
    assert mia.errors == {"size": "Please complete this required field."}
    assert mia.submit(view, {"size": "large"})["errors"] == {"size": "A number, please"}
    assert mia.views
    assert mia.submit(view, {"size": "42"})["action"] == "close"
    assert not mia.views
    done = mia.wait_message(lambda one: one["ts"] == reply["ts"] and "edited" in one)
    assert done["text"] == "Ordered shoes in 42"
    assert "blocks" not in done
    assert mia.messages(mia.dm, said)[0]["reply_count"] == 1


def command_and_shortcut(tom: Hands, mia: Hands) -> None:
    """One of them uses a command and a shortcut; the other sees only what is hers to see."""
    tom.command("/ask socks", "C0HELP")
    # Acknowledgement and answer travel on two connections: either may be first.
    tom.wait(lambda: sorted(one["text"] for one in tom.ephemerals("C0HELP")) == ["looking", "no socks"])
    assert not mia.ephemerals()

    ts = tom.say("C0HELP", "@understudy hello")
    tom.shortcut("correct_answer", "C0HELP", ts)
    mia.wait_message(lambda one: one["ts"] == ts and one.get("reactions", [{}])[0].get("users") == ["U0BOT"])
    assert mia.messages("C0HELP")[0]["text"] == "<@U0BOT> hello"


def test_python(ws: Server, client: WebClient, hands: People, connected: Connect) -> None:
    connected(shop(client))
    order(hands("U0MIA"))
    command_and_shortcut(hands("U0TOM"), hands("U0MIA"))


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: the Node judge did not sit")
@pytest.mark.skipif(not (JUDGES / "node_modules").is_dir(), reason="run `make judges` first: it brings @slack/bolt")
def test_node(ws: Server, hands: People) -> None:
    """The same conversation with Slack's own Node framework."""
    settings = {"SLACK_BOT_TOKEN": ws.bot_token, "SLACK_APP_TOKEN": ws.app_token, "SLACK_API_URL": ws.api_url}
    pipes: Json = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(["node", "bolt.mjs"], cwd=JUDGES, env=os.environ | settings, **pipes) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            order(hands("U0MIA"))
            command_and_shortcut(hands("U0TOM"), hands("U0MIA"))
        finally:
            process.kill()


def test_a_click_nobody_answers_is_said_so(ws: Server, client: WebClient, hands: People) -> None:
    ws.world.bot.ack_seconds = 0.2
    element = {"type": "button", "action_id": "lost", "text": plain("Lost")}
    client.chat_postMessage(channel="D0MIA", text="hi", blocks=[{"type": "actions", "elements": [element]}])
    mia = hands("U0MIA")
    message = mia.wait_message(lambda one: one["text"] == "hi")
    with pytest.raises(HandsError, match="operation_timeout"):
        mia.click(message, "lost")
    with pytest.raises(HandsError, match="no_such_action"):
        mia.click(message, "other")
