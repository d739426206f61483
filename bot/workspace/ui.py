"""HTTP and WebSocket addresses of the workspace: the page's, the app's, and the guard before them."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from .errors import Refused, SlackError
from .files import measure
from .interactions import Interactions
from .methods import METHODS
from .people import People
from .state import Json
from .web_api import WebApi, bearer
from .world import World

PAGE = Path(__file__).parent / "page"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws:"


class Guard:
    """Answers only to loopback names and to pages that came from here, so that no foreign page can call."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
            origin = headers.get(b"origin", "")
            host = headers.get(b"host", "")
            if not is_loopback(host) or (origin and not same_origin(origin, host)):
                await self._refuse(scope, receive, send)
                return
        await self.app(scope, receive, send)

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).close(4403)
        else:
            await PlainTextResponse("only this machine's own page may call here", 403)(scope, receive, send)


def is_loopback(host: str) -> bool:
    return (urlsplit(f"//{host}").hostname or "") in LOOPBACK


def same_origin(origin: str, host: str) -> bool:
    return urlsplit(origin).netloc == host


class Site:
    """Every address, over one World."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.app_side = Interactions(world)
        self.people = People(world, self.app_side)

    def build(self) -> ASGIApp:
        routes: list[Any] = [
            Route("/api/{method}", WebApi(self.world, METHODS).serve, methods=["GET", "POST"]),
            WebSocketRoute("/link/", self.world.bot.serve),
            Route("/response/{name}", self.response, methods=["POST"]),
            Route("/upload/{file_id}", self.upload_step, methods=["POST"]),
            Route("/files-pri/{file_id}/{name}", self.private_file),
            WebSocketRoute("/ui/ws", self.live),
            Route("/ui/act", self.act, methods=["POST"]),
            Route("/ui/upload", self.upload, methods=["POST"]),
            Route("/ui/files/{file_id}/{name}", self.file),
            Route("/ui/pictures/{name}", self.picture),
            Route("/ui/faults", self.faults, methods=["GET", "POST"]),
            Route("/ui/users", self.new_user, methods=["POST"]),
            Route("/ui/disconnect", self.disconnect, methods=["POST"]),
            Route("/ui/health", self.health),
            Route("/archives/{rest:path}", self.page),
            Route("/", self.page),
        ]
        if PAGE.is_dir():
            routes.append(Mount("/page", StaticFiles(directory=PAGE)))
        return Guard(Starlette(routes=routes))

    # ---- the page

    async def page(self, request: Request) -> Response:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        if (PAGE / "index.html").is_file():
            return FileResponse(PAGE / "index.html", headers=headers)
        return HTMLResponse(
            "<!doctype html><title>Local workspace</title><p>The page is not installed.", headers=headers
        )

    async def live(self, socket: WebSocket) -> None:
        user = self.world.state.users.get(socket.query_params.get("user", ""))
        if user is None:
            await socket.close(4404)
            return
        await self.world.pages.serve(socket, user.id, self.people.snapshot(user))

    async def act(self, request: Request) -> Response:
        return JSONResponse(await self.people.act(await body_of(request)))

    async def upload(self, request: Request) -> Response:
        what = dict(request.query_params)
        user = self.world.state.users.get(what.get("user", ""))
        try:
            if user is None:
                raise Refused("user_not_found", "nobody of that name works here")
            return JSONResponse({"ok": True} | self.people.upload(user, what, await request.body()))
        except Refused as error:
            return JSONResponse({"ok": False, "error": error.code, "message": error.message})

    async def file(self, request: Request) -> Response:
        file = self.world.state.files.get(request.path_params["file_id"])
        contents = self.world.state.contents.get(request.path_params["file_id"])
        if file is None or contents is None:
            return PlainTextResponse("no such file", 404)
        shown = str(file["mimetype"]).startswith("image/") and "svg" not in file["mimetype"]
        headers = {"Content-Disposition": "inline" if shown else "attachment", "X-Content-Type-Options": "nosniff"}
        return Response(contents, media_type=file["mimetype"], headers=headers)

    async def picture(self, request: Request) -> Response:
        """One of those that the page offers to attach."""
        name = request.path_params["name"]
        if self.world.pictures is None or name not in self.people.pictures():
            return PlainTextResponse("no such picture", 404)
        return FileResponse(self.world.pictures / name, media_type="image/png")

    async def faults(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                self.world.faults.update(await body_of(request))
            except ValueError as error:
                return JSONResponse({"ok": False, "error": "invalid_faults", "message": str(error)})
        return JSONResponse({"ok": True} | self.world.faults.as_json())

    async def new_user(self, request: Request) -> Response:
        what = await body_of(request)
        name, role = str(what.get("name", "")).strip(), str(what.get("role") or "customer")
        if not name or role not in ("customer", "agent"):
            return JSONResponse(
                {"ok": False, "error": "invalid_user", "message": "expected a name, and customer or agent"}
            )
        user = self.world.state.add_user(
            name, role, str(what.get("team_id") or "T0LOCAL"), what.get("has_app") is not False
        )
        self.world.dirty = True
        self.world.pages.everybody({"type": "user", "user": self.people.person(user)})
        dm = self.world.state.im_of(user.id).id
        return JSONResponse({"ok": True, "user": self.people.person(user), "dm": dm})

    async def disconnect(self, request: Request) -> Response:
        self.world.bot.refresh()
        return JSONResponse({"ok": True, "connections": len(self.world.bot.connections)})

    async def health(self, request: Request) -> Response:
        return JSONResponse({"ok": True, "connected": self.world.connected, "team": "T0LOCAL"})

    # ---- the app

    async def response(self, request: Request) -> Response:
        """A response_url: `ok`, or the error as Slack words it."""
        try:
            target = self.world.triggers.use(request.path_params["name"])
            channel = self.world.state.channel(target.channel)
            body = await body_of(request)
            self.app_side.respond(target.user, channel, body, target.original, target.thread_ts)
        except SlackError as error:
            status = 404 if error.code.endswith("_url") else 400
            return JSONResponse({"ok": False, "error": error.code} | error.extra, status)
        return PlainTextResponse("ok")

    async def upload_step(self, request: Request) -> Response:
        file_id = request.path_params["file_id"]
        file = self.world.state.files.get(file_id)
        if file is None or file_id in self.world.state.contents:
            return PlainTextResponse("no such upload", 404)
        contents = await request.body()
        if len(contents) != file["size"]:
            return PlainTextResponse("expected as many bytes as files.getUploadURLExternal was told", 400)
        self.world.state.contents[file_id] = contents
        measure(file, contents)
        return PlainTextResponse(f"OK - {len(contents)}")

    async def private_file(self, request: Request) -> Response:
        if bearer(request) != self.world.state.bot_token:
            return PlainTextResponse("not authed", 403)
        return await self.file(request)


async def body_of(request: Request) -> Json:
    """A JSON object, or the empty one."""
    try:
        data = json.loads(await request.body() or b"{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
