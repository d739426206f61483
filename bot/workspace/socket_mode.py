"""Socket Mode, Slack's end: tickets, envelopes, acknowledgements, redelivery."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from .faults import Faults
from .ids import fresh
from .state import APP_ID, Json

ACK_SECONDS = 3.0
RETRIES = 3
TICKET_SECONDS = 30.0
MOST_CONNECTIONS = 10
LOST_AFTER = 300.0
"""Events that found no connection for so long are given up, as Slack does after its last retry."""


class Unanswered(Exception):
    """Nobody acknowledged in time, or nobody was connected."""


@dataclass(eq=False)
class Connection:
    """One WebSocket of the bot. A queue of its own keeps the order and lets anybody send without waiting."""

    socket: WebSocket
    outbox: "asyncio.Queue[Json | None]" = field(default_factory=asyncio.Queue)
    waiting: set[str] = field(default_factory=set)
    """Envelopes sent here and not yet acknowledged."""

    async def write(self) -> None:
        while (frame := await self.outbox.get()) is not None:
            await self.socket.send_text(json.dumps(frame, ensure_ascii=False))
        await self.socket.close()


class SocketMode:
    """The bot's connections; each payload goes to one of them, in turn."""

    def __init__(self, faults: Faults, ack_seconds: float = ACK_SECONDS) -> None:
        self.faults = faults
        self.ack_seconds = ack_seconds
        self.connections: list[Connection] = []
        self.on_change: Callable[[], None] = lambda: None
        self._tickets: dict[str, float] = {}
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._arrived = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = 0
        self._sent = 0
        self._held: asyncio.Event | None = None

    def ticket(self) -> str:
        """Good for one connection, within half a minute."""
        now = time.monotonic()
        self._tickets = {name: until for name, until in self._tickets.items() if until > now}
        name = secrets.token_hex(16)
        self._tickets[name] = now + TICKET_SECONDS
        return name

    async def serve(self, socket: WebSocket) -> None:
        """One connection from handshake to end."""
        until = self._tickets.pop(socket.query_params.get("ticket", ""), 0.0)
        if until < time.monotonic():
            await socket.close(4401)
            return
        await socket.accept()
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        connection = Connection(socket)
        self.connections.append(connection)
        connection.outbox.put_nowait(self._hello())
        writer = asyncio.create_task(connection.write())
        self._arrived.set()
        self.on_change()
        try:
            await self._read(connection)
        finally:
            writer.cancel()
            self._gone(connection)

    async def _read(self, connection: Connection) -> None:
        try:
            while True:
                self._acknowledged(connection, await connection.socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            return

    def _acknowledged(self, connection: Connection, frame: str) -> None:
        try:
            answer = json.loads(frame)
            envelope = str(answer["envelope_id"])
        except (ValueError, KeyError, TypeError):
            return
        connection.waiting.discard(envelope)
        waiting = self._acks.pop(envelope, None)
        if waiting is not None and not waiting.done():
            payload = answer.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def _gone(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        if not self.connections:
            self._arrived.clear()
        for envelope in connection.waiting:
            waiting = self._acks.pop(envelope, None)
            if waiting is not None and not waiting.done():
                waiting.set_exception(Unanswered("the connection closed"))
        self.on_change()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP_ID},
        }

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Asks every connection to make a new one; the old ones end a moment later, as Slack's do."""
        for connection in list(self.connections):
            connection.outbox.put_nowait({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})
            asyncio.get_running_loop().call_later(2.0, connection.outbox.put_nowait, None)

    def _next(self) -> Connection | None:
        if not self.connections:
            return None
        self._turn += 1
        return self.connections[self._turn % len(self.connections)]

    async def _send(self, kind: str, payload: Json, attempt: int = 0) -> Json:
        """Send once and wait for the acknowledgement. Raises Unanswered."""
        connection = self._next()
        if connection is None:
            raise Unanswered("no bot is connected")
        envelope = secrets.token_hex(16)
        frame: dict[str, Any] = {"envelope_id": envelope, "payload": payload, "type": kind}
        frame["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            frame |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._acks[envelope] = answer
        connection.waiting.add(envelope)
        connection.outbox.put_nowait(frame)
        self._sent += 1
        if self.faults.drop_every and self._sent % self.faults.drop_every == 0:
            connection.outbox.put_nowait(None)
            self._gone(connection)
        try:
            return await asyncio.wait_for(answer, self.ack_seconds)
        except TimeoutError as error:
            self._acks.pop(envelope, None)
            connection.waiting.discard(envelope)
            raise Unanswered("no acknowledgement in time") from error

    async def ask(self, kind: str, payload: Json) -> Json:
        """A command or an interaction: sent once; what the bot acknowledged with. Raises Unanswered."""
        return await self._send(kind, payload)

    def event(self, payload: Json) -> None:
        """An event: delivered in the background, again where nobody acknowledges."""
        copies = [payload]
        for _ in range(self.faults.duplicates):
            copies.append(payload | {"event_id": fresh("Ev")})
        for copy in copies:
            task = asyncio.get_running_loop().create_task(self._deliver(copy))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, payload: Json) -> None:
        if self.faults.delay:
            await asyncio.sleep(self.faults.delay)
        if self.faults.out_of_order:
            await self._swap()
        for attempt in range(RETRIES + 1):
            try:
                await asyncio.wait_for(self._arrived.wait(), LOST_AFTER)
                await self._send("events_api", payload, attempt)
                return
            except Unanswered:
                continue
            except TimeoutError:
                return

    async def _swap(self) -> None:
        """Hold the first of two until the second has gone (or a moment has passed)."""
        if self._held is None:
            self._held = held = asyncio.Event()
            try:
                await asyncio.wait_for(held.wait(), 0.5)
                await asyncio.sleep(0.01)
            except TimeoutError:
                self._held = None
        else:
            held, self._held = self._held, None
            held.set()

    def close(self) -> None:
        for connection in list(self.connections):
            connection.outbox.put_nowait(None)
        for task in list(self._tasks):
            task.cancel()
