"""An empty Bolt bot: says back what it hears, in the thread. What bench.desk measures the real one against."""

import os
import threading
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient


def main() -> None:
    client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = App(client=client)

    @app.event("message")
    def message(event: dict[str, Any], say: Any) -> None:
        if not event.get("bot_id") and not event.get("subtype"):
            say(text=event["text"], thread_ts=event["ts"])

    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).connect()  # type: ignore[no-untyped-call]
    threading.Event().wait()


if __name__ == "__main__":
    main()
