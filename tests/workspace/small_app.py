"""A small Bolt app that uses a little of everything, for the tests of the page."""

import re
import time
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

PAUSE = 0.25
INTENTS = ("delivery_status", "refund_status", "return_item", "warranty")


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": plain("Good answer"), "value": "good"},
            "negative_button": {"text": plain("Bad answer"), "value": "bad"},
        }
    ],
}
SELECT = {"type": "external_select", "action_id": "intent", "min_query_length": 0, "placeholder": plain("Choose")}


def modal(
    title: str = "Correct this answer", said: str = "&gt; where is my parcel??", name: str = "relabel"
) -> dict[str, Any]:
    better = {"type": "plain_text_input", "action_id": "better", "multiline": True}
    blocks: list[dict[str, Any]] = [
        section(said),
        {"type": "input", "block_id": "intent", "label": plain("What did the customer want?"), "element": SELECT},
        {"type": "input", "block_id": "better", "optional": True, "label": plain("A better answer"), "element": better},
        actions(button("More…", "push"), button("Change…", "change")),
    ]
    return {
        "type": "modal",
        "callback_id": name,
        "title": plain(title),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def small_app(client: WebClient) -> App:
    app = App(client=client)
    _talk(app)
    _modals(app)

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab") != "home":
            return
        ask = {
            "title": plain("Really?"),
            "text": plain("It is read aloud."),
            "confirm": plain("Go on"),
            "deny": plain("No"),
        }
        blocks = [section("I am a *bot*."), actions(button("Topic", "topic", confirm=ask))]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.action("topic")
    def topic(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        user = body["user"]["id"]
        client.chat_postMessage(channel=user, text=f"You pressed topic from {user}")

    @app.command("/support")
    def support(ack: Any, command: dict[str, Any], respond: Any, client: WebClient) -> None:
        ack()
        if command["text"].startswith("window "):
            words = section(f"It is <{command['text'].removeprefix('window ')}|there>.")
            view = {"type": "modal", "title": plain("Done"), "close": plain("Close"), "blocks": [words]}
            client.views_open(trigger_id=command["trigger_id"], view=view)
            return
        if command["text"] == "config":
            client.views_open(trigger_id=command["trigger_id"], view=modal("Modes", name="config"))
            return
        if command["text"] == "modal":
            client.views_open(trigger_id=command["trigger_id"], view=modal())
        else:
            respond(f"You said: {command['text']}")

    return app


def _talk(app: App) -> None:
    @app.event("message")
    def answer(event: dict[str, Any], client: WebClient) -> None:
        if event.get("subtype") or event.get("bot_id"):
            return
        root = event.get("thread_ts") or event["ts"]
        client.assistant_threads_setStatus(channel_id=event["channel"], thread_ts=root, status="is thinking...")
        time.sleep(PAUSE)
        facts = {"turn_id": 3, "intent": "delivery_status", "confidence": 0.94, "route": "ANSWER"}
        client.chat_postMessage(
            channel=event["channel"],
            thread_ts=root,
            text="It takes 2-4 working days.",
            blocks=[section("It takes *2-4 working days*."), FEEDBACK, actions(button("Talk to a person", "person"))],
            metadata={"event_type": "turn", "event_payload": facts},
        )

    @app.action("feedback")
    def feedback(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        message, user = body["message"], body["user"]["id"]
        said = f"Thank you, {body['actions'][0]['value']}."
        client.chat_postEphemeral(channel=body["channel"]["id"], user=user, thread_ts=message["thread_ts"], text=said)

    @app.action(re.compile("^card_"))
    def pressed(ack: Any) -> None:
        ack()

    @app.action("person")
    def person(ack: Any, client: WebClient) -> None:
        ack()
        card = [section("*A person is wanted*"), actions(button("Correct label", "correct"))]
        client.chat_postMessage(channel="C0AGENTS", text="A person is wanted", blocks=card)


def _modals(app: App) -> None:
    def opened(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    app.action("correct")(opened)
    app.shortcut("relabel_message")(opened)

    @app.action("push")
    def push(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=modal("On top"))

    @app.action("change")
    def change(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_update(view_id=body["view"]["id"], view=modal(said="changed"))

    @app.options("intent")
    def options(ack: Any, payload: dict[str, Any]) -> None:
        found = [name for name in INTENTS if payload.get("value", "") in name]
        ack(options=[{"text": plain(name), "value": name} for name in found])

    @app.view("config")
    def configure(ack: Any) -> None:
        ack()

    @app.view("relabel")
    def save(ack: Any, view: dict[str, Any], client: WebClient) -> None:
        values = view["state"]["values"]
        intent = values["intent"]["intent"]["selected_option"]["value"]
        if intent == "warranty":
            ack(response_action="errors", errors={"intent": "Not that one."})
            return
        ack()
        client.chat_postMessage(
            channel="C0AGENTS", text=f"{intent}: {values['better']['better']['value']}", mrkdwn=False
        )
