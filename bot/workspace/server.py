"""The local workspace as a running server, in a thread of its own."""

import asyncio
import concurrent.futures
import contextlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import uvicorn

from .faults import Faults
from .http_mode import HttpMode
from .manifest import read_manifest
from .store import Store
from .ui import Site
from .world import World

T = TypeVar("T")
HOST = "127.0.0.1"
TRIES = 20
SAVE_SECONDS = 0.5


class PortTaken(Exception):
    """None of the ports was free."""


def listen(port: int) -> socket.socket:
    """A bound socket on loopback: the port asked for, or the next free one (0: any)."""
    for candidate in range(port, port + TRIES + 1) if port else [0]:
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, candidate))
            # Another process's socket, bound but not yet listening, shows only here.
            bound.listen(128)
            return bound
        except OSError:
            bound.close()
    raise PortTaken(f"expected a free port from {port} to {port + TRIES}, found none: say --port N")


class Server:
    """`with Server(port=0) as ws:` gives `ws.url`, `ws.api_url`, `ws.bot_token`, `ws.app_token`, `ws.faults`.

    manifest: the app's manifest.json (none: everything is allowed). data: the folder that outlives a restart.
    request_url, signing_secret: deliver by signed HTTP to this address, and not by Socket Mode.
    pictures: a folder of PNG files that the page offers to attach, for those who have none at hand.
    """

    def __init__(
        self,
        port: int = 0,
        manifest: Path | None = None,
        data: Path | None = None,
        request_url: str = "",
        signing_secret: str = "",
        pictures: Path | None = None,
    ) -> None:
        self.faults = Faults()
        self._store = Store(data)
        self._socket = listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self.api_url = f"{self.url}/api/"
        app = read_manifest(manifest)
        self.world = World(self._store.load(app.name), app, self.faults, self.url)
        if request_url:
            self.world.http = HttpMode(request_url, signing_secret)
        self.world.pictures = pictures
        self.bot_token, self.app_token = self.world.state.bot_token, self.world.state.app_token
        # Slack's clients ping by themselves; our own pings would only hide a client that does not.
        config: dict[str, Any] = {
            "log_level": "warning",
            "access_log": False,
            "lifespan": "off",
            "ws_ping_interval": None,
        }
        config |= {"ws": "websockets-sansio", "timeout_graceful_shutdown": 1}
        self._server = uvicorn.Server(uvicorn.Config(Site(self.world).build(), **config))
        self._thread = threading.Thread(target=self._run, name="workspace", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        saving = asyncio.create_task(self._save())
        await self._server.serve(sockets=[self._socket])
        saving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await saving
        self._store.save(self.world.state)

    async def _save(self) -> None:
        """Half a second after a change, so that a burst is written once; a long history is written less often."""
        pause = SAVE_SECONDS
        while True:
            await asyncio.sleep(pause)
            if self.world.dirty:
                self.world.dirty = False
                began = time.monotonic()
                packed = self._store.pack(self.world.state)
                pause = max(SAVE_SECONDS, 50 * (time.monotonic() - began))
                await asyncio.to_thread(self._store.save, self.world.state, packed)

    def start(self) -> "Server":
        """Returns once the server answers; raises RuntimeError after ten seconds."""
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > until or not self._thread.is_alive():
                raise RuntimeError("the local workspace did not start")
            time.sleep(0.01)
        return self

    def do(self, work: Callable[[], T]) -> T:
        """Run something on the server's loop, where all of its state lives, and give back what it gives."""
        done: concurrent.futures.Future[T] = concurrent.futures.Future()

        def run() -> None:
            try:
                done.set_result(work())
            except BaseException as error:
                done.set_exception(error)

        assert self._loop is not None, "start the server first"
        self._loop.call_soon_threadsafe(run)
        return done.result(10)

    def stop(self) -> None:
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._close)
        self._thread.join(5)

    def _close(self) -> None:
        self.world.bot.close()
        if self.world.http:
            self.world.http.close()
        self.world.pages.close()
        self._server.should_exit = True

    def wait(self) -> None:
        """Until the thread ends or somebody presses Ctrl-C."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
