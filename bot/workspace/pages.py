"""The open browser pages (and test hands): who is to hear of what."""

import asyncio
from collections.abc import Iterable

from starlette.websockets import WebSocket, WebSocketDisconnect

from .state import Json


class Pages:
    """A queue for every open page; an event goes to the pages of those it concerns."""

    def __init__(self) -> None:
        self._open: set[tuple[str, asyncio.Queue[Json | None]]] = set()

    def tell(self, users: Iterable[str], event: Json) -> None:
        wanted = set(users)
        for user, queue in self._open:
            if user in wanted:
                queue.put_nowait(event)

    def everybody(self, event: Json) -> None:
        for _, queue in self._open:
            queue.put_nowait(event)

    async def serve(self, socket: WebSocket, user: str, snapshot: Json) -> None:
        """Send the snapshot and then whatever happens, until the page goes."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        entry = (user, queue)
        queue.put_nowait(snapshot)
        self._open.add(entry)
        await socket.accept()
        writer = asyncio.create_task(self._write(socket, queue))
        try:
            while True:
                await socket.receive_text()
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._open.discard(entry)
            writer.cancel()

    @staticmethod
    async def _write(socket: WebSocket, queue: "asyncio.Queue[Json | None]") -> None:
        while (event := await queue.get()) is not None:
            await socket.send_json(event)
        await socket.close()

    def close(self) -> None:
        for _, queue in self._open:
            queue.put_nowait(None)
