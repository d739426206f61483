"""A person's hands for tests and benchmarks: everything the page can do, in plain calls, over the page's own API."""

import json
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Protocol

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

Json = dict[str, Any]
SECONDS = 10.0


class HasUrl(Protocol):
    url: str


class HandsError(AssertionError):
    """The workspace refused, or what was waited for did not come."""


class Hands:
    """`Hands(ws, "U0MIA")`: ws is a Server or its address. Use as a context manager, or call close().

    Messages come back as Slack's message objects with "channel" added. Everything waits at most ten seconds.
    """

    def __init__(self, ws: HasUrl | str, user: str = "U0MIA") -> None:
        self.url = ws if isinstance(ws, str) else ws.url
        self.user = user
        self._new = threading.Condition()
        self._messages: dict[tuple[str, str], Json] = {}
        self._ephemerals: list[Json] = []
        self.views: list[Json] = []
        self.home_view: Json | None = None
        self.errors: Json = {}
        """block_id -> text of the last refused submission"""
        self.events: list[Json] = []
        """Every event so far, oldest first, each with "at" (time.monotonic of its arrival)."""
        self.channels: dict[str, Json] = {}
        address = self.url.replace("http", "ws", 1)
        self._opened = ExitStack()
        self._socket = self._opened.enter_context(
            connect(f"{address}/ui/ws?user={user}", max_size=None, open_timeout=SECONDS, proxy=None)
        )
        self._take(json.loads(self._socket.recv(SECONDS)))
        self._thread = threading.Thread(target=self._listen, name=f"hands-{user}", daemon=True)
        self._thread.start()

    def __enter__(self) -> "Hands":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._opened.close()
        self._thread.join(2)

    @property
    def dm(self) -> str:
        """The id of this person's direct messages with the bot."""
        return next(str(channel["id"]) for channel in self.channels.values() if channel["kind"] == "im")

    # ---- doing

    def act(self, do: str, **what: Any) -> Json:
        """One action of the page. Raises HandsError with the workspace's sentence when it is refused."""
        answer = self.try_act(do, **what)
        if not answer["ok"]:
            raise HandsError(f"{do}: {answer['error']}: {answer.get('message', '')}")
        return answer

    def try_act(self, do: str, **what: Any) -> Json:
        """The same, but gives back a refusal."""
        body = {"user": self.user, "do": do} | {key: value for key, value in what.items() if value is not None}
        request = urllib.request.Request(
            f"{self.url}/ui/act", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as response:
            answer: Json = json.load(response)
        return answer

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Returns the ts."""
        return str(self.act("say", channel=channel, text=text, thread_ts=thread_ts)["ts"])

    def edit(self, channel: str, ts: str, text: str) -> None:
        self.act("edit", channel=channel, ts=ts, text=text)

    def delete(self, channel: str, ts: str) -> None:
        self.act("delete", channel=channel, ts=ts)

    def react(self, channel: str, ts: str, name: str) -> None:
        self.act("react", channel=channel, ts=ts, name=name)

    def click(self, target: Json, action_id: str, value: Any = None, block_id: str | None = None, **more: Any) -> None:
        """target: a message (also an ephemeral one) or a view (also the Home)."""
        place = {"view_id": target["id"]} if "ts" not in target else {"channel": target["channel"], "ts": target["ts"]}
        self.act("click", action_id=action_id, block_id=block_id, value=value, **place, **more)

    def options(self, target: Json, action_id: str, query: str = "") -> list[Json]:
        """What an external select offers."""
        place = {"view_id": target["id"]} if "ts" not in target else {"channel": target["channel"], "ts": target["ts"]}
        answer = self.act("options", action_id=action_id, query=query, **place)
        return list(answer["options"]) or [one for group in answer["option_groups"] for one in group["options"]]

    def command(self, text: str, channel: str | None = None) -> None:
        """`/support status`, as typed."""
        name, _, rest = text.partition(" ")
        self.act("command", channel=channel or self.dm, command=name, text=rest)

    def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> None:
        self.act("shortcut", callback_id=callback_id, channel=channel, ts=ts)

    def submit(self, view: Json, values: Json | None = None) -> Json:
        """values: block_id -> {action_id: value}, or block_id -> value where the block has one element."""
        given = {
            name: value if isinstance(value, dict) else self._sole(view, name, value)
            for name, value in (values or {}).items()
        }
        seen = len(self.events)
        answer = self.act("submit", view_id=view["id"], values=given)
        # The page hears of it on another connection, perhaps a moment later than this answer.
        kind = {"errors": "view_errors", "update": "view_update", "push": "view_open"}.get(
            answer["action"], "view_close"
        )
        self.wait(lambda: any(event["type"] == kind for event in self.events[seen:]), SECONDS, kind)
        return answer

    @staticmethod
    def _sole(view: Json, block_id: str, value: Any) -> Json:
        block = next((one for one in view["blocks"] if one["block_id"] == block_id), None)
        if block is None:
            raise HandsError(f"expected a block {block_id!r}, found {[one['block_id'] for one in view['blocks']]}")
        element = block.get("element") or block.get("accessory") or block["elements"][0]
        return {element["action_id"]: value}

    def close_view(self, view: Json) -> None:
        self.act("close", view_id=view["id"])

    def home(self, timeout: float = SECONDS) -> Json:
        """Open the Home tab and wait until the app has published something new."""
        before = (self.home_view or {}).get("hash")
        self.act("home")
        self.wait(lambda: self.home_view is not None and self.home_view["hash"] != before, timeout, "a Home view")
        assert self.home_view is not None
        return self.home_view

    def upload(
        self, channel: str, name: str, contents: bytes, text: str = "", thread_ts: str = "", said: str = ""
    ) -> str:
        """said: makes it a voice clip with these words in it."""
        what = {"user": self.user, "channel": channel, "name": name, "text": text, "thread_ts": thread_ts, "said": said}
        query = urllib.parse.urlencode(what)
        request = urllib.request.Request(f"{self.url}/ui/upload?{query}", contents, {"Content-Type": "image/png"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as response:
            answer = json.load(response)
        if not answer["ok"]:
            raise HandsError(f"upload: {answer['error']}: {answer.get('message', '')}")
        return str(answer["ts"])

    # ---- seeing

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """What stands there now, oldest first; with thread_ts the root and its replies."""
        with self._new:
            found = sorted((one for key, one in self._messages.items() if key[0] == channel), key=lambda one: one["ts"])
        if thread_ts is None:
            return found
        return [one for one in found if thread_ts in (one["ts"], one.get("thread_ts"))]

    def ephemerals(self, channel: str | None = None) -> list[Json]:
        with self._new:
            return [one for one in self._ephemerals if channel in (None, one["channel"])]

    def wait(self, condition: Callable[[], Any], timeout: float = SECONDS, what: str = "it") -> Any:
        """Until the condition gives something true; gives that back."""
        until = time.monotonic() + timeout
        with self._new:
            while not (found := condition()):
                left = until - time.monotonic()
                if left <= 0:
                    raise HandsError(f"waited {timeout} s for {what}; last events: {self._tail()}")
                self._new.wait(left)
        return found

    def _tail(self) -> str:
        shown = [{key: value for key, value in event.items() if key != "at"} for event in self.events[-5:]]
        return json.dumps(shown)[:3000]

    def wait_message(self, predicate: Callable[[Json], Any], timeout: float = SECONDS) -> Json:
        """The first message anywhere (ephemeral ones too) that fits, oldest first; those already there count."""

        def found() -> Json | None:
            rows = [*sorted(self._messages.values(), key=lambda one: one["ts"]), *self._ephemerals]
            return next((one for one in rows if predicate(one)), None)

        return dict(self.wait(found, timeout, "a message"))

    def wait_reply(self, channel: str, ts: str, timeout: float = SECONDS, done: bool = True) -> Json:
        """The bot's first reply in the thread of ts; with done, once it no longer streams."""
        return self.wait_message(
            lambda one: (
                one["channel"] == channel
                and one.get("thread_ts") == ts
                and one["ts"] != ts
                and "bot_id" in one
                and not one.get("ephemeral")
                and not (done and one.get("streaming"))
            ),
            timeout,
        )

    def wait_view(self, timeout: float = SECONDS, callback_id: str | None = None) -> Json:
        """The modal on top, once there is one (with that callback id)."""

        def found() -> Json | None:
            top = self.views[-1] if self.views else None
            return top if top and callback_id in (None, top["callback_id"]) else None

        return dict(self.wait(found, timeout, "a modal"))

    # ---- hearing

    def _listen(self) -> None:
        try:
            for frame in self._socket:
                self._take(json.loads(frame))
        except ConnectionClosed:
            return

    def _take(self, event: Json) -> None:
        with self._new:
            event["at"] = time.monotonic()
            if event["type"] != "snapshot":
                self.events.append(event)
            handler = getattr(self, f"_on_{event['type']}", None)
            if handler is not None:
                handler(event)
            self._new.notify_all()

    def _on_snapshot(self, event: Json) -> None:
        self.channels = {channel["id"]: channel for channel in event["channels"]}
        for channel, rows in event["messages"].items():
            for row in rows:
                self._messages[channel, row["ts"]] = row | {"channel": channel}
        self._ephemerals = [row for rows in event["ephemerals"].values() for row in rows]
        self.views, self.home_view = list(event["views"]), event["home"]

    def _on_message(self, event: Json) -> None:
        message = event["message"]
        self._messages[event["channel"], message["ts"]] = message | {"channel": event["channel"]}

    _on_message_changed = _on_message

    def _on_message_deleted(self, event: Json) -> None:
        self._messages.pop((event["channel"], event["ts"]), None)

    def _on_ephemeral(self, event: Json) -> None:
        self._ephemerals.append(event["message"] | {"channel": event["channel"]})

    def _on_ephemeral_deleted(self, event: Json) -> None:
        self._ephemerals = [one for one in self._ephemerals if one["ts"] != event["ts"]]

    def _on_channel(self, event: Json) -> None:
        self.channels[event["channel"]["id"]] = event["channel"]

    def _on_view_open(self, event: Json) -> None:
        self.views.append(event["view"])

    def _on_view_update(self, event: Json) -> None:
        self.views = [event["view"] if one["id"] == event["view"]["id"] else one for one in self.views]

    def _on_view_close(self, event: Json) -> None:
        ids = [one["id"] for one in self.views]
        if event["view_id"] in ids:
            del self.views[ids.index(event["view_id"]) :]

    def _on_view_errors(self, event: Json) -> None:
        self.errors = event["errors"]

    def _on_home(self, event: Json) -> None:
        self.home_view = event["view"]
